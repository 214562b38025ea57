package dev.yagura.response.forensics;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.response.aws.Ec2DryRun;
import dev.yagura.response.aws.SavedTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.CreateSnapshotsRequest;

/** Writes down what would be done, from a survey. */
final class SnapshotPlan {
    /** Snapshots have no ids yet. */
    private static final String EACH = "each snapshot";

    private static final String EACH_COPY = "each copy";
    private static final String NOT_YET =
            "not tried: the snapshot is not there yet; refused, it is the action that says so";

    private SnapshotPlan() {}

    /**
     * @param action planned; its id and the time of its request are in the tags
     */
    static Plan of(SnapshotCloud cloud, SnapshotSurvey survey, Action action, Instant now) {
        List<PlannedCall> calls = calls(cloud, survey, action);
        boolean shared = survey.keyArn().isPresent();
        return Plan.newBuilder()
                .setCreateTime(SavedTime.of(now))
                .addAllChecks(SnapshotPreflight.checks(survey, action.getTarget(), calls))
                .addAllCalls(calls)
                .addUndoCalls(
                        SnapshotChange.delete(shared ? EACH_COPY : EACH)
                                .shown("there", "deleted, for good", NOT_YET))
                .addAllResidualRisks(risks(survey))
                .build();
    }

    private static List<PlannedCall> calls(
            SnapshotCloud cloud, SnapshotSurvey survey, Action action) {
        SnapshotChange<CreateSnapshotsRequest> create = SnapshotChange.create(action);
        List<PlannedCall> calls = new ArrayList<>();
        calls.add(
                create.shown(
                        volumes(survey),
                        "a snapshot of each, all of one moment",
                        Ec2DryRun.of(() ->
                                cloud.ec2()
                                        .createSnapshots(
                                                create.request().toBuilder()
                                                        .dryRun(true)
                                                        .build()))));
        survey.keyArn()
                .ifPresent(key ->
                        calls.add(
                                SnapshotChange.copy(action, EACH, "its volume", key)
                                        .shown(EACH, "a copy under " + key, NOT_YET)));
        survey.sharedWith()
                .ifPresent(account ->
                        calls.add(
                                SnapshotChange.share(EACH_COPY, account)
                                        .shown(
                                                "open to this account only",
                                                "account "
                                                        + account
                                                        + " may make volumes and copies of it",
                                                NOT_YET)));
        if (survey.keyArn().isPresent()) {
            calls.add(
                    SnapshotChange.delete(EACH)
                            .shown("its copy is complete", "deleted, for good", NOT_YET));
        }
        return calls;
    }

    private static String volumes(SnapshotSurvey survey) {
        return survey.volumes().stream()
                .map(volume ->
                        "%s %s %d GiB %s %s"
                                .formatted(
                                        volume.id(),
                                        volume.device(),
                                        volume.sizeGib(),
                                        volume.type(),
                                        volume.keyArn().isEmpty()
                                                ? "not encrypted"
                                                : "encrypted with " + volume.keyArn()))
                .collect(Collectors.joining(", "));
    }

    private static List<String> risks(SnapshotSurvey survey) {
        List<String> risks = new ArrayList<>();
        risks.add(
                "The snapshots are what is on the volumes at that moment, as after a power cut: what"
                        + " the host has in memory and has not written yet is not in them.");
        risks.add(
                "Instance store and RAM are not in them, and are lost when the instance is stopped."
                        + " EC2 does not say whether the host has data on instance store.");
        risks.add(
                "Until they are complete, which can take hours, they can fail: the action has"
                        + " succeeded only when EC2 calls every one completed.");
        risks.add(
                "Whoever may delete snapshots in the account can delete these: they are not locked."
                        + " A copy that the forensic account makes for itself is out of reach.");
        if (survey.keyArn().isPresent()) {
            risks.add(
                    "Whether the role may use the key is found out only when the first copy is made:"
                            + " EC2 lets it fail then. Who disables or deletes the key makes the"
                            + " copies unreadable.");
        }
        if (survey.sharedWith().isPresent()) {
            risks.add("Undo does not reach copies that the forensic account has made for itself.");
        }
        return risks;
    }
}
