package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Reconciliation;
import dev.yagura.inventory.asset.Tally;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Where it is kept which readings were asked for; times are of the database's clock. */
interface ReconciliationStore {

    /**
     * A request as it is stored.
     *
     * @param digest of all that makes it another request
     */
    record Asked(UUID id, UUID requestId, String digest, String requestedBy) {}

    /**
     * Stores it and makes the next reading of each set due.
     *
     * @return false when the request id is taken, and nothing is stored
     */
    boolean start(Asked asked, List<AssetSet> sets, Duration longest);

    Optional<Asked> byRequest(UUID requestId);

    /** How many go on. */
    int running();

    Optional<Reconciliation> find(UUID id, Visibility visibility);

    /** Failed ones first, then those that go on. */
    List<Reconciliation.ReconciledSet> sets(UUID id, Visibility visibility, int limit);

    /** Those older than one, newest first. */
    List<Reconciliation> list(Visibility visibility, Optional<UUID> before, int limit);

    /**
     * A reading has begun.
     *
     * @return whether one was asked for
     */
    boolean begun(Reading reading);

    /** Adds what the reading did since; its items replace those of the reading before. */
    void progress(Reading reading, Tally since);

    /** It is complete, or its source does not record it, which the reason says. */
    void ended(Reading reading, Reconciliation.State state, String reason);

    /** Waits for the next reading, or has failed when so many readings did. */
    void failed(Reading reading, int most, String reason);

    /**
     * Sets whose time is over have failed.
     *
     * @return how many
     */
    int giveUp(String reason);

    /**
     * Deletes some of those that ended and began longer ago.
     *
     * @return how many
     */
    int forget(Duration age, int atOnce);
}
