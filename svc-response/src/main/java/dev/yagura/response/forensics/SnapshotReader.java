package dev.yagura.response.forensics;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.response.aws.LiveInstance;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.CreateVolumePermission;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Snapshot;
import software.amazon.awssdk.services.ec2.model.SnapshotAttributeName;
import software.amazon.awssdk.services.ec2.model.Tag;

/** Reads one account and region, live. Throws what the SDK throws. */
final class SnapshotReader {
    private static final String SELF = "self";

    /** Accounts that a snapshot is open to when it is public. */
    private static final String EVERYBODY = "everybody";

    private final SnapshotCloud cloud;

    /**
     * A volume of an instance.
     *
     * @param device for example "/dev/xvda"
     * @param type for example "gp3"
     * @param keyArn empty when it is not encrypted
     */
    record LiveVolume(String id, String device, int sizeGib, String type, String keyArn) {}

    /**
     * A snapshot of the account.
     *
     * @param volumeId of no meaning for a copy
     * @param state "pending", "completed", "error", …
     * @param message why it failed
     * @param keyArn empty when it is not encrypted
     */
    record LiveSnapshot(
            String id,
            String volumeId,
            int sizeGib,
            String state,
            String progress,
            String message,
            String keyArn,
            Instant startTime,
            Map<String, String> tags) {}

    SnapshotReader(SnapshotCloud cloud) {
        this.cloud = cloud;
    }

    /** Empty when EC2 answers without it; an unknown id throws InvalidInstanceID.NotFound. */
    Optional<LiveInstance> instance(String id) {
        return LiveInstance.read(cloud.ec2(), id);
    }

    /** Volumes that are attached to an instance, by device name. */
    List<LiveVolume> volumes(String instanceId) {
        return cloud
                .ec2()
                .describeVolumesPaginator(
                        request -> request.filters(filter("attachment.instance-id", instanceId)))
                .volumes()
                .stream()
                .map(volume ->
                        new LiveVolume(
                                volume.volumeId(),
                                volume.attachments().getFirst().device(),
                                volume.size(),
                                volume.volumeTypeAsString(),
                                text(volume.kmsKeyId())))
                .sorted(Comparator.comparing(LiveVolume::device))
                .toList();
    }

    /** How many snapshots of each volume are not complete; without volumes that have none. */
    Map<String, Long> pending(Collection<String> volumeIds) {
        return snapshots(filter("volume-id", volumeIds), filter("status", "pending")).stream()
                .collect(Collectors.groupingBy(LiveSnapshot::volumeId, Collectors.counting()));
    }

    /** Those of the ids that EC2 shows now, by id. */
    Map<String, LiveSnapshot> snapshots(Collection<String> ids) {
        return ids.isEmpty()
                ? Map.of()
                : snapshots(filter("snapshot-id", ids)).stream()
                        .collect(Collectors.toMap(LiveSnapshot::id, each -> each));
    }

    /** Snapshots with the tag of an action that were begun since a moment; no copies. */
    List<LiveSnapshot> made(Action action, Instant since) {
        return snapshots(filter("tag:" + SnapshotTags.ACTION, SnapshotTags.id(action))).stream()
                .filter(each -> !each.startTime().isBefore(since))
                .filter(each -> !each.tags().containsKey(SnapshotTags.COPY_OF))
                .toList();
    }

    /** The copy of a snapshot that an action has made since a moment. */
    Optional<LiveSnapshot> copy(Action action, String snapshotId, Instant since) {
        return snapshots(
                        filter("tag:" + SnapshotTags.ACTION, SnapshotTags.id(action)),
                        filter("tag:" + SnapshotTags.COPY_OF, snapshotId))
                .stream()
                .filter(each -> !each.startTime().isBefore(since))
                .findFirst();
    }

    /** Accounts that may make volumes of a snapshot. */
    Set<String> sharedWith(String snapshotId) {
        return cloud
                .ec2()
                .describeSnapshotAttribute(request ->
                        request.snapshotId(snapshotId)
                                .attribute(SnapshotAttributeName.CREATE_VOLUME_PERMISSION))
                .createVolumePermissions()
                .stream()
                .map(SnapshotReader::account)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String account(CreateVolumePermission permission) {
        return permission.userId() == null ? EVERYBODY : permission.userId();
    }

    private List<LiveSnapshot> snapshots(Filter... filters) {
        return cloud
                .ec2()
                .describeSnapshotsPaginator(request -> request.ownerIds(SELF).filters(filters))
                .snapshots()
                .stream()
                .map(SnapshotReader::live)
                .sorted(Comparator.comparing(LiveSnapshot::volumeId))
                .toList();
    }

    private static LiveSnapshot live(Snapshot snapshot) {
        return new LiveSnapshot(
                snapshot.snapshotId(),
                snapshot.volumeId(),
                snapshot.volumeSize(),
                snapshot.stateAsString(),
                text(snapshot.progress()),
                text(snapshot.stateMessage()),
                text(snapshot.kmsKeyId()),
                snapshot.startTime(),
                snapshot.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value)));
    }

    private static Filter filter(String name, String value) {
        return filter(name, Set.of(value));
    }

    private static Filter filter(String name, Collection<String> values) {
        return Filter.builder().name(name).values(values).build();
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
