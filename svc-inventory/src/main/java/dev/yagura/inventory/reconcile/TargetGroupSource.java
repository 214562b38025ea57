package dev.yagura.inventory.reconcile;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetRelation;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthDescription;

/**
 * Target groups of load balancers, with what is registered with each: one call more for each. One
 * client a scope.
 */
@ApplicationScoped
class TargetGroupSource implements SlowLiveSource {
    /** So many calls more before a page is applied, and the lease of the reading renewed. */
    private static final int PAGE = 20;

    private final ClientByScope<ElasticLoadBalancingV2Client> clients;
    private final int pageSize;
    private final Clock clock;

    @Inject
    TargetGroupSource(AwsClients clients, Clock clock) {
        this(clients, PAGE, clock);
    }

    /**
     * @param pageSize groups a call; the API takes 1 to 400
     */
    TargetGroupSource(AwsClients clients, int pageSize, Clock clock) {
        this.clients =
                new ClientByScope<>(
                        scope -> clients.client(ElasticLoadBalancingV2Client.builder(), scope));
        this.pageSize = pageSize;
        this.clock = clock;
    }

    @Override
    public Page page(AssetSet set, Optional<String> token) {
        DescribeTargetGroupsRequest.Builder request =
                DescribeTargetGroupsRequest.builder().pageSize(pageSize);
        token.ifPresent(request::marker);
        Instant asked = clock.instant();
        ElasticLoadBalancingV2Client balancing = clients.of(set.scope());
        DescribeTargetGroupsResponse answer = balancing.describeTargetGroups(request.build());
        return new Page(
                answer.targetGroups().stream()
                        .flatMap(group -> observation(balancing, group, asked).stream())
                        .toList(),
                Optional.ofNullable(answer.nextMarker()).filter(next -> !next.isEmpty()));
    }

    /** One by one: a single group that is gone would fail the whole call. */
    @Override
    public Look look(AssetSet set, List<String> arns) {
        ElasticLoadBalancingV2Client balancing = clients.of(set.scope());
        return Look.oneByOne(arns, arn -> find(balancing, arn));
    }

    private Optional<Observation> find(ElasticLoadBalancingV2Client balancing, String arn) {
        Instant asked = clock.instant();
        try {
            return balancing
                    .describeTargetGroups(request -> request.targetGroupArns(arn))
                    .targetGroups()
                    .stream()
                    .flatMap(group -> observation(balancing, group, asked).stream())
                    .findFirst();
        } catch (TargetGroupNotFoundException e) {
            return Optional.empty();
        }
    }

    @Override
    public int looksAtOnce() {
        return PAGE;
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    /** Empty for a group that was deleted since it was listed. */
    private static Optional<Observation> observation(
            ElasticLoadBalancingV2Client balancing, TargetGroup group, Instant asked) {
        List<TargetHealthDescription> targets;
        try {
            targets =
                    balancing
                            .describeTargetHealth(
                                    request -> request.targetGroupArn(group.targetGroupArn()))
                            .targetHealthDescriptions();
        } catch (TargetGroupNotFoundException e) {
            return Optional.empty();
        }
        Asset.Builder asset =
                Asset.newBuilder()
                        .setResourceName(group.targetGroupName())
                        .setArn(group.targetGroupArn());
        Relations.put(relations(group, targets), asset);
        return Optional.of(new Observation(group.targetGroupArn(), "", asset.build(), asked));
    }

    /** An address says not whose it is: a target by address is no relation. */
    private static Stream<AssetRelation> relations(
            TargetGroup group, List<TargetHealthDescription> targets) {
        Stream<String> ids =
                targets.stream().map(each -> each.target().id()).filter(Objects::nonNull);
        return Stream.of(
                        Stream.ofNullable(group.vpcId())
                                .map(id -> Relations.containedIn("Vpc", Relations.VPC, id)),
                        group.loadBalancerArns().stream().map(Relations::withLoadBalancer),
                        switch (group.targetType()) {
                            case INSTANCE -> ids.map(Relations::withInstance);
                            case LAMBDA -> ids.map(Relations::withFunction);
                            case ALB -> ids.map(Relations::withLoadBalancer);
                            case null, default -> Stream.<AssetRelation>empty();
                        })
                .flatMap(each -> each);
    }
}
