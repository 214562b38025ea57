package dev.yagura.inventory.reconcile;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.config.Settings;
import dev.yagura.common.log.LogKeys;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.config.ConfigClient;
import software.amazon.awssdk.services.config.model.BatchGetResourceConfigRequest;
import software.amazon.awssdk.services.config.model.BatchGetResourceConfigResponse;
import software.amazon.awssdk.services.config.model.ResourceKey;
import software.amazon.awssdk.services.config.model.SelectResourceConfigRequest;
import software.amazon.awssdk.services.config.model.SelectResourceConfigResponse;

/**
 * What AWS Config has written down; one client a scope. Pages come from its search index, which may
 * be behind, or from an aggregator, which is further behind; a second look asks the account itself
 * for the items themselves, and so does the question what it records.
 */
@ApplicationScoped
class ConfigAssetSource implements AssetSource {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigAssetSource.class);

    /** The most that SelectResourceConfig and BatchGetResourceConfig take. */
    private static final int AT_ONCE = 100;

    /** An item is minutes old when it can be read: asking as often as EC2 finds nothing sooner. */
    private static final int INTERVALS = 5;

    private static final String PROPERTIES =
            "resourceId, resourceName, arn, availabilityZone, tags, relationships,"
                    + " configuration, supplementaryConfiguration, configurationItemCaptureTime,"
                    + " configurationItemStatus, resourceCreationTime";

    private static final String QUERY = "SELECT " + PROPERTIES + " WHERE resourceType = '%s'";

    private final ClientByScope<ConfigClient> clients;

    private final Optional<AggregatePages> aggregated;

    @Inject
    ConfigAssetSource(AwsClients clients, Settings settings, ReadScopes scopes, Clock clock) {
        this(clients, AggregatorConfig.from(settings).aggregator(), scopes::sets, clock);
    }

    /** Asks each account itself. */
    ConfigAssetSource(AwsClients clients) {
        this(clients, Optional.empty(), List::of, Clock.systemUTC());
    }

    /**
     * @param aggregator asked for pages of all accounts and regions of which it has everything
     * @param sets what is read now
     */
    ConfigAssetSource(
            AwsClients clients,
            Optional<AggregatorConfig.Aggregator> aggregator,
            Supplier<List<AssetSet>> sets,
            Clock clock) {
        this.clients = new ClientByScope<>(scope -> clients.client(ConfigClient.builder(), scope));
        this.aggregated =
                aggregator.map(each -> new AggregatePages(each, this.clients, sets, clock));
    }

    @Override
    public Page page(AssetSet set, Optional<String> token) {
        if (aggregated.isPresent() && aggregated.get().has(set, token)) {
            AggregatePages.Results answer = aggregated.get().page(set, token, PROPERTIES);
            return new Page(observations(set, answer.results()), answer.next());
        }
        SelectResourceConfigRequest.Builder request =
                SelectResourceConfigRequest.builder()
                        .expression(QUERY.formatted(set.resourceType()))
                        .limit(AT_ONCE);
        token.ifPresent(request::nextToken);
        SelectResourceConfigResponse answer =
                clients.of(set.scope()).selectResourceConfig(request.build());
        return new Page(
                observations(set, answer.results()),
                Optional.ofNullable(answer.nextToken()).filter(next -> !next.isEmpty()));
    }

    /**
     * Without observations: BatchGetResourceConfig has neither tags nor relations. It may leave
     * some unprocessed: they are asked for again while that helps, and else stay in doubt.
     */
    @Override
    public Look look(AssetSet set, List<String> nativeIds) {
        List<String> present = new ArrayList<>();
        Set<String> gone = new HashSet<>(nativeIds);
        List<ResourceKey> asked = List.of();
        List<ResourceKey> left = nativeIds.stream().map(id -> key(set, id)).toList();
        while (!left.isEmpty() && left.size() != asked.size()) {
            asked = left;
            BatchGetResourceConfigResponse answer =
                    clients.of(set.scope())
                            .batchGetResourceConfig(
                                    BatchGetResourceConfigRequest.builder()
                                            .resourceKeys(asked)
                                            .build());
            answer.baseConfigurationItems().stream()
                    .filter(item -> !ConfigItems.isDeleted(item.configurationItemStatusAsString()))
                    .forEach(item -> present.add(item.resourceId()));
            left = answer.unprocessedResourceKeys();
        }
        present.forEach(gone::remove);
        left.forEach(key -> gone.remove(key.resourceId()));
        return new Look(List.of(), present, List.copyOf(gone));
    }

    @Override
    public int looksAtOnce() {
        return AT_ONCE;
    }

    @Override
    public Coverage coverage(AssetSet set) {
        ConfigClient config = clients.of(set.scope());
        return ConfigRecorders.coverage(
                set.resourceType(),
                config.describeConfigurationRecorders().configurationRecorders(),
                config.describeConfigurationRecorderStatus().configurationRecordersStatus());
    }

    @Override
    public Duration pause(Duration interval) {
        return interval.multipliedBy(INTERVALS);
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    private static ResourceKey key(AssetSet set, String nativeId) {
        return ResourceKey.builder().resourceType(set.resourceType()).resourceId(nativeId).build();
    }

    /** An item that cannot be read is left out: not seen, it is looked at by its id. */
    private static List<Observation> observations(AssetSet set, List<String> results) {
        List<Observation> observations = new ArrayList<>();
        for (String result : results) {
            try {
                ConfigItems.observation(result).ifPresent(observations::add);
            } catch (IllegalArgumentException e) {
                LOG.atWarn()
                        .addKeyValue(LogKeys.KEY, set.text())
                        .addKeyValue(LogKeys.REASON, e.getMessage())
                        .log("cannot read an item of AWS Config; the asset stays as it was");
            }
        }
        return observations;
    }
}
