package dev.yagura.response.block;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.response.aws.SavedTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.route53resolver.model.FirewallDomainUpdateOperation;
import software.amazon.awssdk.services.route53resolver.model.FirewallRuleGroupAssociation;

/** Writes down what blocking a domain would do, from a survey. */
final class DomainPlan {
    private static final String NEW_LIST = "(the new list)";
    private static final String NEW_GROUP = "(the new rule group)";
    private static final String NEW_ASSOCIATION = "(the new association)";
    private static final String NONE = "none";

    private DomainPlan() {}

    static Plan of(
            BlockCloud cloud,
            DomainSurvey survey,
            ActionTarget target,
            BlockConfig config,
            String token,
            Instant now) {
        return Plan.newBuilder()
                .setCreateTime(SavedTime.of(now))
                .addAllChecks(DomainPreflight.checks(survey, target, config))
                .addAllCalls(calls(cloud, survey, token))
                .addAllUndoCalls(undoCalls(survey))
                .addAllResidualRisks(risks(survey))
                .build();
    }

    private static List<PlannedCall> calls(BlockCloud cloud, DomainSurvey survey, String token) {
        LiveFirewall now = survey.firewall();
        String vpcId = now.vpcId();
        String listId = now.list().map(LiveFirewall.DomainList::id).orElse(NEW_LIST);
        String groupId = now.groupId().orElse(NEW_GROUP);
        List<PlannedCall> calls = new ArrayList<>();
        if (now.list().isEmpty()) {
            calls.add(FirewallChanges.createList(vpcId, token).asked(cloud, NONE, "an empty list"));
        }
        if (!now.lists(survey.domain())) {
            calls.add(
                    FirewallChanges.update(
                                    listId, FirewallDomainUpdateOperation.ADD, survey.domain())
                            .asked(cloud, "not in the list", "in the list"));
        }
        if (now.groupId().isEmpty()) {
            calls.add(FirewallChanges.createGroup(vpcId, token).asked(cloud, NONE, "no rules"));
        }
        if (now.rule().isEmpty()) {
            calls.add(
                    FirewallChanges.createRule(vpcId, groupId, listId, token)
                            .asked(cloud, NONE, "names of the list get an empty answer"));
        }
        if (now.association().isEmpty()) {
            calls.add(
                    FirewallChanges.associate(
                                    vpcId, groupId, DomainSurvey.freePriority(now).orElse(0), token)
                            .asked(cloud, NONE, "the VPC obeys the rule group"));
        }
        return calls;
    }

    /** All goes with the last domain. */
    private static List<PlannedCall> undoCalls(DomainSurvey survey) {
        LiveFirewall now = survey.firewall();
        if (now.lists(survey.domain())) {
            return List.of();
        }
        String listId = now.list().map(LiveFirewall.DomainList::id).orElse(NEW_LIST);
        String groupId = now.groupId().orElse(NEW_GROUP);
        List<PlannedCall> calls = new ArrayList<>();
        calls.add(
                FirewallChanges.update(
                                listId, FirewallDomainUpdateOperation.REMOVE, survey.domain())
                        .later("in the list", "not in the list"));
        Optional<LiveFirewall.DomainList> list = now.list();
        if (list.isEmpty() || list.get().domains().isEmpty()) {
            calls.add(
                    FirewallChanges.disassociate(
                                    now.association()
                                            .map(FirewallRuleGroupAssociation::id)
                                            .orElse(NEW_ASSOCIATION))
                            .later("the VPC obeys the rule group", NONE));
            calls.add(
                    FirewallChanges.deleteRule(groupId, listId)
                            .later("names of the list get an empty answer", NONE));
            calls.add(FirewallChanges.deleteGroup(groupId).later("no rules", NONE));
            calls.add(FirewallChanges.deleteList(listId).later("an empty list", NONE));
        }
        return calls;
    }

    private static List<String> risks(DomainSurvey survey) {
        DomainName name = DomainName.parse(survey.domain());
        return List.of(
                name.beneath()
                        ? "All names beneath "
                                + name.base()
                                + " are blocked, of everybody who has one, and "
                                + name.base()
                                + " itself is not: block that too if it is meant."
                        : "Only the name "
                                + name.base()
                                + " itself is blocked, and names that are aliases of it: block *."
                                + name.base()
                                + " too if names beneath it are meant.",
                "Only the Route 53 Resolver obeys. DNS over HTTPS or TLS, a resolver of one's own or"
                        + " on the internet, a hosts file and the address itself pass: block those"
                        + " in a network ACL.",
                "Other VPCs, with peering and transit gateways too, resolve it as before.",
                "Answers that hosts and programs have in their cache, and connections that are open,"
                        + " go on.",
                "A rule group that is asked first may allow it; where the DNS Firewall of the VPC is"
                        + " set to fail open, so may a failure of it.",
                "It is not watched: whoever may change DNS Firewall can take it out.",
                "Undo lets all hosts of the VPC resolve it again.");
    }
}
