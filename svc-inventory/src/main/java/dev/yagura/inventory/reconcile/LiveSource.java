package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.asset.AssetSet;
import java.time.Duration;

/** A service's own API: it knows everything of a type, and is asked at every interval. */
interface LiveSource extends AssetSource {
    @Override
    default Coverage coverage(AssetSet set) {
        return new Coverage.Live();
    }

    @Override
    default Duration pause(Duration interval) {
        return interval;
    }
}
