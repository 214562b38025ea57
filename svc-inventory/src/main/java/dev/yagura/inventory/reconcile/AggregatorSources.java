package dev.yagura.inventory.reconcile;

import dev.yagura.common.log.LogKeys;
import dev.yagura.proto.type.v1.Scope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.config.ConfigClient;
import software.amazon.awssdk.services.config.model.AggregatedSourceStatus;
import software.amazon.awssdk.services.config.model.AggregatedSourceStatusType;
import software.amazon.awssdk.services.config.model.AggregatedSourceType;

/** Of which accounts and regions an aggregator has everything, as it says itself. */
final class AggregatorSources {
    private static final Logger LOG = LoggerFactory.getLogger(AggregatorSources.class);

    /** Asked for all accounts at once, for hundreds of readings. */
    private static final Duration BELIEVED = Duration.ofMinutes(1);

    private final AggregatorConfig.Aggregator aggregator;
    private final Clock clock;
    private Map<Source, String> problems = Map.of();
    private Instant asked = Instant.MIN;

    private record Source(String account, String region) {
        String text() {
            return account + ":" + region;
        }
    }

    AggregatorSources(AggregatorConfig.Aggregator aggregator, Clock clock) {
        this.aggregator = aggregator;
        this.clock = clock;
    }

    /**
     * Whether it has everything of a scope. Of none while it does not answer: each account is asked
     * itself then.
     */
    synchronized boolean cover(Scope scope, ConfigClient config) {
        if (!scope.getPartition().equals(aggregator.scope().getPartition())) {
            return false;
        }
        Instant now = clock.instant();
        if (asked.plus(BELIEVED).isBefore(now)) {
            ask(config);
            asked = now;
        }
        String problem = problems.get(new Source(scope.getAccountId(), scope.getRegion()));
        return problem != null && problem.isEmpty();
    }

    private void ask(ConfigClient config) {
        Map<Source, String> found = new TreeMap<>(Comparator.comparing(Source::text));
        try {
            config
                    .describeConfigurationAggregatorSourcesStatusPaginator(
                            request -> request.configurationAggregatorName(aggregator.name()))
                    .stream()
                    .flatMap(page -> page.aggregatedSourceStatusList().stream())
                    .filter(each -> each.sourceType() == AggregatedSourceType.ACCOUNT)
                    .forEach(each ->
                            found.put(
                                    new Source(each.sourceId(), each.awsRegion()), problem(each)));
        } catch (SdkException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.KEY, aggregator.name())
                    .addKeyValue(LogKeys.REASON, e.getMessage())
                    .log("the aggregator does not answer; each account is asked itself");
            found.clear();
        }
        if (!found.equals(problems)) {
            LOG.atInfo()
                    .addKeyValue(LogKeys.KEY, aggregator.name())
                    .addKeyValue(LogKeys.COUNT, found.size())
                    .addKeyValue(LogKeys.REASON, told(found))
                    .log(
                            "accounts and regions of the aggregator; those with a reason are asked"
                                    + " themselves");
            problems = found;
        }
    }

    private static String problem(AggregatedSourceStatus source) {
        return source.lastUpdateStatus() == AggregatedSourceStatusType.SUCCEEDED
                ? ""
                : source.lastUpdateStatusAsString() + " " + source.lastErrorMessage();
    }

    private static String told(Map<Source, String> sources) {
        return sources.entrySet().stream()
                .filter(each -> !each.getValue().isEmpty())
                .map(each -> each.getKey().text() + " " + each.getValue())
                .limit(10)
                .collect(Collectors.joining("; "));
    }
}
