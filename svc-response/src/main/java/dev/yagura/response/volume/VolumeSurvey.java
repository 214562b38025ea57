package dev.yagura.response.volume;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.aws.LiveInstance;
import java.util.List;
import java.util.Optional;

/**
 * An instance that gets a volume back, as read just now.
 *
 * @param volumes of the instance
 * @param endsWithInstance whether what is at the device is deleted with it
 */
record VolumeSurvey(
        LiveInstance instance,
        List<VolumeFacts> volumes,
        boolean endsWithInstance,
        VolumeSource source) {

    VolumeSurvey {
        volumes = List.copyOf(volumes);
    }

    /**
     * Reads everything.
     *
     * @throws NotFoundException no such instance, recovery point or snapshot
     */
    static VolumeSurvey take(VolumeCloud cloud, ActionTarget target) {
        VolumeReader reader = new VolumeReader(cloud.cloud().ec2());
        String device = target.getVolume().getDeviceName();
        LiveInstance instance =
                reader.instance(target.getInstanceId())
                        .orElseThrow(
                                () -> new NotFoundException("instance", target.getInstanceId()));
        List<VolumeFacts> volumes = reader.volumesOf(target.getInstanceId());
        return new VolumeSurvey(
                instance,
                volumes,
                reader.endsWithInstance(target.getInstanceId(), device),
                new SourceReader(cloud).read(target.getVolume(), at(volumes, device)));
    }

    /** What is at a device. */
    Optional<VolumeFacts> at(String device) {
        return at(volumes, device);
    }

    private static Optional<VolumeFacts> at(List<VolumeFacts> volumes, String device) {
        return volumes.stream()
                .filter(each ->
                        each.place().map(place -> place.device().equals(device)).orElse(false))
                .findFirst();
    }
}
