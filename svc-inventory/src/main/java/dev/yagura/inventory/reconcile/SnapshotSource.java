package dev.yagura.inventory.reconcile;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.config.Settings;
import dev.yagura.inventory.agent.AgentProtos;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.proto.inventory.v1.Asset;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeSnapshotsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSnapshotsResponse;
import software.amazon.awssdk.services.ec2.model.Snapshot;

/** Snapshots that an account owns, which AWS Config does not record; one client a scope. */
@ApplicationScoped
class SnapshotSource implements SlowLiveSource {
    /** A filter takes so many values. */
    private static final int LOOK = 200;

    private static final String OWN = "self";

    /** What EC2 says of the volume of a copied snapshot: that there is none. */
    private static final String NO_VOLUME = "vol-ffffffff";

    private final ClientByScope<Ec2Client> clients;
    private final int pageSize;
    private final Clock clock;

    @Inject
    SnapshotSource(AwsClients clients, Settings settings, Clock clock) {
        this(clients, ReadingConfig.from(settings).pageSize(), clock);
    }

    /**
     * @param pageSize snapshots a call; EC2 takes 5 to 1000
     */
    SnapshotSource(AwsClients clients, int pageSize, Clock clock) {
        this.clients = new ClientByScope<>(scope -> clients.client(Ec2Client.builder(), scope));
        this.pageSize = pageSize;
        this.clock = clock;
    }

    @Override
    public Page page(AssetSet set, Optional<String> token) {
        DescribeSnapshotsRequest.Builder request =
                DescribeSnapshotsRequest.builder().ownerIds(OWN).maxResults(pageSize);
        token.ifPresent(request::nextToken);
        Instant asked = clock.instant();
        DescribeSnapshotsResponse answer =
                clients.of(set.scope()).describeSnapshots(request.build());
        return new Page(
                answer.snapshots().stream().map(each -> observation(each, asked)).toList(),
                Optional.ofNullable(answer.nextToken()).filter(next -> !next.isEmpty()));
    }

    /** By filter: named by id, a single snapshot that is gone would fail the whole call. */
    @Override
    public Look look(AssetSet set, List<String> snapshotIds) {
        Instant asked = clock.instant();
        List<Observation> found =
                clients
                        .of(set.scope())
                        .describeSnapshotsPaginator(request ->
                                request.ownerIds(OWN)
                                        .maxResults(pageSize)
                                        .filters(filter ->
                                                filter.name("snapshot-id").values(snapshotIds)))
                        .snapshots()
                        .stream()
                        .map(each -> observation(each, asked))
                        .toList();
        return Look.filtered(snapshotIds, found);
    }

    @Override
    public int looksAtOnce() {
        return LOOK;
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    private static Observation observation(Snapshot snapshot, Instant asked) {
        Asset.Builder asset = Asset.newBuilder();
        if (snapshot.startTime() != null) {
            asset.setResourceCreateTime(AgentProtos.timestamp(snapshot.startTime()));
        }
        snapshot.tags()
                .forEach(tag ->
                        asset.putTags(tag.key(), Objects.requireNonNullElse(tag.value(), "")));
        Relations.put(
                Stream.ofNullable(snapshot.volumeId())
                        .filter(id -> !id.equals(NO_VOLUME))
                        .map(id -> Relations.of("Is created from Volume", "AWS::EC2::Volume", id)),
                asset);
        return new Observation(
                snapshot.snapshotId(),
                "",
                asset.build(),
                Optional.of(configuration(snapshot)),
                asked);
    }

    /** What a snapshot keeps for life: a configuration alone that changes is no news. */
    private static String configuration(Snapshot snapshot) {
        ObjectNode into = JsonNodeFactory.instance.objectNode();
        into.put("snapshotId", snapshot.snapshotId())
                .put("encrypted", Boolean.TRUE.equals(snapshot.encrypted()))
                .put("kmsKeyId", snapshot.kmsKeyId())
                .put("volumeSize", snapshot.volumeSize())
                .put("description", snapshot.description());
        return into.toString();
    }
}
