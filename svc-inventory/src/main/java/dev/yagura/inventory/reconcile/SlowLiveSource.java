package dev.yagura.inventory.reconcile;

import java.time.Duration;

/** A service's own API of what changes by the hour: asked as often as AWS Config is. */
interface SlowLiveSource extends LiveSource {
    int INTERVALS = 5;

    @Override
    default Duration pause(Duration interval) {
        return interval.multipliedBy(INTERVALS);
    }
}
