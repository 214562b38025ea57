package dev.yagura.response.isolation;

import com.google.protobuf.Timestamp;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.InterfaceState;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.response.aws.AddressBlock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes down what an isolation would do, from a survey. */
final class IsolationPlan {
    private static final String NO_GROUP_YET =
            "not supported: the group does not exist yet; refused here, the action ends before it"
                    + " touches the instance";
    private static final String LATER = "not supported: undo is planned for what is then";

    private final Cloud cloud;
    private final Survey survey;
    private final ActionTarget target;
    private final IsolationConfig config;

    private IsolationPlan(Cloud cloud, Survey survey, ActionTarget target, IsolationConfig config) {
        this.cloud = cloud;
        this.survey = survey;
        this.target = target;
        this.config = config;
    }

    /** The plan, with EC2's DryRun of every call that has one. */
    static Plan of(
            Cloud cloud, Survey survey, ActionTarget target, IsolationConfig config, Instant now) {
        return new IsolationPlan(cloud, survey, target, config).write(now);
    }

    private Plan write(Instant now) {
        Plan.Builder plan =
                Plan.newBuilder()
                        .setCreateTime(
                                Timestamp.newBuilder()
                                        .setSeconds(now.getEpochSecond())
                                        .setNanos(now.getNano()));
        survey.network()
                .ifPresent(network -> {
                    WithdrawalPlan withdrawal = new WithdrawalPlan(cloud, survey);
                    List<Draft> calls = new ArrayList<>(groupCalls(network));
                    calls.addAll(withdrawal.first());
                    survey.interfaces().forEach(eni -> calls.add(swap(eni, network)));
                    calls.addAll(withdrawal.last());
                    plan.addAllCalls(Draft.plan(calls));
                    survey.before().forEach(each -> plan.addUndoCalls(restore(each, network)));
                    plan.addAllUndoCalls(withdrawal.undo(LATER));
                    plan.addUndoCalls(removal(network));
                    plan.addAllResidualRisks(ResidualRisks.of(survey, network));
                });
        return plan.addAllChecks(Preflight.checks(survey, target, config, plan.getCallsList()))
                .build();
    }

    private List<Draft> groupCalls(Survey.Network network) {
        GroupDesign design = network.design();
        if (design.existing().isEmpty()) {
            return newGroup(network);
        }
        CloudReader.LiveGroup group = design.existing().get();
        String before = rules(group.rules());
        return GroupBuild.changes(group.id(), design).stream()
                .map(change -> Draft.asked(cloud, change, before, "control path only"))
                .toList();
    }

    private List<Draft> newGroup(Survey.Network network) {
        String name = Change.groupName(network.vpcId());
        Change create = Change.createGroup(network.vpcId());
        List<Draft> calls = new ArrayList<>();
        calls.add(Draft.asked(cloud, create, "no such group", "sends everything, used by nobody"));
        List<GroupRule> everything =
                List.of(
                        new GroupRule(true, "-1", -1, -1, block("0.0.0.0/0")),
                        new GroupRule(true, "-1", -1, -1, block("::/0")));
        calls.add(
                new Draft(
                        Change.revokeEgress(name, everything),
                        "allows what AWS puts into a new group",
                        "no rules",
                        () -> NO_GROUP_YET));
        if (!network.design().add().isEmpty()) {
            calls.add(
                    new Draft(
                            Change.authorizeEgress(name, network.design().add()),
                            "no rules",
                            "control path only",
                            () -> NO_GROUP_YET));
        }
        return calls;
    }

    private static GroupRule.Peer block(String cidr) {
        return new GroupRule.Peer.Block(AddressBlock.parse(cidr));
    }

    private Draft swap(CloudReader.LiveInterface eni, Survey.Network network) {
        @Nullable String groupId =
                network.design().existing().map(CloudReader.LiveGroup::id).orElse(null);
        List<String> after = List.of(groupId == null ? Change.groupName(network.vpcId()) : groupId);
        // Without the group, EC2 is asked about the same call with the groups that are there.
        Change asked = Change.setGroups(eni.id(), groupId == null ? eni.groupIds() : after);
        return new Draft(
                Change.setGroups(eni.id(), after),
                names(eni.groupIds()),
                Change.groupName(network.vpcId()),
                () -> DryRun.of(cloud, asked));
    }

    private PlannedCall restore(InterfaceState state, Survey.Network network) {
        return Change.setGroups(state.getNetworkInterfaceId(), state.getSecurityGroupIdsList())
                .shown(
                        Change.groupName(network.vpcId()),
                        names(state.getSecurityGroupIdsList()),
                        LATER);
    }

    private static PlannedCall removal(Survey.Network network) {
        String name = Change.groupName(network.vpcId());
        Optional<String> id = network.design().existing().map(CloudReader.LiveGroup::id);
        return Change.deleteGroup(id.orElse(name))
                .shown("used by nobody", "gone; left when another instance has it", LATER);
    }

    private String names(List<String> groupIds) {
        return groupIds.stream()
                .map(id -> {
                    CloudReader.@Nullable LiveGroup group = survey.groups().get(id);
                    return group == null ? id : group.name() + " (" + id + ")";
                })
                .collect(Collectors.joining(", "));
    }

    private static String rules(List<GroupRule> rules) {
        return rules.isEmpty()
                ? "no rules"
                : rules.stream().map(GroupRule::toString).collect(Collectors.joining(", "));
    }
}
