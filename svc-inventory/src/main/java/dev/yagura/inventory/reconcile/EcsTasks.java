package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.agent.AgentProtos;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetRelation;
import dev.yagura.proto.inventory.v1.ContainerImage;
import dev.yagura.proto.inventory.v1.NetworkInterface;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/** ECS's tasks as observations; lists in a stable order, so that only news differ. */
final class EcsTasks {
    /** ARN of a task with the name of its cluster; older ones had none. */
    private static final Pattern ARN = Pattern.compile("arn:[^:]+:ecs:[^:]*:[^:]*:task/([^/]+)/.+");

    private static final String INTERFACE = "ElasticNetworkInterface";
    private static final Comparator<ContainerImage> BY_IMAGE =
            Comparator.comparing(ContainerImage::getImage).thenComparing(ContainerImage::getDigest);

    private EcsTasks() {}

    /** Name of a task's cluster; empty for an ARN that does not tell. */
    static Optional<String> cluster(String taskArn) {
        Matcher arn = ARN.matcher(taskArn);
        return arn.matches() ? Optional.of(arn.group(1)) : Optional.empty();
    }

    /** ARN of the definition that says which role a task has; none where the task says it. */
    static Stream<String> definition(Task task) {
        return overridden(task).isEmpty() ? present(task.taskDefinitionArn()) : Stream.empty();
    }

    /**
     * The credentials of its containers are those of its role. The execution role is the agent's,
     * which containers do not get.
     *
     * @param hosts ids of EC2 instances by ARN of the container instance
     * @param roles by ARN of the definition; empty where it gives none, absent where it is not
     *     known
     */
    static Observation observation(
            Task task, Map<String, String> hosts, Map<String, String> roles, Instant asked) {
        Asset.Builder asset =
                Asset.newBuilder()
                        .setArn(task.taskArn())
                        .setLaunchType(orEmpty(task.launchTypeAsString()))
                        .setAvailabilityZone(orEmpty(task.availabilityZone()));
        Instant started = task.startedAt() == null ? task.createdAt() : task.startedAt();
        if (started != null) {
            asset.setLaunchTime(AgentProtos.timestamp(started));
        }
        task.tags().forEach(tag -> asset.putTags(tag.key(), orEmpty(tag.value())));
        task.containers().stream()
                .filter(container -> container.image() != null)
                .map(EcsTasks::image)
                .sorted(BY_IMAGE)
                .forEach(asset::addContainerImages);
        interfaces(task).map(EcsTasks::networkInterface).forEach(asset::addNetworkInterfaces);
        Optional<String> role =
                overridden(task)
                        .or(() ->
                                definition(task)
                                        .flatMap(arn -> present(roles.get(arn)))
                                        .findFirst());
        Relations.put(
                Stream.concat(relations(task, hosts), role.stream().map(Relations::withRole)),
                asset);
        return new Observation(
                task.taskArn(),
                orEmpty(task.lastStatus()).toLowerCase(Locale.ROOT),
                asset.build(),
                Optional.empty(),
                role.isPresent() ? Set.of() : Set.of(AssetSets.ROLE),
                asked);
    }

    private static Optional<String> overridden(Task task) {
        return Optional.ofNullable(task.overrides())
                .map(TaskOverride::taskRoleArn)
                .filter(arn -> !arn.isBlank());
    }

    private static Stream<AssetRelation> relations(Task task, Map<String, String> hosts) {
        return Stream.of(
                        named(task.clusterArn(), "Is contained in Cluster", "AWS::ECS::Cluster"),
                        named(
                                task.taskDefinitionArn(),
                                "Is launched from TaskDefinition",
                                "AWS::ECS::TaskDefinition"),
                        named(
                                task.containerInstanceArn(),
                                "Runs on ContainerInstance",
                                "AWS::ECS::ContainerInstance"),
                        present(task.containerInstanceArn())
                                .flatMap(arn -> present(hosts.get(arn)))
                                .map(Relations::runsOn),
                        task.containers().stream()
                                .flatMap(each ->
                                        named(
                                                each.imageDigest(),
                                                "Is launched from Image",
                                                AssetSets.IMAGE)),
                        interfaces(task)
                                .flatMap(each ->
                                        named(
                                                detail(each, "networkInterfaceId"),
                                                "Contains NetworkInterface",
                                                Relations.NETWORK_INTERFACE)),
                        interfaces(task)
                                .flatMap(each -> present(detail(each, "subnetId")))
                                .map(id -> Relations.containedIn("Subnet", Relations.SUBNET, id)))
                .flatMap(Function.identity());
    }

    private static Stream<AssetRelation> named(@Nullable String id, String name, String type) {
        return present(id).map(each -> Relations.of(name, type, each));
    }

    private static Stream<String> present(@Nullable String id) {
        return Stream.ofNullable(id);
    }

    private static ContainerImage image(Container container) {
        return ContainerImage.newBuilder()
                .setImage(container.image())
                .setDigest(orEmpty(container.imageDigest()))
                .build();
    }

    private static Stream<Attachment> interfaces(Task task) {
        return task.attachments().stream().filter(each -> INTERFACE.equals(each.type()));
    }

    private static NetworkInterface networkInterface(Attachment attachment) {
        NetworkInterface.Builder eni =
                NetworkInterface.newBuilder()
                        .setNetworkInterfaceId(orEmpty(detail(attachment, "networkInterfaceId")));
        present(detail(attachment, "privateIPv4Address")).forEach(eni::addPrivateIpAddresses);
        return eni.build();
    }

    private static @Nullable String detail(Attachment attachment, String name) {
        List<KeyValuePair> details = attachment.details();
        return details.stream()
                .filter(each -> name.equals(each.name()))
                .map(KeyValuePair::value)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static String orEmpty(@Nullable String value) {
        return Objects.requireNonNullElse(value, "");
    }
}
