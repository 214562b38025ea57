package dev.yagura.response.volume;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.aws.LiveInstance;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Snapshot;

/**
 * An instance that gets a volume back from a snapshot, as read just now.
 *
 * @param volumes of the instance
 * @param endsWithInstance whether what is at the device is deleted with it
 */
record VolumeSurvey(
        LiveInstance instance,
        List<VolumeFacts> volumes,
        boolean endsWithInstance,
        Snapshot snapshot) {

    VolumeSurvey {
        volumes = List.copyOf(volumes);
    }

    /**
     * Reads everything.
     *
     * @throws NotFoundException no such instance or snapshot
     */
    static VolumeSurvey take(Ec2Client ec2, ActionTarget target) {
        VolumeReader reader = new VolumeReader(ec2);
        String snapshotId = target.getVolume().getSnapshotId();
        return new VolumeSurvey(
                reader.instance(target.getInstanceId())
                        .orElseThrow(
                                () -> new NotFoundException("instance", target.getInstanceId())),
                reader.volumesOf(target.getInstanceId()),
                reader.endsWithInstance(target.getInstanceId(), target.getVolume().getDeviceName()),
                reader.snapshot(snapshotId)
                        .orElseThrow(() -> new NotFoundException("snapshot", snapshotId)));
    }

    /** What is at a device. */
    Optional<VolumeFacts> at(String device) {
        return volumes.stream()
                .filter(each ->
                        each.place().map(place -> place.device().equals(device)).orElse(false))
                .findFirst();
    }
}
