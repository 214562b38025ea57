package dev.yagura.response.forensics;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.PlannedCall;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.ec2.model.CopySnapshotRequest;
import software.amazon.awssdk.services.ec2.model.CreateSnapshotsRequest;
import software.amazon.awssdk.services.ec2.model.DeleteSnapshotRequest;
import software.amazon.awssdk.services.ec2.model.ModifySnapshotAttributeRequest;
import software.amazon.awssdk.services.ec2.model.OperationType;
import software.amazon.awssdk.services.ec2.model.SnapshotAttributeName;

/**
 * One call that changes something: as it is planned and written, and what is sent.
 *
 * @param <R> the SDK's request
 */
record SnapshotChange<R>(PlannedCall call, R request) {
    private static final String CREATE = "ec2:CreateSnapshots";
    private static final String COPY = "ec2:CopySnapshot";
    private static final String SHARE = "ec2:ModifySnapshotAttribute";
    private static final String DELETE = "ec2:DeleteSnapshot";
    private static final String SNAPSHOT = "SnapshotId";
    private static final String SOURCE = "SourceSnapshotId";
    private static final String DESCRIPTION = "Yagura, evidence of ";

    static SnapshotChange<CreateSnapshotsRequest> create(Action action) {
        String instanceId = action.getTarget().getInstanceId();
        Map<String, String> tags = SnapshotTags.of(action);
        return new SnapshotChange<>(
                call(
                        CREATE,
                        Map.of(
                                "InstanceSpecification.InstanceId",
                                instanceId,
                                "TagSpecification",
                                tags.toString())),
                CreateSnapshotsRequest.builder()
                        .instanceSpecification(instance -> instance.instanceId(instanceId))
                        .description(DESCRIPTION + instanceId)
                        .tagSpecifications(SnapshotTags.specification(tags))
                        .build());
    }

    /** Inside the region, under a key. */
    static SnapshotChange<CopySnapshotRequest> copy(
            Action action, String snapshotId, String volumeId, String keyArn) {
        Map<String, String> tags = SnapshotTags.ofCopy(action, snapshotId, volumeId);
        String region = action.getTarget().getScope().getRegion();
        return new SnapshotChange<>(
                call(
                        COPY,
                        Map.of(
                                SOURCE,
                                snapshotId,
                                "Encrypted",
                                "true",
                                "KmsKeyId",
                                keyArn,
                                "TagSpecification",
                                tags.toString())),
                CopySnapshotRequest.builder()
                        .sourceRegion(region)
                        // The SDK reads it from AWS's host names otherwise, to sign the source.
                        .destinationRegion(region)
                        .sourceSnapshotId(snapshotId)
                        .description(
                                DESCRIPTION + action.getTarget().getInstanceId() + ", " + volumeId)
                        .encrypted(true)
                        .kmsKeyId(keyArn)
                        .tagSpecifications(SnapshotTags.specification(tags))
                        .build());
    }

    /** Lets an account make volumes, and copies, of a snapshot. */
    static SnapshotChange<ModifySnapshotAttributeRequest> share(
            String snapshotId, String accountId) {
        return new SnapshotChange<>(
                call(
                        SHARE,
                        Map.of(
                                SNAPSHOT,
                                snapshotId,
                                "Attribute",
                                "createVolumePermission",
                                "OperationType",
                                "add",
                                "UserId",
                                accountId)),
                ModifySnapshotAttributeRequest.builder()
                        .snapshotId(snapshotId)
                        .attribute(SnapshotAttributeName.CREATE_VOLUME_PERMISSION)
                        .operationType(OperationType.ADD)
                        .userIds(accountId)
                        .build());
    }

    static SnapshotChange<DeleteSnapshotRequest> delete(String snapshotId) {
        return new SnapshotChange<>(
                call(DELETE, Map.of(SNAPSHOT, snapshotId)),
                DeleteSnapshotRequest.builder().snapshotId(snapshotId).build());
    }

    /** The planned call with the state of what it changes, for people. */
    PlannedCall shown(String before, String after, String dryRun) {
        return call.toBuilder().setBefore(before).setAfter(after).setDryRun(dryRun).build();
    }

    private static PlannedCall call(String operation, Map<String, String> parameters) {
        return PlannedCall.newBuilder()
                .setOperation(operation)
                .putAllParameters(new TreeMap<>(parameters))
                .build();
    }
}
