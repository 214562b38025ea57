package dev.yagura.inventory.reconcile;

import dev.yagura.common.ids.Ids;
import dev.yagura.inventory.asset.AssetCatalog;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The steps of a reading, each a transaction whose first statement checks the lease. */
@ApplicationScoped
class Readings {
    /** Longer than two AWS calls with all their attempts; renewed with each page. */
    private static final Duration LEASE = Duration.ofMinutes(2);

    private static final int REASON_LENGTH = 500;

    private final ReadingStore store;
    private final AssetCatalog assets;
    private final UUID reader;

    @Inject
    Readings(ReadingStore store, AssetCatalog assets, Ids ids) {
        this.store = store;
        this.assets = assets;
        this.reader = ids.v7();
    }

    /** The next reading of the scope; empty when it is not due or another replica has it. */
    @Transactional
    Optional<Reading> begin(Scope scope) {
        return store.begin(scope, reader, LEASE);
    }

    /** Applies a page. */
    @Transactional
    void apply(Reading reading, List<Observation> page) {
        hold(reading);
        assets.observe(reading.scope(), reading.generation(), page);
    }

    /** What every page together left in doubt. */
    @Transactional
    List<String> doubtful(Reading reading) {
        hold(reading);
        return assets.doubtful(reading.scope(), reading.generation());
    }

    /**
     * Applies a second look.
     *
     * @param found what it found, in any state
     * @param gone native ids that it did not find, or found terminated
     * @param asked when it began
     * @return how many became tombstones
     */
    @Transactional
    int confirm(Reading reading, List<Observation> found, List<String> gone, Instant asked) {
        hold(reading);
        assets.observe(reading.scope(), reading.generation(), found);
        return assets.bury(reading.scope(), gone, asked);
    }

    @Transactional
    void complete(Reading reading, Duration pause) {
        store.complete(reading, pause);
    }

    @Transactional
    void fail(Reading reading, Duration pause, String reason) {
        store.fail(reading, pause, reason.substring(0, Math.min(REASON_LENGTH, reason.length())));
    }

    int failures(Scope scope) {
        return store.failures(scope);
    }

    private void hold(Reading reading) {
        if (!store.hold(reading, LEASE)) {
            throw new LeaseLostException(reading);
        }
    }
}
