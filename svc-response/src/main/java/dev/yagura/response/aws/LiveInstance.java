package dev.yagura.response.aws;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterface;
import software.amazon.awssdk.services.ec2.model.Reservation;
import software.amazon.awssdk.services.ec2.model.Tag;

/**
 * An instance as EC2 has it now.
 *
 * @param state "running", "terminated", …
 * @param ownerId account that it is in
 * @param vpcId empty when it is in none
 * @param subnetIds of its network interfaces
 */
public record LiveInstance(
        String id,
        String state,
        String ownerId,
        String vpcId,
        List<String> subnetIds,
        Map<String, String> tags) {

    /** Empty when EC2 answers without it; an unknown id throws InvalidInstanceID.NotFound. */
    public static Optional<LiveInstance> read(Ec2Client ec2, String id) {
        return ec2.describeInstances(request -> request.instanceIds(id)).reservations().stream()
                .flatMap(reservation ->
                        reservation.instances().stream().map(each -> of(reservation, each)))
                .findFirst();
    }

    /** Those that a request asks for. Throws what the SDK throws. */
    public static List<LiveInstance> all(
            Ec2Client ec2, Consumer<DescribeInstancesRequest.Builder> request) {
        return ec2.describeInstancesPaginator(request).reservations().stream()
                .flatMap(reservation ->
                        reservation.instances().stream().map(each -> of(reservation, each)))
                .toList();
    }

    public boolean isRunning() {
        return state.equals("running");
    }

    public boolean isGone() {
        return state.equals("terminated") || state.equals("shutting-down");
    }

    /** As it is in EC2's answer. */
    public static LiveInstance of(Reservation reservation, Instance instance) {
        return new LiveInstance(
                instance.instanceId(),
                instance.state().nameAsString(),
                reservation.ownerId(),
                instance.vpcId() == null ? "" : instance.vpcId(),
                instance.networkInterfaces().stream()
                        .map(InstanceNetworkInterface::subnetId)
                        .distinct()
                        .toList(),
                instance.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value)));
    }
}
