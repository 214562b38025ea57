package dev.yagura.response.volume;

import dev.yagura.proto.response.v1.VolumeSwapState;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.StillPendingException;
import dev.yagura.response.aws.LiveInstance;
import dev.yagura.response.isolation.Change;
import dev.yagura.response.isolation.Cloud;
import java.time.Duration;
import java.util.Optional;

/** Puts a volume to a device of a stopped instance in place of another one. */
final class VolumeSwap {
    private final Cloud cloud;
    private final ActionRun run;
    private final Duration poll;
    private final VolumeReader reader;
    private final String instanceId;
    private final String device;

    VolumeSwap(Cloud cloud, ActionRun run, Duration poll) {
        this.cloud = cloud;
        this.run = run;
        this.poll = poll;
        this.reader = new VolumeReader(cloud.ec2());
        this.instanceId = run.action().getTarget().getInstanceId();
        this.device = run.action().getTarget().getVolume().getDeviceName();
    }

    /**
     * Goes on until the one is where the other was; one step an attempt.
     *
     * @param wanted that is to be there
     * @param other that may be there now
     * @return false for a third one, which is left
     * @throws StillPendingException a step is not done yet
     */
    boolean put(String wanted, String other) {
        Optional<VolumeFacts> there = there();
        if (there.isPresent() && !there.get().id().equals(wanted)) {
            if (!there.get().id().equals(other)) {
                return false;
            }
            detach(there.get());
            throw pending(other + " is detaching");
        }
        if (there.isEmpty()) {
            requireStopped();
            send(VolumeChanges.attach(instanceId, available(wanted).id(), device));
            throw pending(wanted + " is attaching");
        }
        if (!there.get().isAttached()) {
            throw pending(wanted + " is " + status(there.get()));
        }
        return true;
    }

    /** What is at the device, or on its way. */
    Optional<VolumeFacts> there() {
        return reader.volumesOf(instanceId).stream()
                .filter(each ->
                        each.place().map(place -> place.device().equals(device)).orElse(false))
                .findFirst();
    }

    private void detach(VolumeFacts volume) {
        requireStopped();
        if (volume.isAttached()) {
            send(VolumeChanges.detach(instanceId, volume.id(), device));
        }
    }

    private VolumeFacts available(String id) {
        VolumeFacts volume =
                reader.volume(id)
                        .orElseThrow(() ->
                                new ActionFailedException(id + " was deleted by somebody else"));
        volume.place()
                .filter(place -> !place.instanceId().equals(instanceId))
                .ifPresent(place -> {
                    throw new ActionFailedException(
                            id + " was attached to " + place.instanceId() + " by somebody else");
                });
        if (!volume.state().equals("available")) {
            throw pending(id + " is " + volume.state());
        }
        return volume;
    }

    private void requireStopped() {
        LiveInstance instance =
                reader.instance(instanceId)
                        .orElseThrow(() ->
                                new ActionFailedException(
                                        instanceId + " was terminated meanwhile"));
        if (!instance.state().equals("stopped")) {
            throw new ActionFailedException(
                    instanceId + " is " + instance.state() + ": stop it, then try again");
        }
    }

    void send(Change change) {
        run.call(change.call(), () -> change.send(cloud));
    }

    StillPendingException pending(String what) {
        return new StillPendingException(what, poll);
    }

    VolumeReader reader() {
        return reader;
    }

    VolumeSwapState state() {
        return run.action().getVolumeSwapState();
    }

    private static String status(VolumeFacts volume) {
        return volume.place().map(VolumeFacts.Place::status).orElse("nowhere");
    }
}
