package dev.yagura.response.volume;

import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.LiveInstance;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Snapshot;

/** Reads instances, volumes and snapshots, live. Throws what the SDK throws. */
final class VolumeReader {
    private static final Set<String> UNKNOWN =
            Set.of(
                    "InvalidSnapshot.NotFound",
                    "InvalidSnapshotID.Malformed",
                    "InvalidVolume.NotFound",
                    "InvalidVolumeID.Malformed");

    private final Ec2Client ec2;

    VolumeReader(Ec2Client ec2) {
        this.ec2 = ec2;
    }

    /** Empty for one that EC2 does not know (any more), or that has ended. */
    Optional<LiveInstance> instance(String id) {
        try {
            return LiveInstance.read(ec2, id).filter(each -> !each.isGone());
        } catch (Ec2Exception e) {
            if (AwsErrors.isUnknownInstance(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Whether what is at a device is deleted with the instance. */
    boolean endsWithInstance(String instanceId, String device) {
        return ec2
                .describeInstances(request -> request.instanceIds(instanceId))
                .reservations()
                .stream()
                .flatMap(reservation -> reservation.instances().stream())
                .flatMap(instance -> instance.blockDeviceMappings().stream())
                .filter(each -> each.deviceName().equals(device) && each.ebs() != null)
                .anyMatch(each -> Boolean.TRUE.equals(each.ebs().deleteOnTermination()));
    }

    /** Attached to an instance, or on their way. */
    List<VolumeFacts> volumesOf(String instanceId) {
        return volumes("attachment.instance-id", instanceId);
    }

    Optional<VolumeFacts> volume(String id) {
        return volumes("volume-id", id).stream().findFirst();
    }

    /** With a tag of one action. */
    Optional<VolumeFacts> madeBy(String actionId) {
        return volumes("tag:" + VolumeChanges.TAG, actionId).stream().findFirst();
    }

    Optional<Snapshot> snapshot(String id) {
        try {
            return ec2.describeSnapshots(request -> request.snapshotIds(id)).snapshots().stream()
                    .findFirst();
        } catch (Ec2Exception e) {
            if (UNKNOWN.contains(AwsErrors.code(e))) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private List<VolumeFacts> volumes(String filter, String value) {
        return ec2
                .describeVolumesPaginator(request ->
                        request.filters(Filter.builder().name(filter).values(value).build()))
                .volumes()
                .stream()
                .map(VolumeFacts::of)
                .toList();
    }
}
