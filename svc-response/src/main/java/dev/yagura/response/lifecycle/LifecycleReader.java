package dev.yagura.response.lifecycle;

import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.isolation.Cloud;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.InstanceTypeInfo;
import software.amazon.awssdk.services.ec2.model.Snapshot;
import software.amazon.awssdk.services.ec2.model.SpotInstanceRequest;
import software.amazon.awssdk.services.ec2.model.SpotInstanceType;
import software.amazon.awssdk.services.ec2.model.Volume;

/** Reads one account and region, live. Throws what the SDK throws. */
final class LifecycleReader {
    private final Cloud cloud;

    LifecycleReader(Cloud cloud) {
        this.cloud = cloud;
    }

    /** Empty for an instance that EC2 does not know (any more). */
    Optional<InstanceFacts> instance(String id) {
        try {
            return cloud
                    .ec2()
                    .describeInstances(request -> request.instanceIds(id))
                    .reservations()
                    .stream()
                    .flatMap(reservation ->
                            reservation.instances().stream()
                                    .map(each -> InstanceFacts.of(reservation, each)))
                    .findFirst();
        } catch (Ec2Exception e) {
            if (AwsErrors.isUnknownInstance(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Instance store that instances of a type have. */
    long instanceStoreGb(String type) {
        return cloud
                .ec2()
                .describeInstanceTypes(
                        request -> request.instanceTypes(InstanceType.fromValue(type)))
                .instanceTypes()
                .stream()
                .map(InstanceTypeInfo::instanceStorageInfo)
                .filter(storage -> storage != null && storage.totalSizeInGB() != null)
                .mapToLong(storage -> storage.totalSizeInGB())
                .sum();
    }

    /** For people. */
    static String state(Cloud cloud, String instanceId) {
        return new LifecycleReader(cloud)
                .instance(instanceId)
                .map(instance -> instanceId + " is " + instance.state())
                .orElse("EC2 does not know " + instanceId + " any more");
    }

    /** Those of the volumes that EC2 shows. */
    Set<String> existingVolumes(Collection<String> ids) {
        return ids.isEmpty()
                ? Set.of()
                : cloud
                        .ec2()
                        .describeVolumesPaginator(
                                request -> request.filters(filter("volume-id", ids)))
                        .volumes()
                        .stream()
                        .map(Volume::volumeId)
                        .collect(Collectors.toSet());
    }

    /** Those of the account's snapshots that are complete. */
    Set<String> completeSnapshots(Collection<String> ids) {
        return ids.isEmpty()
                ? Set.of()
                : cloud
                        .ec2()
                        .describeSnapshotsPaginator(request ->
                                request.ownerIds("self")
                                        .filters(
                                                filter("snapshot-id", ids),
                                                filter("status", Set.of("completed"))))
                        .snapshots()
                        .stream()
                        .map(Snapshot::snapshotId)
                        .collect(Collectors.toSet());
    }

    private static Filter filter(String name, Collection<String> values) {
        return Filter.builder().name(name).values(values).build();
    }

    /** Whether a Spot request asks for another instance when its instance is gone. */
    boolean isPersistent(String spotRequestId) {
        return cloud
                .ec2()
                .describeSpotInstanceRequests(
                        request -> request.spotInstanceRequestIds(spotRequestId))
                .spotInstanceRequests()
                .stream()
                .map(SpotInstanceRequest::type)
                .anyMatch(SpotInstanceType.PERSISTENT::equals);
    }
}
