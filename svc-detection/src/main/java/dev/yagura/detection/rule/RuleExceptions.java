package dev.yagura.detection.rule;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.Ids;
import dev.yagura.common.text.Texts;
import dev.yagura.detection.alert.Nanos;
import dev.yagura.proto.detection.v1.CreateRuleExceptionRequest;
import dev.yagura.proto.detection.v1.DeleteRuleExceptionRequest;
import dev.yagura.proto.detection.v1.RuleException;
import dev.yagura.sigma.SigmaRule;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What people decide about matches of one rule. */
@ApplicationScoped
class RuleExceptions {
    private static final int MAX_TEXT_BYTES = 16 << 10;
    private static final int MAX_A_RULE = 100;

    /** Of the year 9999. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private static final int LAST_NANO = 999_999_999;

    private final RuleStore store;
    private final RuleCatalog catalog;
    private final RuleMappings mappings;
    private final RuleEditor editor;
    private final Ids ids;

    @Inject
    RuleExceptions(
            RuleStore store,
            RuleCatalog catalog,
            RuleMappings mappings,
            RuleEditor editor,
            Ids ids) {
        this.store = store;
        this.catalog = catalog;
        this.mappings = mappings;
        this.editor = editor;
        this.ids = ids;
    }

    /** Oldest first, expired ones included. */
    List<StoredException> list(String ruleName) {
        return store.exceptions(catalog.get(ruleName).name());
    }

    StoredException create(CreateRuleExceptionRequest request, Principal caller) {
        RuleEditor.requireWholeInstallation(caller);
        BookedRule rule = catalog.get(RuleNames.rule("parent", request.getParent()));
        StoredException made = made(rule, request.getException(), caller);
        if (request.getValidateOnly()) {
            return made;
        }
        String name =
                store.change(
                        editor.request(request.getRequestId(), request, caller),
                        edits -> {
                            if (rule.custom().isPresent()
                                    && edits.customRule(rule.rule().id()).isEmpty()) {
                                throw new NotFoundException("rule", rule.name());
                            }
                            if (edits.countExceptions(rule.name()) >= MAX_A_RULE) {
                                throw new PreconditionFailedException(
                                        rule.name(),
                                        "has "
                                                + MAX_A_RULE
                                                + " exceptions; delete expired ones, or change the"
                                                + " rule");
                            }
                            edits.insert(made);
                            return made.name();
                        });
        UUID id = RuleNames.exception("name", name).id();
        return store.exceptions(rule.name()).stream()
                .filter(exception -> exception.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new NotFoundException("exception", name));
    }

    void delete(DeleteRuleExceptionRequest request, Principal caller) {
        RuleEditor.requireWholeInstallation(caller);
        RuleNames.ExceptionName name = RuleNames.exception("name", request.getName());
        store.change(
                editor.request(request.getRequestId(), request, caller),
                edits -> {
                    if (!edits.hasException(name.rule(), name.id())) {
                        throw new NotFoundException("exception", request.getName());
                    }
                    edits.deleteException(name.id());
                    return request.getName();
                });
    }

    private StoredException made(BookedRule rule, RuleException asked, Principal caller) {
        Instant now = editor.now();
        checkText(rule, asked.getText());
        Optional<Instant> end =
                asked.hasExpireTime() ? Optional.of(end(asked, now)) : Optional.empty();
        return new StoredException(
                ids.v7(),
                rule.name(),
                asked.getText(),
                Texts.required("exception.reason", asked.getReason(), RuleEditor.MAX_REASON),
                caller.id(),
                now,
                end,
                0,
                Optional.empty());
    }

    private static Instant end(RuleException asked, Instant now) {
        long seconds = asked.getExpireTime().getSeconds();
        int nanos = asked.getExpireTime().getNanos();
        if (seconds < 0 || seconds > LAST_SECOND || nanos < 0 || nanos > LAST_NANO) {
            throw new InvalidFieldException(
                    "exception.expire_time", "is no time", "send one before the year 10000");
        }
        Instant end = Nanos.instant(asked.getExpireTime());
        if (!end.isAfter(now)) {
            throw new InvalidFieldException(
                    "exception.expire_time", "is past", "send a later time, or none");
        }
        return end;
    }

    private void checkText(BookedRule rule, String text) {
        if (text.isBlank()) {
            throw new InvalidFieldException(
                    "exception.text", "is empty", "send fields and values of the matches");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_TEXT_BYTES) {
            throw new InvalidFieldException(
                    "exception.text", "is longer than 16 KiB", "make several exceptions");
        }
        if (text.indexOf('\0') >= 0) {
            throw new InvalidFieldException(
                    "exception.text", "holds the character NUL", "send printable YAML");
        }
        SigmaRule sigma =
                rule.rule()
                        .sigma()
                        .orElseThrow(() ->
                                new PreconditionFailedException(
                                        rule.name(), "did not load, so it has no matches"));
        try {
            ExceptionText.parse(text, sigma.logSource(), mappings);
        } catch (ExceptionText.UnusableException e) {
            throw new InvalidFieldException(
                    "exception.text",
                    String.valueOf(e.getMessage()),
                    "send fields and values, or selections and a condition, as in a Sigma"
                            + " detection");
        }
    }
}
