package dev.yagura.inventory.reconcile;

import dev.yagura.common.ids.Ids;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.asset.AssetCatalog;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.inventory.asset.Tally;
import dev.yagura.inventory.organization.AccountStore;
import jakarta.enterprise.inject.Vetoed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Steps of a reading whose process ends at one of its writes. */
@Vetoed
final class DyingReadings extends Readings {
    private final Readings readings;
    private final int step;
    private final boolean after;
    private int writes;

    /** The process ends here: nobody notes that the reading failed. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /**
     * @param step the first write is 1
     * @param after whether that write is kept
     */
    DyingReadings(InventoryService service, int step, boolean after) {
        super(
                service.bean(ReadingStore.class),
                service.bean(ReconciliationStore.class),
                service.bean(AssetCatalog.class),
                service.bean(AccountStore.class),
                service.bean(ReadScopes.class),
                service.bean(Ids.class));
        this.readings = service.bean(Readings.class);
        this.step = step;
        this.after = after;
    }

    @Override
    Optional<Reading> begin(AssetSet set) {
        return write(() -> readings.begin(set));
    }

    @Override
    AssetCatalog.Observed apply(Reading reading, List<Observation> page) {
        return write(() -> readings.apply(reading, page));
    }

    @Override
    List<String> doubtful(Reading reading) {
        return write(() -> readings.doubtful(reading));
    }

    @Override
    Tally confirm(Reading reading, AssetSource.Look look, Instant asked) {
        return write(() -> readings.confirm(reading, look, asked));
    }

    @Override
    boolean recorded(Reading reading) {
        return write(() -> readings.recorded(reading));
    }

    @Override
    void notRecorded(Reading reading, Duration pause, String reason) {
        write(() -> {
            readings.notRecorded(reading, pause, reason);
            return reading;
        });
    }

    @Override
    void complete(Reading reading, Duration pause) {
        write(() -> {
            readings.complete(reading, pause);
            return reading;
        });
    }

    private <T> T write(Supplier<T> transaction) {
        boolean last = ++writes == step;
        if (last && !after) {
            throw new Killed();
        }
        T answer = transaction.get();
        if (last) {
            throw new Killed();
        }
        return answer;
    }
}
