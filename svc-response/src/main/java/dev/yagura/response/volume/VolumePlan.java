package dev.yagura.response.volume;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.Ec2DryRun;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.isolation.Change;
import dev.yagura.response.isolation.Cloud;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.Snapshot;

/** Writes down what restoring a volume would do, from a survey. */
final class VolumePlan {
    private static final String LATER = "not supported: undo is planned for what is then";
    private static final String NEW = "(the new volume)";

    /** EC2's volume id of a copied snapshot. */
    private static final String OF_COPY = "vol-ffffffff";

    private VolumePlan() {}

    static Plan of(Cloud cloud, VolumeSurvey survey, Action action, Instant now) {
        ActionTarget target = action.getTarget();
        String device = target.getVolume().getDeviceName();
        Optional<VolumeFacts> former = survey.at(device);
        List<PlannedCall> calls =
                former.map(each -> calls(cloud, survey, each, action)).orElse(List.of());
        return Plan.newBuilder()
                .setCreateTime(SavedTime.of(now))
                .addAllChecks(checks(survey, target, former))
                .addChecks(Ec2DryRun.check(ActionKind.ACTION_KIND_RESTORE_VOLUME, calls))
                .addAllCalls(calls)
                .addAllUndoCalls(
                        former.map(each -> undoCalls(survey, each, device)).orElse(List.of()))
                .addAllResidualRisks(risks(former, survey.source().snapshot()))
                .build();
    }

    private static List<PlannedCall> calls(
            Cloud cloud, VolumeSurvey survey, VolumeFacts former, Action action) {
        String instanceId = survey.instance().id();
        String device = action.getTarget().getVolume().getDeviceName();
        Change create = create(VolumeChanges.id(action), survey.source().snapshot(), former);
        Change detach = VolumeChanges.detach(instanceId, former.id(), device);
        return List.of(
                create.shown("none", "a volume like " + former, asked(cloud, create)),
                detach.shown(former + " at " + device, "detached, kept", asked(cloud, detach)),
                VolumeChanges.attach(instanceId, NEW, device)
                        .shown(
                                "nothing at " + device,
                                "the new volume at " + device,
                                // EC2 is asked with a volume that there is.
                                asked(
                                        cloud,
                                        VolumeChanges.attach(instanceId, former.id(), device))));
    }

    private static String asked(Cloud cloud, Change change) {
        return Ec2DryRun.of(() -> change.request().send(cloud, true));
    }

    static Change create(String actionId, Snapshot snapshot, VolumeFacts former) {
        return VolumeChanges.create(
                actionId,
                snapshot.snapshotId(),
                former,
                Math.max(former.sizeGib(), snapshot.volumeSize()),
                !Boolean.TRUE.equals(snapshot.encrypted()) && !former.kmsKeyArn().isEmpty());
    }

    private static List<PlannedCall> undoCalls(
            VolumeSurvey survey, VolumeFacts former, String device) {
        String instanceId = survey.instance().id();
        List<PlannedCall> calls = new ArrayList<>();
        calls.add(
                VolumeChanges.detach(instanceId, NEW, device)
                        .shown("the new volume at " + device, "detached", LATER));
        calls.add(
                VolumeChanges.attach(instanceId, former.id(), device)
                        .shown("nothing at " + device, former + " at " + device, LATER));
        if (survey.endsWithInstance()) {
            calls.add(
                    VolumeChanges.endsWithInstance(instanceId, device, true)
                            .shown("stays", "ends with the instance, as before", LATER));
        }
        calls.add(VolumeChanges.delete(NEW).shown("detached", "none", LATER));
        return calls;
    }

    private static List<PreflightCheck> checks(
            VolumeSurvey survey, ActionTarget target, Optional<VolumeFacts> former) {
        List<PreflightCheck> checks = new ArrayList<>();
        checks.add(Checks.account(survey.instance().ownerId(), target));
        checks.add(Checks.unprotected(survey.instance().id(), survey.instance().tags()));
        checks.add(stopped(survey));
        checks.add(device(survey, target.getVolume().getDeviceName(), former));
        checks.addAll(SourceChecks.of(survey.source()));
        former.ifPresent(each -> checks.add(ofIt(survey.source().snapshot(), each)));
        former.ifPresent(each -> checks.add(encryption(survey.source().snapshot(), each)));
        return checks;
    }

    private static PreflightCheck stopped(VolumeSurvey survey) {
        String label = "the instance is stopped";
        String state = survey.instance().id() + " is " + survey.instance().state();
        return survey.instance().state().equals("stopped")
                ? Checks.passed(label, state)
                : Checks.refused(
                        label,
                        state + ": a volume in use would lose what is not written",
                        "stop_instance first");
    }

    private static PreflightCheck device(
            VolumeSurvey survey, String device, Optional<VolumeFacts> former) {
        String label = "it has a volume at the device";
        return former.map(each -> Checks.passed(label, each + " at " + device))
                .orElseGet(() ->
                        Checks.refused(
                                label,
                                "nothing is at "
                                        + device
                                        + "; at "
                                        + survey.volumes().stream()
                                                .flatMap(each -> each.place().stream())
                                                .map(VolumeFacts.Place::device)
                                                .sorted()
                                                .collect(Collectors.joining(", ")),
                                "name one of these"));
    }

    private static PreflightCheck ofIt(Snapshot snapshot, VolumeFacts former) {
        String label = "the snapshot is of that volume";
        if (former.id().equals(snapshot.volumeId())) {
            return Checks.passed(label, snapshot.volumeId());
        }
        return Checks.warning(
                label,
                snapshot.volumeId().equals(OF_COPY)
                        ? "it is a copy: EC2 does not say of what"
                        : "it is of " + snapshot.volumeId(),
                "make sure that it is the one that is meant");
    }

    private static PreflightCheck encryption(Snapshot snapshot, VolumeFacts former) {
        String label = "it is encrypted as the snapshot, or better";
        if (Boolean.TRUE.equals(snapshot.encrypted())) {
            return Checks.passed(label, "with the snapshot's key " + snapshot.kmsKeyId());
        }
        return Checks.passed(
                label,
                former.kmsKeyArn().isEmpty()
                        ? "neither the snapshot nor the volume is encrypted"
                        : "with the key of the volume that it replaces, " + former.kmsKeyArn());
    }

    private static List<String> risks(Optional<VolumeFacts> former, Snapshot snapshot) {
        return List.of(
                "What was written after "
                        + snapshot.startTime()
                        + " is only on the volume that is taken off"
                        + former.map(each -> ", " + each.id()).orElse("")
                        + ". It is kept, and charged, until somebody deletes it.",
                "What an intruder had done before the snapshot is on it too: choose one from before,"
                        + " and look at it first.",
                "An instance whose volume is under a customer-managed key starts only if whoever"
                        + " starts it may use the key.",
                "A volume from a snapshot is slow until each block was read once.",
                "The new volume does not end with the instance, whatever the former one did.",
                "Undo loses what was written to the new volume: it is deleted. Take a snapshot of it"
                        + " first where that matters.");
    }
}
