package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.asset.AssetCatalog;
import dev.yagura.inventory.asset.Tally;
import java.util.concurrent.atomic.AtomicLong;

/** Tells those who asked for a reading how it goes on; costs nothing where nobody did. */
final class Told {
    private final Readings readings;
    private final Reading reading;
    private final AtomicLong sent = new AtomicLong();

    Told(Readings readings, Reading reading) {
        this.readings = readings;
        this.reading = reading;
    }

    /** Counts requests to AWS that were not told yet. */
    AtomicLong sent() {
        return sent;
    }

    void page(int items, AssetCatalog.Observed observed) {
        tell(new Tally(items, 0, observed.created(), observed.changed(), 0));
    }

    void look(Tally looked) {
        tell(looked);
    }

    /** Those that led to no page and no look. */
    void calls() {
        tell(new Tally(0, 0, 0, 0, 0));
    }

    private void tell(Tally since) {
        if (reading.asked()) {
            readings.progress(
                    reading,
                    new Tally(
                            since.items(),
                            sent.getAndSet(0),
                            since.created(),
                            since.changed(),
                            since.tombstoned()));
        }
    }
}
