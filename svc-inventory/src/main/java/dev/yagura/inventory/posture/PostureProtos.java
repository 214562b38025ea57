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

/** Postures and misconfigurations as messages. */
final class PostureProtos {
    private PostureProtos() {}

    static Posture message(PostureCatalog.Judged judged) {
        Asset host = judged.host();
        Posture.Builder message =
                Posture.newBuilder()
                        .setAsset(ResourceName.of("assets", host.id()))
                        .setScope(host.scope())
                        .setResourceType(host.resourceType())
                        .setNativeId(host.nativeId())
                        .setHostname(host.description().getHostname())
                        .setVerdict(judged.decision().verdict())
                        .addAllReasons(judged.decision().reasons())
                        .setPolicy(judged.policy())
                        .setEvaluateTime(AgentProtos.timestamp(judged.time()));
        judged.results().forEach((check, result) -> message.addItems(item(check, result)));
        return message.build();
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
        AccountView account = judged.account();
        Posture.Builder message =
                Posture.newBuilder()
                        .setScope(
                                Scopes.of(
                                        account.facts().partition(),
                                        account.facts().accountId(),
                                        ""))
                        .setResourceType(AccountFacts.TYPE)
                        .setNativeId(account.facts().accountId())
                        .setVerdict(judged.decision().verdict())
                        .addAllReasons(judged.decision().reasons())
                        .setPolicy(judged.policy())
                        .setEvaluateTime(AgentProtos.timestamp(account.now()));
        judged.results().forEach((check, result) -> message.addItems(item(check, result)));
        return message.build();
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
