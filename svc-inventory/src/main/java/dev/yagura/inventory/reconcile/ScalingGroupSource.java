package dev.yagura.inventory.reconcile;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.common.aws.AwsClients;
import dev.yagura.inventory.agent.AgentProtos;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetRelation;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.DescribeAutoScalingGroupsRequest;
import software.amazon.awssdk.services.autoscaling.model.DescribeAutoScalingGroupsResponse;
import software.amazon.awssdk.services.autoscaling.model.Instance;
import software.amazon.awssdk.services.autoscaling.model.LaunchTemplateSpecification;
import software.amazon.awssdk.services.autoscaling.model.SuspendedProcess;

/**
 * Auto Scaling groups with their members, each by its ARN, as AWS Config knows them. One that is
 * being deleted is still there. One client a scope.
 */
@ApplicationScoped
class ScalingGroupSource implements SlowLiveSource {
    /** The most that a call takes, of records and of names. */
    private static final int PAGE = 100;

    /** Before the name in an ARN; a name may have slashes, but no colons. */
    private static final String NAME = ":autoScalingGroupName/";

    private final ClientByScope<AutoScalingClient> clients;
    private final int pageSize;
    private final Clock clock;

    @Inject
    ScalingGroupSource(AwsClients clients, Clock clock) {
        this(clients, PAGE, clock);
    }

    /**
     * @param pageSize groups a call; the API takes 1 to 100
     */
    ScalingGroupSource(AwsClients clients, int pageSize, Clock clock) {
        this.clients =
                new ClientByScope<>(scope -> clients.client(AutoScalingClient.builder(), scope));
        this.pageSize = pageSize;
        this.clock = clock;
    }

    @Override
    public Page page(AssetSet set, Optional<String> token) {
        DescribeAutoScalingGroupsRequest.Builder request =
                DescribeAutoScalingGroupsRequest.builder().maxRecords(pageSize);
        token.ifPresent(request::nextToken);
        Instant asked = clock.instant();
        DescribeAutoScalingGroupsResponse answer =
                clients.of(set.scope()).describeAutoScalingGroups(request.build());
        return new Page(
                answer.autoScalingGroups().stream().map(each -> observation(each, asked)).toList(),
                Optional.ofNullable(answer.nextToken()).filter(next -> !next.isEmpty()));
    }

    /** By name: of one that was made again, the old ARN is gone. */
    @Override
    public Look look(AssetSet set, List<String> arns) {
        List<String> names = arns.stream().map(ScalingGroupSource::name).distinct().toList();
        Instant asked = clock.instant();
        List<Observation> found =
                clients
                        .of(set.scope())
                        .describeAutoScalingGroupsPaginator(
                                request -> request.autoScalingGroupNames(names).maxRecords(PAGE))
                        .autoScalingGroups()
                        .stream()
                        .map(each -> observation(each, asked))
                        .toList();
        return Look.filtered(arns, found);
    }

    private static String name(String arn) {
        int before = arn.indexOf(NAME);
        return before < 0 ? arn : arn.substring(before + NAME.length());
    }

    @Override
    public int looksAtOnce() {
        return PAGE;
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    private static Observation observation(AutoScalingGroup group, Instant asked) {
        Asset.Builder asset =
                Asset.newBuilder()
                        .setResourceName(group.autoScalingGroupName())
                        .setArn(group.autoScalingGroupARN());
        if (group.createdTime() != null) {
            asset.setResourceCreateTime(AgentProtos.timestamp(group.createdTime()));
        }
        group.tags()
                .forEach(tag ->
                        asset.putTags(tag.key(), Objects.requireNonNullElse(tag.value(), "")));
        Relations.put(relations(group), asset);
        return new Observation(
                group.autoScalingGroupARN(),
                "",
                asset.build(),
                Optional.of(configuration(group)),
                asked);
    }

    private static Stream<AssetRelation> relations(AutoScalingGroup group) {
        return Stream.of(
                        group.instances().stream()
                                .map(Instance::instanceId)
                                .map(id ->
                                        Relations.of("Contains Instance", Relations.INSTANCE, id)),
                        subnets(group)
                                .map(id -> Relations.associated("Subnet", Relations.SUBNET, id)),
                        group.targetGroupARNs().stream().map(Relations::withTargetGroup),
                        group.loadBalancerNames().stream()
                                .map(name ->
                                        Relations.associated(
                                                "LoadBalancer",
                                                "AWS::ElasticLoadBalancing::LoadBalancer",
                                                name)),
                        template(group)
                                .map(LaunchTemplateSpecification::launchTemplateId)
                                .map(id ->
                                        Relations.associated(
                                                "LaunchTemplate", "AWS::EC2::LaunchTemplate", id))
                                .stream(),
                        Stream.ofNullable(group.launchConfigurationName())
                                .map(name ->
                                        Relations.associated(
                                                "LaunchConfiguration",
                                                "AWS::AutoScaling::LaunchConfiguration",
                                                name)))
                .flatMap(each -> each);
    }

    private static Stream<String> subnets(AutoScalingGroup group) {
        return Stream.ofNullable(group.vpcZoneIdentifier())
                .flatMap(list -> Arrays.stream(list.split(",")))
                .map(String::strip);
    }

    /** Its own, or that of its policy of mixed instances. */
    private static Optional<LaunchTemplateSpecification> template(AutoScalingGroup group) {
        return Optional.ofNullable(group.launchTemplate())
                .or(() ->
                        Optional.ofNullable(group.mixedInstancesPolicy())
                                .map(policy -> policy.launchTemplate())
                                .map(template -> template.launchTemplateSpecification()));
    }

    /**
     * What it is set to, in AWS Config's words; of its members their state, which passes, is not.
     */
    private static String configuration(AutoScalingGroup group) {
        ObjectNode into = JsonNodeFactory.instance.objectNode();
        into.put("minSize", group.minSize())
                .put("maxSize", group.maxSize())
                .put("desiredCapacity", group.desiredCapacity())
                .put("healthCheckType", group.healthCheckType())
                .put("newInstancesProtectedFromScaleIn", group.newInstancesProtectedFromScaleIn());
        template(group)
                .ifPresent(template ->
                        into.putObject("launchTemplate")
                                .put("launchTemplateId", template.launchTemplateId())
                                .put("launchTemplateName", template.launchTemplateName())
                                .put("version", template.version()));
        var suspended = into.putArray("suspendedProcesses");
        group.suspendedProcesses().stream()
                .map(SuspendedProcess::processName)
                .sorted()
                .forEach(name -> suspended.addObject().put("processName", name));
        Optional.ofNullable(group.status()).ifPresent(status -> into.put("status", status));
        return into.toString();
    }
}
