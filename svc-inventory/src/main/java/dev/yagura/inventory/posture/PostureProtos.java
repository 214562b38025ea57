package dev.yagura.inventory.posture;

import dev.yagura.common.ids.ResourceName;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.inventory.account.AccountFacts;
import dev.yagura.inventory.agent.AgentProtos;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.proto.inventory.v1.Misconfiguration;
import dev.yagura.proto.inventory.v1.Posture;
import dev.yagura.proto.inventory.v1.PostureItem;
import dev.yagura.proto.inventory.v1.ResponsibilitySide;
import org.jspecify.annotations.Nullable;

/** Postures and misconfigurations as messages. */
final class PostureProtos {
    private PostureProtos() {}

    static Posture message(PostureCatalog.Judged judged) {
        Posture.Builder message =
                message(judged.host())
                        .setVerdict(judged.decision().verdict())
                        .addAllReasons(judged.decision().reasons())
                        .setPolicy(judged.policy())
                        .setEvaluateTime(AgentProtos.timestamp(judged.time()));
        judged.results().forEach((check, result) -> message.addItems(item(check, result)));
        return message.build();
    }

    /** Whose posture it is. */
    static Posture.Builder message(Asset host) {
        return Posture.newBuilder()
                .setAsset(ResourceName.of("assets", host.id()))
                .setScope(host.scope())
                .setResourceType(host.resourceType())
                .setNativeId(host.nativeId())
                .setHostname(host.description().getHostname());
    }

    /** "assets/{uuid}" or "accounts/{id}". */
    static String subject(Posture posture) {
        return posture.getAsset().isEmpty() ? subject(posture.getNativeId()) : posture.getAsset();
    }

    /** Of an account. */
    static String subject(String accountId) {
        return "accounts/" + accountId;
    }

    /** Whether a posture is another one than before, apart from when it was observed. */
    static boolean isNews(@Nullable Posture before, Posture after) {
        return before == null || !timeless(before).equals(timeless(after));
    }

    private static Posture timeless(Posture posture) {
        Posture.Builder timeless = posture.toBuilder().clearEvaluateTime();
        timeless.getItemsBuilderList().forEach(PostureItem.Builder::clearObserveTime);
        return timeless.build();
    }

    private static PostureItem item(String check, CheckResult result) {
        PostureItem.Builder item =
                PostureItem.newBuilder()
                        .setCheck(check)
                        .setOutcome(result.outcome())
                        .setDetail(result.detail())
                        .setRemedy(result.remedy());
        if (result.observed() != null) {
            item.setObserveTime(AgentProtos.timestamp(result.observed()));
        }
        return item.build();
    }

    static Posture message(AccountPostures.Judged judged) {
        Posture.Builder message =
                message(judged.account())
                        .setVerdict(judged.decision().verdict())
                        .addAllReasons(judged.decision().reasons())
                        .setPolicy(judged.policy())
                        .setEvaluateTime(AgentProtos.timestamp(judged.account().now()));
        judged.results().forEach((check, result) -> message.addItems(item(check, result)));
        return message.build();
    }

    /** Whose posture it is. */
    static Posture.Builder message(AccountView account) {
        AccountFacts facts = account.facts();
        return Posture.newBuilder()
                .setScope(Scopes.of(facts.partition(), facts.accountId(), ""))
                .setResourceType(AccountFacts.TYPE)
                .setNativeId(facts.accountId());
    }

    static Misconfiguration message(MisconfigurationCheck.Found found) {
        MisconfigurationCheck.Subject subject = found.subject();
        Misconfiguration.Builder message =
                Misconfiguration.newBuilder()
                        .setCheck(found.check().id())
                        .setScope(subject.scope())
                        .setResourceType(subject.resourceType())
                        .setNativeId(subject.nativeId())
                        .setResourceName(subject.resourceName())
                        .setSeverity(found.check().severity())
                        .setDetail(found.bad().detail())
                        .setRemedy(found.bad().remedy())
                        .setResponsibility(ResponsibilitySide.RESPONSIBILITY_SIDE_CUSTOMER);
        if (subject.isAsset()) {
            message.setAsset(ResourceName.of("assets", subject.id()));
        }
        if (found.observed() != null) {
            message.setObserveTime(AgentProtos.timestamp(found.observed()));
        }
        return message.build();
    }
}
