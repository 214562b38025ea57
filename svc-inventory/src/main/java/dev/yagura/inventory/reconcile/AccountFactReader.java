package dev.yagura.inventory.reconcile;

import dev.yagura.common.config.Settings;
import dev.yagura.inventory.account.AccountAnswers;
import dev.yagura.inventory.account.AccountFactSource;
import dev.yagura.inventory.account.AccountFactStore;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Reads what is set for an account as a whole, and its users. */
@ApplicationScoped
class AccountFactReader {
    /** People change these by the month: as often as AWS Config is read is soon enough. */
    private static final int INTERVALS = 5;

    private final AccountFactSource source;
    private final AccountFactStore store;
    private final Readings readings;
    private final Duration interval;
    private final Clock clock;

    @Inject
    AccountFactReader(
            AccountFactSource source,
            AccountFactStore store,
            Readings readings,
            Settings settings,
            Clock clock) {
        this(source, store, readings, ReadingConfig.from(settings).interval(), clock);
    }

    AccountFactReader(
            AccountFactSource source,
            AccountFactStore store,
            Readings readings,
            Duration interval,
            Clock clock) {
        this.source = source;
        this.store = store;
        this.readings = readings;
        this.interval = interval;
        this.clock = clock;
    }

    /**
     * Reads them when it is due. What was told counts, also where another call failed: then the
     * reading has failed, and is soon made again.
     */
    void read(AssetSet set) {
        Optional<Reading> begun = readings.begin(set);
        if (begun.isEmpty()) {
            return;
        }
        Duration pause = interval.multipliedBy(INTERVALS);
        try {
            Scope home = set.scope();
            Instant asked = clock.instant().truncatedTo(ChronoUnit.MICROS);
            AccountAnswers answers = source.read(home);
            store.save(home.getPartition(), home.getAccountId(), answers, asked);
            if (!answers.failures().isEmpty()) {
                throw new IllegalStateException(String.join("; ", answers.failures()));
            }
            readings.complete(begun.get(), answers.isPending() ? interval : pause);
        } catch (RuntimeException e) {
            ScopeReader.fail(readings, begun.get(), pause, e);
        }
    }
}
