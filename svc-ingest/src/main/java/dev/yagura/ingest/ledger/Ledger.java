package dev.yagura.ingest.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Sums of open and closed counts. */
@ApplicationScoped
class Ledger {
    private final OpenCounts open;
    private final LedgerStore closed;

    @Inject
    Ledger(OpenCounts open, LedgerStore closed) {
        this.open = open;
        this.closed = closed;
    }

    /** The sum of an hour and agent, if the scope allows to see it. */
    Optional<LedgerCount> find(LedgerCount.Key key, LedgerQuery scope) {
        return sums(List.of(key)).stream()
                .filter(count -> scope.maySee(count.scope().getAccountId()))
                .findFirst();
    }

    /** The first sums of a query, newest hour first. */
    List<LedgerCount> list(LedgerQuery query, int limit) {
        // Redis first: what is folded in between is then found in PostgreSQL.
        TreeSet<LedgerCount.Key> keys = new TreeSet<>(open.keys(query, limit));
        keys.addAll(closed.keys(query, limit));
        return sums(keys.stream().limit(limit).toList());
    }

    private List<LedgerCount> sums(Collection<LedgerCount.Key> keys) {
        Map<String, LedgerCount> generations = new HashMap<>();
        open.counts(keys).forEach(count -> keepNewer(generations, count.count()));
        closed.counts(keys).forEach(count -> keepNewer(generations, count));
        Map<LedgerCount.Key, LedgerCount> sums = new TreeMap<>();
        generations.values().forEach(count -> sums.merge(count.key(), count, LedgerCount::plus));
        return List.copyOf(sums.values());
    }

    /** While an hour is folded both stores have its generation. */
    private static void keepNewer(Map<String, LedgerCount> generations, LedgerCount count) {
        generations.merge(
                count.generation(),
                count,
                (first, second) -> first.version() >= second.version() ? first : second);
    }
}
