package dev.yagura.response.isolation;

import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.aws.AwsErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

/**
 * Makes the isolation group what the design says: reads it, does what is missing, reads it again.
 * Whatever was done before, by whom, and whether its answer came, shows in what is read.
 */
final class GroupBuild {
    /** Enough to make, empty and fill a group, and to lose a race or two. */
    private static final int ROUNDS = 8;

    /** Somebody, perhaps this action with an answer that was lost, has done it already. */
    private static final Set<String> DONE_ALREADY =
            Set.of(
                    "InvalidGroup.Duplicate",
                    "InvalidPermission.Duplicate",
                    "InvalidPermission.NotFound");

    private final Cloud cloud;
    private final CloudReader reader;
    private final ActionRun run;
    private final Survey.Network network;

    GroupBuild(Cloud cloud, CloudReader reader, ActionRun run, Survey.Network network) {
        this.cloud = cloud;
        this.reader = reader;
        this.run = run;
        this.network = network;
    }

    /**
     * Id of the group, which is as it must be.
     *
     * @param read just now
     */
    String build(IsolationGroup read) {
        IsolationGroup group = read;
        for (int round = 0; round < ROUNDS; round++) {
            GroupDesign design =
                    group.design(run.action().getTarget().getInstanceId(), network.path());
            design.refusal()
                    .ifPresent(reason -> {
                        throw new ActionFailedException("refused: " + reason);
                    });
            if (design.isBuilt()) {
                return design.existing().orElseThrow().id();
            }
            if (design.existing().isEmpty()) {
                send(Change.createGroup(network.vpcId()));
            } else {
                changes(design.existing().get().id(), design).forEach(this::send);
            }
            group = IsolationGroup.read(reader, network.vpcId());
        }
        throw new RetryLaterException(
                Change.groupName(network.vpcId()) + " does not become what it must be");
    }

    /** Closes before it opens. */
    static List<Change> changes(String groupId, GroupDesign design) {
        List<Change> changes = new ArrayList<>();
        List<GroupRule> ingress = design.remove().stream().filter(rule -> !rule.egress()).toList();
        List<GroupRule> egress = design.remove().stream().filter(GroupRule::egress).toList();
        if (!ingress.isEmpty()) {
            changes.add(Change.revokeIngress(groupId, ingress));
        }
        if (!egress.isEmpty()) {
            changes.add(Change.revokeEgress(groupId, egress));
        }
        if (!design.add().isEmpty()) {
            changes.add(Change.authorizeEgress(groupId, design.add()));
        }
        return changes;
    }

    private void send(Change change) {
        try {
            run.call(change.call(), () -> change.send(cloud));
        } catch (Ec2Exception e) {
            if (!DONE_ALREADY.contains(AwsErrors.code(e))) {
                throw e;
            }
        }
    }
}
