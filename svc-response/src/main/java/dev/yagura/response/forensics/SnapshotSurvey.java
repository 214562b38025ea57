package dev.yagura.response.forensics;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.SnapshotSet;
import dev.yagura.proto.response.v1.VolumeSnapshot;
import dev.yagura.response.aws.LiveInstance;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An instance with its volumes, and what is done with snapshots of them, as read just now.
 *
 * @param pending snapshots of each volume that are not complete
 * @param keyArn that copies get; empty for no copies
 * @param sharedWith account that copies are shared with; empty for none
 */
record SnapshotSurvey(
        LiveInstance instance,
        List<SnapshotReader.LiveVolume> volumes,
        Map<String, Long> pending,
        Optional<String> keyArn,
        Optional<String> sharedWith) {

    /**
     * Reads everything.
     *
     * @throws NotFoundException no such instance
     */
    static SnapshotSurvey take(SnapshotReader reader, ActionTarget target, ForensicsConfig config) {
        String id = target.getInstanceId();
        LiveInstance instance =
                reader.instance(id).orElseThrow(() -> new NotFoundException("instance", id));
        List<SnapshotReader.LiveVolume> volumes = reader.volumes(id);
        return new SnapshotSurvey(
                instance,
                volumes,
                volumes.isEmpty()
                        ? Map.of()
                        : reader.pending(
                                volumes.stream().map(SnapshotReader.LiveVolume::id).toList()),
                config.key(target.getScope()),
                config.sharedWith(target.getScope()));
    }

    /** What there will be, without snapshots yet. */
    SnapshotSet wanted() {
        return SnapshotSet.newBuilder()
                .setKmsKeyArn(keyArn.orElse(""))
                .setSharedAccountId(sharedWith.orElse(""))
                .addAllSnapshots(
                        volumes.stream()
                                .sorted(Comparator.comparing(SnapshotReader.LiveVolume::id))
                                .map(volume ->
                                        VolumeSnapshot.newBuilder()
                                                .setVolumeId(volume.id())
                                                .setDeviceName(volume.device())
                                                .setSizeGib(volume.sizeGib())
                                                .build())
                                .toList())
                .build();
    }
}
