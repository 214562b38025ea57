package dev.yagura.response.lifecycle;

import dev.yagura.proto.response.v1.AttachedVolume;
import dev.yagura.proto.response.v1.PowerState;
import dev.yagura.response.aws.LiveInstance;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.DeviceType;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterface;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterfaceAssociation;
import software.amazon.awssdk.services.ec2.model.Reservation;

/**
 * An instance, with what its stop or its end depends on.
 *
 * @param type for example "m6i.large"
 * @param spotRequestId empty unless it is a Spot Instance
 * @param rootOnEbs whether its root volume is on EBS, not in the instance store
 * @param hibernates whether it is set up for hibernation
 * @param publicAddresses that EC2 only lends: no Elastic IP addresses
 * @param volumes EBS volumes that are attached
 */
record InstanceFacts(
        LiveInstance live,
        String type,
        String spotRequestId,
        boolean rootOnEbs,
        boolean hibernates,
        List<String> publicAddresses,
        List<AttachedVolume> volumes) {
    /** Owner of a public address that is only lent. */
    private static final String AMAZON = "amazon";

    static InstanceFacts of(Reservation reservation, Instance instance) {
        return new InstanceFacts(
                LiveInstance.of(reservation, instance),
                instance.instanceTypeAsString(),
                text(instance.spotInstanceRequestId()),
                instance.rootDeviceType() != DeviceType.INSTANCE_STORE,
                instance.hibernationOptions() != null
                        && Boolean.TRUE.equals(instance.hibernationOptions().configured()),
                instance.networkInterfaces().stream()
                        .map(InstanceNetworkInterface::association)
                        .filter(Objects::nonNull)
                        .filter(each -> AMAZON.equals(each.ipOwnerId()))
                        .map(InstanceNetworkInterfaceAssociation::publicIp)
                        .sorted()
                        .toList(),
                instance.blockDeviceMappings().stream()
                        .filter(device -> device.ebs() != null)
                        .map(device ->
                                AttachedVolume.newBuilder()
                                        .setVolumeId(device.ebs().volumeId())
                                        .setDeviceName(device.deviceName())
                                        .setDeleteOnTermination(
                                                Boolean.TRUE.equals(
                                                        device.ebs().deleteOnTermination()))
                                        .build())
                        .toList());
    }

    String id() {
        return live.id();
    }

    String state() {
        return live.state();
    }

    boolean isSpot() {
        return !spotRequestId.isEmpty();
    }

    /** Saved before anything is changed. */
    PowerState saved() {
        return PowerState.newBuilder()
                .setState(state())
                .addAllPublicAddresses(publicAddresses)
                .addAllVolumes(volumes)
                .build();
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
