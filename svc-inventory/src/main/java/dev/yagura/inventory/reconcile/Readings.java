package dev.yagura.inventory.reconcile;

import dev.yagura.common.ids.Ids;
import dev.yagura.inventory.asset.AssetCatalog;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.inventory.asset.Reconciliation;
import dev.yagura.inventory.asset.Tally;
import dev.yagura.inventory.organization.AccountStore;
import dev.yagura.inventory.organization.KnownAccount;
import dev.yagura.inventory.organization.ListedAccount;
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

    /** How far one region's recorder may be behind another's: AWS Config says minutes. */
    private static final Duration ELSEWHERE = Duration.ofHours(1);

    private static final int REASON_LENGTH = 500;

    /** Readings that fail until a reconciliation gives a set up. */
    private static final int TRIES = 3;

    private final ReadingStore store;
    private final ReconciliationStore reconciliations;
    private final AssetCatalog assets;
    private final AccountStore accounts;
    private final ReadScopes scopes;
    private final UUID reader;

    @Inject
    Readings(
            ReadingStore store,
            ReconciliationStore reconciliations,
            AssetCatalog assets,
            AccountStore accounts,
            ReadScopes scopes,
            Ids ids) {
        this.store = store;
        this.reconciliations = reconciliations;
        this.assets = assets;
        this.accounts = accounts;
        this.scopes = scopes;
        this.reader = ids.v7();
    }

    /** The next reading of the set; empty when it is not due or another replica has it. */
    @Transactional
    Optional<Reading> begin(AssetSet set) {
        return store.begin(set, reader, LEASE)
                .map(reading -> reading.askedFor(reconciliations.begun(reading)));
    }

    /** Applies a page. */
    @Transactional
    AssetCatalog.Observed apply(Reading reading, List<Observation> page) {
        hold(reading);
        return assets.observe(reading.set(), reading.generation(), page);
    }

    /** What every page together left in doubt. */
    @Transactional
    List<String> doubtful(Reading reading) {
        hold(reading);
        return assets.doubtful(
                reading.set(),
                reading.generation(),
                AssetSets.isToldElsewhere(reading.set()) ? ELSEWHERE : Duration.ZERO);
    }

    /**
     * Applies a second look.
     *
     * @param asked when it began
     * @return what it did, without its calls
     */
    @Transactional
    Tally confirm(Reading reading, AssetSource.Look look, Instant asked) {
        hold(reading);
        AssetCatalog.Observed seen =
                assets.observe(reading.set(), reading.generation(), look.observations());
        int back = assets.found(reading.set(), reading.generation(), look.present());
        int gone = assets.bury(reading.set(), look.gone(), asked);
        return new Tally(0, 0, seen.created(), seen.changed() + back, gone);
    }

    /**
     * Tells those who asked for the reading what it did since. A transaction of its own: pages end
     * theirs with the feed, whose writers wait for each other.
     */
    @Transactional
    void progress(Reading reading, Tally since) {
        reconciliations.progress(reading, since);
    }

    /**
     * The source records the set.
     *
     * @return whether it has for so long that what it does not list is not merely still to be
     *     recorded
     */
    @Transactional
    boolean recorded(Reading reading) {
        hold(reading);
        return store.recorded(reading, ReadingStore.SETTLED);
    }

    @Transactional
    void notRecorded(Reading reading, Duration pause, String reason) {
        store.notRecorded(reading, pause, bounded(reason));
        ended(reading, Reconciliation.State.NOT_RECORDED, reason);
    }

    @Transactional
    void complete(Reading reading, Duration pause) {
        store.complete(reading, pause);
        ended(reading, Reconciliation.State.COMPLETE, "");
    }

    /** A complete list of accounts: those that are not active in it are read no more. */
    @Transactional
    void listed(Reading reading, List<ListedAccount> listed, Duration pause) {
        hold(reading);
        String partition = reading.set().scope().getPartition();
        accounts.replace(partition, listed);
        for (KnownAccount account : accounts.inactive(partition)) {
            store.notRead(
                    partition,
                    account.id(),
                    scopes.configuredRegions(partition, account.id()),
                    bounded(account.whyNotRead()));
        }
        store.complete(reading, pause);
    }

    @Transactional
    void fail(Reading reading, Duration pause, String reason) {
        store.fail(reading, pause, bounded(reason));
        if (reading.asked()) {
            reconciliations.failed(reading, TRIES, bounded(reason));
        }
    }

    private void ended(Reading reading, Reconciliation.State state, String reason) {
        if (reading.asked()) {
            reconciliations.ended(reading, state, bounded(reason));
        }
    }

    int failures(AssetSet set) {
        return store.failures(set);
    }

    private static String bounded(String reason) {
        return reason.substring(0, Math.min(REASON_LENGTH, reason.length()));
    }

    private void hold(Reading reading) {
        if (!store.hold(reading, LEASE)) {
            throw new LeaseLostException(reading);
        }
    }
}
