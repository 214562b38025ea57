package dev.yagura.inventory.software;

import dev.yagura.inventory.reconcile.ReadFailures;
import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Reads what is installed on the managed instances of a scope, host by host. What was read stays
 * read however the reading ends: the next one goes on with the others.
 */
@ApplicationScoped
class SoftwareReader {
    /** A host is a call for every fifty packages: more often would be most of all calls. */
    static final Duration EVERY = Duration.ofHours(1);

    private static final Duration AFTER_FAILURE = Duration.ofMinutes(5);

    /** Longer than all calls of a host with all their attempts. */
    private static final Duration TURN = Duration.ofMinutes(15);

    /** It is not the hosts that fail then. */
    private static final int FAILURES_IN_A_ROW = 3;

    private final SoftwareSource source;
    private final SoftwareStore store;
    private final Clock clock;

    @Inject
    SoftwareReader(SoftwareSource source, SoftwareStore store, Clock clock) {
        this.source = source;
        this.store = store;
        this.clock = clock;
    }

    /**
     * Reads the scope when it is due.
     *
     * @return whether it was
     */
    boolean read(Scope scope) {
        Instant began = now();
        if (!store.begin(scope, began, began.plus(TURN))) {
            return false;
        }
        String failure = "";
        int failed = 0;
        for (SoftwareStore.Due host : store.due(scope, began.minus(EVERY))) {
            Instant asked = now();
            SoftwareAnswer answer;
            try {
                answer = source.read(scope, host.instanceId(), host.captureTime());
            } catch (RuntimeException e) {
                if (Thread.currentThread().isInterrupted()) {
                    // The service stops: that is no failure, and another turn goes on.
                    return true;
                }
                failure = ReadFailures.logged(scope, "ssm:ListInventoryEntries", e);
                failed++;
                if (failed == FAILURES_IN_A_ROW) {
                    break;
                }
                continue;
            }
            failed = 0;
            store.save(scope, host.assetId(), answer, asked, asked.plus(TURN));
        }
        if (failure.isEmpty()) {
            store.complete(scope, now().plus(EVERY));
        } else {
            store.fail(scope, failure, now().plus(AFTER_FAILURE));
        }
        return true;
    }

    /** As PostgreSQL keeps it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
