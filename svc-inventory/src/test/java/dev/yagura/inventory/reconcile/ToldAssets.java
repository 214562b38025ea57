package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.TestClock;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.proto.type.v1.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Assets as a source would tell of them, each time in a reading of its own. */
record ToldAssets(InventoryService service) {
    static final Instant START = Instant.parse("2026-05-01T10:00:00Z");

    void tell(Scope scope, String type, Observation... items) {
        Reading reading = begin(scope, type);
        readings().apply(reading, List.of(items));
        readings().complete(reading, Duration.ofMillis(1));
    }

    /** As after a second look that did not find them. */
    void bury(Scope scope, String type, String... ids) {
        Reading reading = begin(scope, type);
        readings()
                .confirm(
                        reading,
                        new AssetSource.Look(List.of(), List.of(), List.of(ids)),
                        START.plus(Duration.ofDays(1)));
        readings().complete(reading, Duration.ofMillis(1));
    }

    private Reading begin(Scope scope, String type) {
        service.postgres().execute("UPDATE scope_reading SET due_time = clock_timestamp()");
        TestClock.CLOCK.advance(Duration.ofMillis(10));
        return readings().begin(new AssetSet(scope, type)).orElseThrow();
    }

    private Readings readings() {
        return service.bean(Readings.class);
    }
}
