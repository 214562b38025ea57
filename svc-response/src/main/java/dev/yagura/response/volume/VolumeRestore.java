package dev.yagura.response.volume;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.AttachedVolume;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.proto.response.v1.VolumeSwapState;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.aws.Checks;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Makes a volume from a snapshot and puts it to its device; puts the former one back, and deletes
 * the one that was made.
 */
final class VolumeRestore {
    private final VolumeCloud cloud;
    private final ActionRun run;
    private final Clock clock;
    private final VolumeSwap swap;
    private final ActionTarget target;

    VolumeRestore(VolumeCloud cloud, ActionRun run, Duration poll, Clock clock) {
        this.cloud = cloud;
        this.run = run;
        this.clock = clock;
        this.swap = new VolumeSwap(cloud.cloud(), run, poll);
        this.target = run.action().getTarget();
    }

    void apply() {
        if (!run.action().hasVolumeSwapState()) {
            prepare();
        }
        String made = made().map(VolumeFacts::id).orElseGet(this::make);
        if (!made.equals(swap.state().getVolumeId())) {
            run.saved(saving ->
                    saving.setVolumeSwapState(swap.state().toBuilder().setVolumeId(made)));
        }
        if (!swap.put(made, former().getVolumeId())) {
            throw new ActionFailedException("somebody else attached a volume at " + device());
        }
        run.verifying("attached; reading back");
        verified(
                "%s of %s is at %s of %s; %s is kept"
                        .formatted(
                                made,
                                VolumeSource.text(target.getVolume()),
                                device(),
                                target.getInstanceId(),
                                former().getVolumeId()));
    }

    /** State first: nothing is changed before what was is written. */
    private void prepare() {
        VolumeSurvey survey = VolumeSurvey.take(cloud, target);
        Plan plan = VolumePlan.of(cloud.cloud(), survey, run.action(), clock.instant());
        Checks.requireNoneRefused(plan.getChecksList());
        VolumeFacts former = survey.at(device()).orElseThrow();
        run.prepared(
                plan,
                saving ->
                        saving.setVolumeSwapState(
                                VolumeSwapState.newBuilder()
                                        .setFormer(
                                                AttachedVolume.newBuilder()
                                                        .setVolumeId(former.id())
                                                        .setDeviceName(device())
                                                        .setDeleteOnTermination(
                                                                survey.endsWithInstance()))));
    }

    private String make() {
        VolumeSurvey survey = VolumeSurvey.take(cloud, target);
        VolumeFacts like =
                swap.reader()
                        .volume(former().getVolumeId())
                        .orElseThrow(() ->
                                new ActionFailedException(
                                        former().getVolumeId() + " was deleted meanwhile"));
        swap.send(
                VolumePlan.create(
                        VolumeChanges.id(run.action()), survey.source().snapshot(), like));
        throw swap.pending("the new volume is not seen yet");
    }

    void undo() {
        if (!run.action().hasVolumeSwapState()) {
            verified("nothing was changed");
            return;
        }
        Optional<VolumeFacts> made = made();
        String end = back(made.map(VolumeFacts::id).orElse(""));
        made().ifPresent(this::delete);
        verified(end);
    }

    /** Puts the former one back, as far as that can be. */
    private String back(String made) {
        String formerId = former().getVolumeId();
        if (swap.reader().instance(target.getInstanceId()).isEmpty()) {
            run.drift(List.of(target.getInstanceId() + " was terminated meanwhile"));
            return target.getInstanceId() + " does not exist any more";
        }
        Optional<VolumeFacts> former = swap.reader().volume(formerId);
        boolean elsewhere =
                former.flatMap(VolumeFacts::place)
                        .filter(place -> !place.instanceId().equals(target.getInstanceId()))
                        .isPresent();
        if (former.isEmpty() || elsewhere) {
            run.drift(
                    List.of(
                            formerId
                                    + (elsewhere ? " was attached elsewhere" : " was deleted")
                                    + " by somebody else; what is at "
                                    + device()
                                    + " is left"));
            return formerId + " cannot come back";
        }
        if (!swap.put(formerId, made)) {
            run.drift(
                    List.of(
                            "somebody else attached %s at %s; left so"
                                    .formatted(
                                            swap.there().map(VolumeFacts::id).orElse("a volume"),
                                            device())));
            return device() + " has a volume of somebody else";
        }
        boolean ends = swap.reader().endsWithInstance(target.getInstanceId(), device());
        if (ends != former().getDeleteOnTermination()) {
            swap.send(
                    VolumeChanges.endsWithInstance(
                            target.getInstanceId(), device(), former().getDeleteOnTermination()));
        }
        return "%s is at %s of %s, as before".formatted(formerId, device(), target.getInstanceId());
    }

    /** Nothing but what this action made. */
    private void delete(VolumeFacts made) {
        if (made.place().isPresent()) {
            run.drift(
                    List.of(
                            "%s is attached to %s; left so"
                                    .formatted(made.id(), made.place().get().instanceId())));
            return;
        }
        if (made.state().equals("available")) {
            swap.send(VolumeChanges.delete(made.id()));
        }
        throw swap.pending(made.id() + " is being deleted");
    }

    String remains() {
        return "%s has %s at %s, it had %s%s; undo restores that"
                .formatted(
                        target.getInstanceId(),
                        swap.there().map(VolumeFacts::id).orElse("nothing"),
                        device(),
                        former().getVolumeId(),
                        made().map(each -> "; this action made " + each.id()).orElse(""));
    }

    private Optional<VolumeFacts> made() {
        return swap.reader().madeBy(VolumeChanges.id(run.action()));
    }

    private AttachedVolume former() {
        return swap.state().getFormer();
    }

    private String device() {
        return target.getVolume().getDeviceName();
    }

    private void verified(String detail) {
        run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, true, detail);
    }
}
