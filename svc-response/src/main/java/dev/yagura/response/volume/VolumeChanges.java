package dev.yagura.response.volume;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.response.isolation.Change;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.ec2.model.EbsInstanceBlockDeviceSpecification;
import software.amazon.awssdk.services.ec2.model.InstanceBlockDeviceMappingSpecification;
import software.amazon.awssdk.services.ec2.model.ResourceType;

/** Calls that make, move and delete volumes. */
final class VolumeChanges {
    /** Of a volume that an action made: its id. */
    static final String TAG = "yagura:action";

    private static final String VOLUME = "VolumeId";
    private static final String INSTANCE = "InstanceId";
    private static final String DEVICE = "Device";

    private VolumeChanges() {}

    /**
     * A volume like another one, with the content of a snapshot. EC2 makes one for one token.
     *
     * @param actionId token and tag
     * @param sizeGib not less than the snapshot has
     */
    static Change create(
            String actionId, String snapshotId, VolumeFacts like, int sizeGib, boolean encrypt) {
        Map<String, String> parameters = new HashMap<>();
        parameters.put("SnapshotId", snapshotId);
        parameters.put("AvailabilityZone", like.zone());
        parameters.put("VolumeType", like.type());
        parameters.put("Size", String.valueOf(sizeGib));
        parameters.put("ClientToken", actionId);
        parameters.put("TagSpecification", Map.of(TAG, actionId).toString());
        if (encrypt) {
            parameters.put("Encrypted", "true");
            parameters.put("KmsKeyId", like.kmsKeyArn());
        }
        return Change.of(
                "ec2:CreateVolume",
                parameters,
                (cloud, dryRun) ->
                        cloud.ec2()
                                .createVolume(request -> {
                                    request.snapshotId(snapshotId)
                                            .availabilityZone(like.zone())
                                            .volumeType(like.type())
                                            .iops(like.iops())
                                            .throughput(like.throughput())
                                            .size(sizeGib)
                                            .clientToken(actionId)
                                            .tagSpecifications(tags ->
                                                    tags.resourceType(ResourceType.VOLUME)
                                                            .tags(tag ->
                                                                    tag.key(TAG).value(actionId)))
                                            .dryRun(dryRun);
                                    if (encrypt) {
                                        request.encrypted(true).kmsKeyId(like.kmsKeyArn());
                                    }
                                }));
    }

    static Change detach(String instanceId, String volumeId, String device) {
        return Change.of(
                "ec2:DetachVolume",
                Map.of(VOLUME, volumeId, INSTANCE, instanceId, DEVICE, device),
                (cloud, dryRun) ->
                        cloud.ec2()
                                .detachVolume(request ->
                                        request.volumeId(volumeId)
                                                .instanceId(instanceId)
                                                .device(device)
                                                .dryRun(dryRun)));
    }

    static Change attach(String instanceId, String volumeId, String device) {
        return Change.of(
                "ec2:AttachVolume",
                Map.of(VOLUME, volumeId, INSTANCE, instanceId, DEVICE, device),
                (cloud, dryRun) ->
                        cloud.ec2()
                                .attachVolume(request ->
                                        request.volumeId(volumeId)
                                                .instanceId(instanceId)
                                                .device(device)
                                                .dryRun(dryRun)));
    }

    /** Whether what is at a device ends with the instance. */
    static Change endsWithInstance(String instanceId, String device, boolean ends) {
        return Change.of(
                "ec2:ModifyInstanceAttribute",
                Map.of(
                        INSTANCE,
                        instanceId,
                        "BlockDeviceMapping.DeviceName",
                        device,
                        "BlockDeviceMapping.Ebs.DeleteOnTermination",
                        String.valueOf(ends)),
                (cloud, dryRun) ->
                        cloud.ec2()
                                .modifyInstanceAttribute(request ->
                                        request.instanceId(instanceId)
                                                .blockDeviceMappings(mapping(device, ends))
                                                .dryRun(dryRun)));
    }

    private static InstanceBlockDeviceMappingSpecification mapping(String device, boolean ends) {
        return InstanceBlockDeviceMappingSpecification.builder()
                .deviceName(device)
                .ebs(
                        EbsInstanceBlockDeviceSpecification.builder()
                                .deleteOnTermination(ends)
                                .build())
                .build();
    }

    static Change delete(String volumeId) {
        return Change.of(
                "ec2:DeleteVolume",
                Map.of(VOLUME, volumeId),
                (cloud, dryRun) ->
                        cloud.ec2()
                                .deleteVolume(
                                        request -> request.volumeId(volumeId).dryRun(dryRun)));
    }

    /**
     * Of what an action makes.
     *
     * @param action without a name while it is planned
     */
    static String id(Action action) {
        return action.getName().isEmpty()
                ? "…"
                : action.getName().substring(action.getName().indexOf('/') + 1);
    }
}
