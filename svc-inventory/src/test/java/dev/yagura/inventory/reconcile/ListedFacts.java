package dev.yagura.inventory.reconcile;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.proto.type.v1.Scope;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.ec2.model.Snapshot;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.ImageDetail;
import software.amazon.awssdk.services.ecr.model.Repository;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;
import software.amazon.awssdk.services.iam.model.InstanceProfile;

/** What is there of that which is read from its own APIs, in the words of {@link KnownFacts}. */
record ListedFacts(CloudWorld world) {

    SortedMap<String, String> of(Scope scope, String resourceType) {
        SortedMap<String, String> facts = new TreeMap<>();
        switch (resourceType) {
            case AssetSets.SNAPSHOT ->
                    snapshots(scope).forEach(each -> facts.put(each.snapshotId(), text(each)));
            case AssetSets.TARGET_GROUP ->
                    targetGroups(scope)
                            .forEach(each -> facts.put(each.targetGroupArn(), text(scope, each)));
            case AssetSets.SCALING_GROUP ->
                    scalingGroups(scope)
                            .forEach(each -> facts.put(each.autoScalingGroupARN(), text(each)));
            case AssetSets.PROFILE ->
                    profiles(scope).forEach(each -> facts.put(each.arn(), text(each)));
            case AssetSets.IMAGE ->
                    world.clients()
                            .registry(scope)
                            .describeRepositoriesPaginator()
                            .repositories()
                            .forEach(each -> addImages(scope, each, facts));
            default -> throw new IllegalArgumentException(resourceType);
        }
        return facts;
    }

    List<Snapshot> snapshots(Scope scope) {
        return world
                .ec2(scope)
                .describeSnapshotsPaginator(request -> request.ownerIds("self"))
                .snapshots()
                .stream()
                .toList();
    }

    List<TargetGroup> targetGroups(Scope scope) {
        return world
                .clients()
                .balancing(scope)
                .describeTargetGroupsPaginator()
                .targetGroups()
                .stream()
                .toList();
    }

    List<AutoScalingGroup> scalingGroups(Scope scope) {
        return world
                .clients()
                .scaling(scope)
                .describeAutoScalingGroupsPaginator()
                .autoScalingGroups()
                .stream()
                .toList();
    }

    List<InstanceProfile> profiles(Scope scope) {
        return world
                .clients()
                .iam(scope)
                .listInstanceProfilesPaginator()
                .instanceProfiles()
                .stream()
                .toList();
    }

    private static String text(Snapshot snapshot) {
        return WorldFacts.resource(
                        "",
                        WorldFacts.tags(snapshot.tags()),
                        Stream.of(snapshot.volumeId()).filter(id -> !id.equals("vol-ffffffff")))
                + more(snapshot.startTime(), List.of())
                + " "
                + JsonNodeFactory.instance
                        .objectNode()
                        .put("snapshotId", snapshot.snapshotId())
                        .put("encrypted", snapshot.encrypted())
                        .put("kmsKeyId", snapshot.kmsKeyId())
                        .put("volumeSize", snapshot.volumeSize())
                        .put("description", snapshot.description());
    }

    private String text(Scope scope, TargetGroup group) {
        ElasticLoadBalancingV2Client balancing = world.clients().balancing(scope);
        Stream<String> instances =
                group.targetType() == TargetTypeEnum.INSTANCE
                        ? balancing
                                .describeTargetHealth(
                                        request -> request.targetGroupArn(group.targetGroupArn()))
                                .targetHealthDescriptions()
                                .stream()
                                .map(each -> each.target().id())
                        : Stream.of();
        return WorldFacts.resource(
                        group.targetGroupName(),
                        Map.of(),
                        Stream.of(
                                        Stream.of(group.vpcId()),
                                        group.loadBalancerArns().stream(),
                                        instances)
                                .flatMap(each -> each))
                + more(Instant.EPOCH, List.of())
                + " ";
    }

    private static String text(AutoScalingGroup group) {
        ObjectNode configuration =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("minSize", group.minSize())
                        .put("maxSize", group.maxSize())
                        .put("desiredCapacity", group.desiredCapacity())
                        .put("healthCheckType", group.healthCheckType())
                        .put(
                                "newInstancesProtectedFromScaleIn",
                                group.newInstancesProtectedFromScaleIn());
        configuration
                .putObject("launchTemplate")
                .put("launchTemplateId", group.launchTemplate().launchTemplateId())
                .put("launchTemplateName", group.launchTemplate().launchTemplateName())
                .put("version", group.launchTemplate().version());
        var suspended = configuration.putArray("suspendedProcesses");
        group.suspendedProcesses()
                .forEach(each -> suspended.addObject().put("processName", each.processName()));
        return WorldFacts.resource(
                        group.autoScalingGroupName(),
                        group.tags().stream()
                                .collect(Collectors.toMap(tag -> tag.key(), tag -> tag.value())),
                        Stream.of(
                                        group.instances().stream().map(each -> each.instanceId()),
                                        Stream.of(group.vpcZoneIdentifier().split(",")),
                                        group.targetGroupARNs().stream(),
                                        Stream.of(group.launchTemplate().launchTemplateId()))
                                .flatMap(each -> each))
                + more(group.createdTime(), List.of())
                + " "
                + configuration;
    }

    private static String text(InstanceProfile profile) {
        return WorldFacts.resource(
                        profile.instanceProfileName(),
                        Map.of(),
                        profile.roles().stream().map(role -> role.arn()))
                + more(profile.createDate(), List.of())
                + " ";
    }

    private void addImages(Scope scope, Repository repository, Map<String, String> facts) {
        EcrClient registry = world.clients().registry(scope);
        String uri = repository.repositoryUri();
        registry.describeImagesPaginator(
                        request -> request.repositoryName(repository.repositoryName()))
                .imageDetails()
                .forEach(each ->
                        facts.put(
                                uri + "@" + each.imageDigest(),
                                text(repository.repositoryName(), uri, each)));
    }

    private static String text(String repository, String uri, ImageDetail image) {
        return WorldFacts.resource(image.imageDigest(), Map.of(), Stream.of(repository))
                + more(
                        image.imagePushedAt(),
                        image.imageTags().stream()
                                .sorted()
                                .map(tag -> uri + ":" + tag + " " + image.imageDigest())
                                .toList())
                + " ";
    }

    /**
     * What they have beside name, tags and relations.
     *
     * @param images with their digests
     */
    static String more(Instant created, Collection<String> images) {
        return " created=%s images=%s".formatted(created, images);
    }
}
