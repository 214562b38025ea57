package dev.yagura.inventory.asset;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A full reading of sets of assets that was asked for, as far as its reader may see it.
 *
 * @param dueTime what has not ended by then has failed
 * @param counts how many sets are in each state; those in none are missing
 * @param tally of all sets together
 * @param endTime of the last set; null while one goes on
 * @param sets failed ones first, then those that go on; not all of very many, and none in lists
 */
public record Reconciliation(
        UUID id,
        UUID requestId,
        String requestedBy,
        Instant startTime,
        Instant dueTime,
        Map<State, Integer> counts,
        Tally tally,
        @Nullable Instant endTime,
        List<ReconciledSet> sets) {

    /** How a set stands. */
    public enum State {
        WAITING,
        READING,
        COMPLETE,
        NOT_RECORDED,
        FAILED;
    }

    /**
     * How one set stands.
     *
     * @param reason why it failed, failed last or is not recorded; else empty
     * @param startTime of its last reading; null before the first
     * @param endTime null while it goes on
     */
    public record ReconciledSet(
            AssetSet set,
            State state,
            String reason,
            Tally tally,
            @Nullable Instant startTime,
            @Nullable Instant endTime) {}

    public Reconciliation {
        counts = Map.copyOf(counts);
        sets = List.copyOf(sets);
    }

    /** With its sets. */
    public Reconciliation with(List<ReconciledSet> parts) {
        return new Reconciliation(
                id, requestId, requestedBy, startTime, dueTime, counts, tally, endTime, parts);
    }

    int count(State state) {
        return counts.getOrDefault(state, 0);
    }
}
