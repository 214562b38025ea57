package dev.yagura.response.lifecycle;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.AttachedVolume;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.action.Guards;
import dev.yagura.response.aws.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What must hold before an instance is terminated; each refusal with its reason and remedy. */
final class TerminationChecks {
    private TerminationChecks() {}

    /** Without what EC2's DryRun says. */
    static List<PreflightCheck> of(
            TerminationSurvey survey, ActionTarget target, int minimumHealthy) {
        InstanceFacts instance = survey.instance();
        List<PreflightCheck> checks = new ArrayList<>();
        checks.add(exists(instance));
        checks.add(Checks.account(instance.live().ownerId(), target));
        checks.add(Checks.unprotected(instance.id(), instance.live().tags()));
        checks.add(terminationProtection(survey.lifecycle()));
        checks.add(snapshots(survey));
        if (instance.live().isRunning()) {
            checks.add(LifecycleChecks.instanceStore(survey.lifecycle()));
        }
        survey.membership()
                .ifPresent(membership -> {
                    checks.add(membership.replacement());
                    checks.add(membership.targetGroups());
                    checks.add(membership.healthy(minimumHealthy));
                });
        checks.add(spotRequest(survey.lifecycle()));
        return List.copyOf(checks);
    }

    /** Those whose answer may be another one since the plan was made. */
    static List<PreflightCheck> again(TerminationSurvey survey, int minimumHealthy) {
        List<PreflightCheck> checks = new ArrayList<>();
        checks.add(terminationProtection(survey.lifecycle()));
        checks.add(snapshots(survey));
        survey.membership().ifPresent(it -> checks.add(it.healthy(minimumHealthy)));
        return List.copyOf(checks);
    }

    private static PreflightCheck exists(InstanceFacts instance) {
        String label = "the instance exists";
        String state = instance.id() + " is " + instance.state();
        return instance.live().isGone()
                ? Checks.refused(label, state, "there is nothing to terminate")
                : Checks.passed(label, state);
    }

    /** Protection from stop is protection from termination too. */
    private static PreflightCheck terminationProtection(LifecycleSurvey survey) {
        String label = "it is not protected from termination";
        List<String> byOthers = new ArrayList<>();
        Optional<Action> isolation = Optional.empty();
        if (survey.isProtectedFromTermination()) {
            isolation = survey.protectingFromTermination();
            isolation.ifPresentOrElse(each -> {}, () -> byOthers.add("disableApiTermination"));
        }
        if (survey.isProtectedFromStop()) {
            Optional<Action> stop = survey.protectingFromStop();
            stop.ifPresentOrElse(each -> {}, () -> byOthers.add("disableApiStop"));
            isolation = isolation.or(() -> stop);
        }
        if (!byOthers.isEmpty()) {
            return Checks.refused(
                    label,
                    "somebody set its attribute " + String.join(" and ", byOthers),
                    "take it away by hand if it may be terminated",
                    Guards.TERMINATION_PROTECTION);
        }
        return Checks.passed(
                label,
                isolation
                        .map(Action::getName)
                        .map(name -> "only by " + name + ", which isolates it: taken away")
                        .orElse("by EC2's attributes disableApiTermination and disableApiStop"));
    }

    private static PreflightCheck snapshots(TerminationSurvey survey) {
        String label = "what is deleted has snapshots";
        List<AttachedVolume> lost = survey.lost();
        if (lost.isEmpty()) {
            return Checks.passed(label, "no volume is deleted with it");
        }
        List<AttachedVolume> lostForGood = survey.lostForGood();
        if (!lostForGood.isEmpty()) {
            return Checks.refused(
                    label,
                    text(lostForGood)
                            + " would be deleted with it, and no snapshot_instance action that"
                            + " succeeded has a snapshot that is still there",
                    "snapshot_instance first",
                    Guards.EVIDENCE_SNAPSHOT);
        }
        return Checks.passed(
                label,
                lost.stream()
                        .map(volume ->
                                "%s %s: %s"
                                        .formatted(
                                                volume.getVolumeId(),
                                                volume.getDeviceName(),
                                                survey.snapshots().get(volume.getVolumeId())))
                        .collect(Collectors.joining(", ")));
    }

    private static PreflightCheck spotRequest(LifecycleSurvey survey) {
        String label = "no Spot request launches another one";
        return survey.persistentSpot()
                ? Checks.warning(
                        label,
                        survey.instance().spotRequestId() + " is persistent: it launches another",
                        "cancel the request first")
                : Checks.passed(label, survey.instance().isSpot() ? "it is a one-time one" : "");
    }

    /** "vol-… /dev/xvda, vol-… /dev/xvdb" */
    static String text(List<AttachedVolume> volumes) {
        return volumes.stream()
                .map(volume -> volume.getVolumeId() + " " + volume.getDeviceName())
                .collect(Collectors.joining(", "));
    }
}
