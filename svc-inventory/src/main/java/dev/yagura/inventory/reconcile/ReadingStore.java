package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.proto.type.v1.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Leases and results of readings; times are of the database's clock. */
public interface ReadingStore {

    /** A recorder that was just started takes minutes until it has recorded everything. */
    Duration SETTLED = Duration.ofHours(1);

    /**
     * How fresh a set of assets is.
     *
     * @param completeTime end of the last complete reading; null before the first
     * @param failures readings that failed since
     * @param failure why the last one did; empty when it did not
     * @param notRecorded why its source records nothing of it; empty when it does
     * @param notRead why it is read no more; empty while it is
     * @param recordedSince since when every reading found that its source records it; null where
     *     that is not asked, or where it does not
     */
    record Freshness(
            AssetSet set,
            @Nullable Instant completeTime,
            int failures,
            String failure,
            String notRecorded,
            String notRead,
            @Nullable Instant recordedSince) {

        /**
         * Whether the last complete reading was too soon after the recorder began for what it did
         * not find to be declared gone: that may still be shown as active.
         */
        boolean isSettling() {
            return completeTime != null
                    && recordedSince != null
                    && completeTime.isBefore(recordedSince.plus(SETTLED));
        }
    }

    /** Those of the sets that are due and that nobody reads, the longest due first. */
    List<AssetSet> due(Collection<AssetSet> sets);

    /** The next reading, when it is due and nobody reads the set. */
    Optional<Reading> begin(AssetSet set, UUID reader, Duration lease);

    /**
     * Renews the lease and locks it until the caller's transaction ends.
     *
     * @return false when another reading has begun
     */
    boolean hold(Reading reading, Duration lease);

    /**
     * Keeps readings of the set from writing until the caller's transaction ends; no lease.
     *
     * @return end of its last complete reading
     */
    Optional<Instant> lock(AssetSet set);

    /**
     * The source records the set.
     *
     * @return whether every reading found so for that long
     */
    boolean recorded(Reading reading, Duration settled);

    /** The source does not record the set; the next reading is due after the pause. */
    void notRecorded(Reading reading, Duration pause, String reason);

    /** The reading is complete; the next is due after the pause. */
    void complete(Reading reading, Duration pause);

    /** The reading failed; the next is due after the pause. */
    void fail(Reading reading, Duration pause, String reason);

    /**
     * An account is read no more.
     *
     * @param except regions of it that are read all the same
     */
    void notRead(String partition, String accountId, Collection<String> except, String reason);

    /** Failures since the last complete reading. */
    int failures(AssetSet set);

    List<Freshness> freshness();

    /** Of what is read of these accounts, in any region. */
    List<Freshness> freshness(Collection<Scope> scopes);
}
