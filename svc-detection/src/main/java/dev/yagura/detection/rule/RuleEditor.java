package dev.yagura.detection.rule;

import com.google.protobuf.Message;
import dev.yagura.common.error.AlreadyExistsException;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.PermissionDeniedException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.common.error.StaleEtagException;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.text.Texts;
import dev.yagura.proto.detection.v1.CreateRuleRequest;
import dev.yagura.proto.detection.v1.DeleteRuleRequest;
import dev.yagura.proto.detection.v1.UpdateRuleDeploymentRequest;
import dev.yagura.proto.detection.v1.UpdateRuleRequest;
import dev.yagura.sigma.pack.ContentHash;
import dev.yagura.sigma.pack.Rule;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What people decide about rules and their deployment. */
@ApplicationScoped
class RuleEditor {
    static final int MAX_REASON = 1024;

    private final RuleStore store;
    private final RuleCatalog catalog;
    private final RuleTexts texts;
    private final Clock clock;

    @Inject
    RuleEditor(RuleStore store, RuleCatalog catalog, RuleTexts texts, Clock clock) {
        this.store = store;
        this.catalog = catalog;
        this.texts = texts;
        this.clock = clock;
    }

    /** Adds a rule to the pack "custom". */
    BookedRule create(CreateRuleRequest request, Principal caller) {
        requireWholeInstallation(caller);
        DeploymentState state =
                RuleProtos.deploymentState("deployment_state", request.getDeploymentState())
                        .orElse(DeploymentState.SHADOW);
        Rule rule = RuleTexts.storable("text", texts.fresh("text", request.getText(), state));
        Instant now = now();
        CustomRule custom = new CustomRule(rule.id(), request.getText(), 1, now, now, caller.id());
        Deployment deployment = new Deployment(state, "", 1, now, caller.id());
        if (request.getValidateOnly()) {
            return new BookedRule(rule, deployment, List.of(), Optional.of(custom));
        }
        return catalog.get(
                store.change(
                        request(request.getRequestId(), request, caller),
                        edits -> {
                            String name = CustomPack.ruleName(rule.id());
                            if (edits.customRule(rule.id()).isPresent()) {
                                throw new AlreadyExistsException(
                                        name + " exists; update it, or give the rule a new id");
                            }
                            edits.put(custom);
                            edits.put(name, deployment);
                            return name;
                        }));
    }

    /** Replaces the text of a rule of the pack "custom". */
    BookedRule update(UpdateRuleRequest request, Principal caller) {
        requireWholeInstallation(caller);
        String name = RuleNames.rule("rule.name", request.getRule().getName());
        requireEtag("rule.etag", request.getRule().getEtag());
        if (request.getUpdateMask().getPathsList().stream()
                .anyMatch(path -> !path.equals("text"))) {
            throw new InvalidFieldException(
                    "update_mask",
                    "names a field that cannot be changed here",
                    "leave it out or send \"text\"; UpdateRuleDeployment changes the deployment");
        }
        String id = customId(name);
        BookedRule before = catalog.get(name);
        Rule rule =
                RuleTexts.storable(
                        "rule.text",
                        texts.changed("rule.text", request.getRule().getText(), before.rule()));
        if (!rule.id().equals(id)) {
            throw new InvalidFieldException(
                    "rule.text",
                    "has the id " + rule.id() + ", not that of the rule",
                    "keep the id, or create another rule");
        }
        if (request.getValidateOnly()) {
            return new BookedRule(rule, before.deployment(), before.exceptions(), before.custom());
        }
        return catalog.get(
                store.change(
                        request(request.getRequestId(), request, caller),
                        edits -> {
                            CustomRule last = stored(edits, name, id);
                            checkEtag(name, last.version(), request.getRule().getEtag());
                            edits.put(
                                    new CustomRule(
                                            id,
                                            request.getRule().getText(),
                                            last.version() + 1,
                                            last.createTime(),
                                            now(),
                                            caller.id()));
                            return name;
                        }));
    }

    /** Deletes a rule of the pack "custom" with all that belongs to it. */
    void delete(DeleteRuleRequest request, Principal caller) {
        requireWholeInstallation(caller);
        String name = RuleNames.rule("name", request.getName());
        requireEtag("etag", request.getEtag());
        String id = customId(name);
        store.change(
                request(request.getRequestId(), request, caller),
                edits -> {
                    checkEtag(name, stored(edits, name, id).version(), request.getEtag());
                    edits.deleteCustomRule(id);
                    return name;
                });
    }

    /** Decides what is done with a rule's matches. */
    BookedRule deploy(UpdateRuleDeploymentRequest request, Principal caller) {
        requireWholeInstallation(caller);
        var wanted = request.getDeployment();
        String name = RuleNames.ofDeployment("deployment.name", wanted.getName());
        requireEtag("deployment.etag", wanted.getEtag());
        DeploymentState state =
                RuleProtos.deploymentState("deployment.state", wanted.getState())
                        .orElseThrow(() ->
                                new InvalidFieldException(
                                        "deployment.state",
                                        "is absent",
                                        "send DISABLED, SHADOW or ALERTING"));
        String reason = Texts.optional("deployment.reason", wanted.getReason(), MAX_REASON);
        BookedRule rule = catalog.get(name);
        return catalog.get(
                store.change(
                        request(request.getRequestId(), request, caller),
                        edits -> {
                            rule.custom().ifPresent(custom -> stored(edits, name, custom.id()));
                            long version =
                                    edits.deployment(name).map(Deployment::version).orElse(0L);
                            checkEtag(name + "/deployment", version, wanted.getEtag());
                            edits.put(
                                    name,
                                    new Deployment(state, reason, version + 1, now(), caller.id()));
                            return name;
                        }));
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** Rules are of no account, so nobody changes them who may see some accounts only. */
    static void requireWholeInstallation(Principal caller) {
        if (!caller.seesEveryAccount()) {
            throw new PermissionDeniedException(
                    "rules are of the whole installation; use a token that is not bound to"
                            + " accounts");
        }
    }

    /**
     * For the store.
     *
     * @param asked the whole message; two with the same content ask for the same
     */
    RuleStore.Request request(String requestId, Message asked, Principal caller) {
        return new RuleStore.Request(
                requestId(requestId),
                ContentHash.of(
                        caller.id()
                                + '\n'
                                + asked.getDescriptorForType().getFullName()
                                + '\n'
                                + HexFormat.of().formatHex(asked.toByteArray())),
                now());
    }

    static UUID requestId(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidFieldException(
                    "request_id",
                    text.isEmpty() ? "is empty" : "is not a UUID",
                    "send a UUID made for this request, the same one when you retry it");
        }
    }

    private static CustomRule stored(RuleEdits edits, String name, String id) {
        return edits.customRule(id).orElseThrow(() -> new NotFoundException("rule", name));
    }

    /** The id of a rule that can be changed here. */
    private String customId(String name) {
        String prefix = CustomPack.ruleName("");
        if (name.startsWith(prefix)) {
            return name.substring(prefix.length());
        }
        throw new PreconditionFailedException(
                catalog.get(name).name(),
                "is not of the pack \""
                        + CustomPack.NAME
                        + "\": change the file, or import the pack again");
    }

    private static void requireEtag(String field, String etag) {
        if (etag.isEmpty()) {
            throw new InvalidFieldException(field, "is empty", "send the etag as you last read it");
        }
    }

    private static void checkEtag(String name, long version, String etag) {
        if (!Long.toString(version).equals(etag)) {
            throw new StaleEtagException(
                    name + " has changed since it was read; read it again, then retry");
        }
    }
}
