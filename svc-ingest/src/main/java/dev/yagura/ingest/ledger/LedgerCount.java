package dev.yagura.ingest.ledger;

import dev.yagura.proto.type.v1.Scope;
import java.util.Map;
import java.util.TreeMap;

/**
 * One generation of an hour's counts.
 *
 * @param key hour and agent
 * @param generation of the counter, unique over all logs
 * @param version grows with each change of this generation
 * @param losses events declared lost, by reason
 */
record LedgerCount(
        Key key,
        String generation,
        long version,
        String hostId,
        Scope scope,
        long stored,
        long storedBytes,
        long batches,
        long declaredLost,
        Map<String, Long> losses) {

    LedgerCount {
        losses = Map.copyOf(losses);
    }

    /**
     * What the ledger is kept by.
     *
     * @param hour since 1970 UTC
     */
    record Key(long hour, String agentId) implements Comparable<Key> {
        /** Newest hour first. */
        @Override
        public int compareTo(Key other) {
            int byHour = Long.compare(other.hour, hour);
            return byHour != 0 ? byHour : agentId.compareTo(other.agentId);
        }
    }

    /** The counts of two generations of the same hour and agent. */
    LedgerCount plus(LedgerCount other) {
        Map<String, Long> sum = new TreeMap<>(losses);
        other.losses.forEach((reason, events) -> sum.merge(reason, events, Long::sum));
        return new LedgerCount(
                key,
                generation,
                version,
                hostId,
                scope,
                stored + other.stored,
                storedBytes + other.storedBytes,
                batches + other.batches,
                declaredLost + other.declaredLost,
                sum);
    }
}
