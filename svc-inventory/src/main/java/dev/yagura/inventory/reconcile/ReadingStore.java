package dev.yagura.inventory.reconcile;

import dev.yagura.proto.type.v1.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Leases and results of readings; times are of the database's clock. */
public interface ReadingStore {

    /**
     * How fresh a scope is.
     *
     * @param completeTime end of the last complete reading; null before the first
     * @param failures readings that failed since
     * @param failure why the last one did; empty when it did not
     */
    record Freshness(Scope scope, @Nullable Instant completeTime, int failures, String failure) {}

    /** The next reading, when it is due and nobody reads the scope. */
    Optional<Reading> begin(Scope scope, UUID reader, Duration lease);

    /**
     * Renews the lease and locks it until the caller's transaction ends.
     *
     * @return false when another reading has begun
     */
    boolean hold(Reading reading, Duration lease);

    /** The reading is complete; the next is due after the pause. */
    void complete(Reading reading, Duration pause);

    /** The reading failed; the next is due after the pause. */
    void fail(Reading reading, Duration pause, String reason);

    /** Failures since the last complete reading. */
    int failures(Scope scope);

    List<Freshness> freshness();
}
