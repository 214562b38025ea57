package dev.yagura.inventory.reconcile;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.config.Settings;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;

/** EC2's DescribeInstances; one client a scope. */
@ApplicationScoped
class Ec2InstanceSource implements LiveSource {
    /** A filter of DescribeInstances takes so many values. */
    private static final int LOOK = 200;

    private final ClientByScope<Ec2Client> clients;
    private final int pageSize;
    private final Clock clock;

    @Inject
    Ec2InstanceSource(AwsClients clients, Settings settings, Clock clock) {
        this(clients, ReadingConfig.from(settings).pageSize(), clock);
    }

    Ec2InstanceSource(AwsClients clients, int pageSize, Clock clock) {
        this.clients = new ClientByScope<>(scope -> clients.client(Ec2Client.builder(), scope));
        this.pageSize = pageSize;
        this.clock = clock;
    }

    @Override
    public Page page(AssetSet set, Optional<String> token) {
        DescribeInstancesRequest.Builder request =
                DescribeInstancesRequest.builder().maxResults(pageSize);
        token.ifPresent(request::nextToken);
        Instant asked = clock.instant();
        DescribeInstancesResponse answer =
                clients.of(set.scope()).describeInstances(request.build());
        return new Page(
                observations(answer, asked),
                Optional.ofNullable(answer.nextToken()).filter(next -> !next.isEmpty()));
    }

    /** By filter: named by id, a single instance that is gone would fail the whole call. */
    @Override
    public Look look(AssetSet set, List<String> instanceIds) {
        Instant asked = clock.instant();
        List<Observation> found =
                clients
                        .of(set.scope())
                        .describeInstancesPaginator(request ->
                                request.maxResults(pageSize)
                                        .filters(filter ->
                                                filter.name("instance-id").values(instanceIds)))
                        .stream()
                        .flatMap(answer -> observations(answer, asked).stream())
                        .toList();
        return Look.filtered(instanceIds, found);
    }

    @Override
    public int looksAtOnce() {
        return LOOK;
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    private static List<Observation> observations(DescribeInstancesResponse answer, Instant asked) {
        return answer.reservations().stream()
                .flatMap(reservation -> reservation.instances().stream())
                .map(instance -> Ec2Instances.observation(instance, asked))
                .toList();
    }
}
