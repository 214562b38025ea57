package dev.yagura.inventory.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.proto.type.v1.Scope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.services.config.ConfigClient;
import software.amazon.awssdk.services.config.model.SelectAggregateResourceConfigRequest;
import software.amazon.awssdk.services.config.model.SelectAggregateResourceConfigResponse;

/**
 * Pages of an aggregator of AWS Config. A query is for a type and region of an account and of those
 * that follow it, in order; what of the followers comes whole in the same page waits for their
 * readings, so that one call serves as many small accounts as fit.
 */
final class AggregatePages {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The most that SelectAggregateResourceConfig takes. */
    private static final int LIMIT = 100;

    /** Items are minutes old anyway; an account whose reading is not near is asked for again. */
    private static final Duration KEPT = Duration.ofSeconds(30);

    private static final String TOKEN = "aggregate";
    private static final String SEPARATOR = "\n";

    private final AggregatorConfig.Aggregator aggregator;
    private final AggregatorSources sources;
    private final ClientByScope<ConfigClient> clients;
    private final Supplier<List<AssetSet>> sets;
    private final Clock clock;
    private final Map<AssetSet, Ahead> ahead = new ConcurrentHashMap<>();

    /** Two that ask for the same type and region: what the first gets may serve the second. */
    private final Map<String, ReentrantLock> asking = new ConcurrentHashMap<>();

    /** Everything of a set that a query for another one had. */
    private record Ahead(List<String> results, Instant time) {}

    /** Results of a page, and the token of the set's next one. */
    record Results(List<String> results, Optional<String> next) {}

    /**
     * @param sets what is read now
     */
    AggregatePages(
            AggregatorConfig.Aggregator aggregator,
            ClientByScope<ConfigClient> clients,
            Supplier<List<AssetSet>> sets,
            Clock clock) {
        this.aggregator = aggregator;
        this.sources = new AggregatorSources(aggregator, clock);
        this.clients = clients;
        this.sets = sets;
        this.clock = clock;
    }

    /**
     * Whether a page is asked here: the first one while the aggregator has everything of the scope,
     * and those that follow it. What is the same in all regions has none by which it could be asked
     * for.
     */
    boolean has(AssetSet set, Optional<String> token) {
        return token.map(AggregatePages::isToken)
                .orElseGet(() ->
                        !AssetSets.GLOBAL.contains(set.resourceType()) && isCovered(set.scope()));
    }

    private boolean isCovered(Scope scope) {
        return sources.cover(scope, client());
    }

    private ConfigClient client() {
        return clients.of(aggregator.scope());
    }

    private static boolean isToken(String token) {
        return token.startsWith(TOKEN + SEPARATOR);
    }

    Results page(AssetSet set, Optional<String> token, String properties) {
        return token.isPresent() ? next(set, token.get(), properties) : first(set, properties);
    }

    private Results first(AssetSet set, String properties) {
        ReentrantLock lock =
                asking.computeIfAbsent(
                        set.resourceType() + " " + set.scope().getRegion(),
                        key -> new ReentrantLock());
        lock.lock();
        try {
            Instant now = clock.instant();
            ahead.values().removeIf(each -> each.time.plus(KEPT).isBefore(now));
            Ahead known = ahead.remove(set);
            return known == null
                    ? ask(set, AggregateQuery.of(set, accounts(set)), Optional.empty(), properties)
                    : new Results(known.results, Optional.empty());
        } finally {
            lock.unlock();
        }
    }

    private Results next(AssetSet set, String token, String properties) {
        String[] parts = token.split(SEPARATOR, 3);
        return ask(
                set,
                AggregateQuery.of(set, List.of(parts[1].split(",", -1))),
                Optional.of(parts[2]),
                properties);
    }

    /** The account's own, then those after it whose sets of the same kind are read. */
    private List<String> accounts(AssetSet set) {
        String first = set.scope().getAccountId();
        return Stream.concat(
                        Stream.of(first),
                        sets.get().stream()
                                .filter(each -> isAlike(each, set))
                                .map(AssetSet::scope)
                                .filter(scope -> scope.getAccountId().compareTo(first) > 0)
                                .filter(this::isCovered)
                                .map(Scope::getAccountId)
                                .sorted())
                .distinct()
                .toList();
    }

    private static boolean isAlike(AssetSet one, AssetSet other) {
        return one.resourceType().equals(other.resourceType())
                && one.scope().getRegion().equals(other.scope().getRegion())
                && one.scope().getPartition().equals(other.scope().getPartition());
    }

    private Results ask(
            AssetSet set, AggregateQuery query, Optional<String> token, String properties) {
        SelectAggregateResourceConfigRequest.Builder request =
                SelectAggregateResourceConfigRequest.builder()
                        .configurationAggregatorName(aggregator.name())
                        .expression(query.expression(properties))
                        .limit(LIMIT);
        token.ifPresent(request::nextToken);
        Instant asked = clock.instant();
        SelectAggregateResourceConfigResponse answer =
                client().selectAggregateResourceConfig(request.build());
        Optional<String> more =
                Optional.ofNullable(answer.nextToken()).filter(next -> !next.isEmpty());
        Map<String, List<String>> byAccount = byAccount(answer.results());
        String own = set.scope().getAccountId();
        String last = byAccount.keySet().stream().max(String::compareTo).orElse(own);
        for (String account : query.accounts()) {
            // One that ends within the page: the last may go on in the next.
            if (account.compareTo(own) > 0 && (more.isEmpty() || account.compareTo(last) < 0)) {
                ahead.put(
                        of(set, account),
                        new Ahead(byAccount.getOrDefault(account, List.of()), asked));
            }
        }
        boolean ends = more.isEmpty() || last.compareTo(own) > 0;
        return new Results(
                byAccount.getOrDefault(own, List.of()),
                ends
                        ? Optional.empty()
                        : more.map(next ->
                                String.join(
                                        SEPARATOR,
                                        TOKEN,
                                        String.join(",", query.accounts()),
                                        next)));
    }

    private static AssetSet of(AssetSet set, String account) {
        Scope scope = set.scope();
        return new AssetSet(
                Scopes.of(scope.getPartition(), account, scope.getRegion()), set.resourceType());
    }

    private static Map<String, List<String>> byAccount(List<String> results) {
        Map<String, List<String>> byAccount = new TreeMap<>();
        for (String result : results) {
            byAccount.computeIfAbsent(account(result), key -> new ArrayList<>()).add(result);
        }
        return byAccount;
    }

    /** Whose it is cannot be left open: a listing of somebody would be taken for whole. */
    private static String account(String result) {
        try {
            String account = JSON.readTree(result).path("accountId").asText("");
            if (account.isEmpty()) {
                throw new IllegalStateException("the aggregator has an item without account");
            }
            return account;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "the aggregator has an item that is no JSON: "
                            + Objects.toString(e.getOriginalMessage()),
                    e);
        }
    }
}
