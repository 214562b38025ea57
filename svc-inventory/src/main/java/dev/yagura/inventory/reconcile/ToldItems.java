package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.asset.AssetCatalog;
import dev.yagura.inventory.asset.AssetCatalog.Told;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Instant;

/**
 * What is told of single assets, each a transaction whose first statement keeps readings of the
 * set, and what others are told of it, waiting: two that decide at once from the same state would
 * undo each other.
 */
@ApplicationScoped
class ToldItems {
    private final ReadingStore store;
    private final AssetCatalog assets;

    @Inject
    ToldItems(ReadingStore store, AssetCatalog assets) {
        this.store = store;
        this.assets = assets;
    }

    boolean isKnown(AssetSet set, Observation said) {
        return assets.isKnown(set, said);
    }

    /** Whether the database answers; throws if it does not. */
    void check() {
        store.freshness();
    }

    @Transactional
    Told tell(AssetSet set, Observation said, boolean looked) {
        Instant read = store.lock(set).orElse(Instant.EPOCH);
        return assets.tell(set, said, looked, read);
    }

    @Transactional
    Told tellGone(AssetSet set, Observation last) {
        store.lock(set);
        return assets.tellGone(set, last);
    }

    /**
     * A look at a live API.
     *
     * @param asked when it began
     */
    @Transactional
    Told confirm(AssetSet set, AssetSource.Look look, Instant asked) {
        store.lock(set);
        boolean changed = false;
        for (Observation seen : look.observations()) {
            changed |= assets.tell(set, seen, true, asked) == Told.CHANGED;
        }
        changed |= assets.bury(set, look.gone(), asked) > 0;
        return changed ? Told.CHANGED : Told.NOTHING_NEW;
    }
}
