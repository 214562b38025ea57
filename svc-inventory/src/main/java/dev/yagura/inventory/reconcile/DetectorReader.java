package dev.yagura.inventory.reconcile;

import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Reads whether GuardDuty is on in a scope, and what of it. */
@ApplicationScoped
class DetectorReader {
    private final GuardDutySource source;
    private final DetectorStore store;
    private final Clock clock;

    @Inject
    DetectorReader(GuardDutySource source, DetectorStore store, Clock clock) {
        this.source = source;
        this.store = store;
        this.clock = clock;
    }

    void read(Scope scope) {
        Instant asked = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Detector detector;
        try {
            detector = source.detector(scope);
        } catch (RuntimeException e) {
            store.fail(scope, ReadFailures.logged(scope, "guardduty:GetDetector", e));
            return;
        }
        store.replace(scope, detector, asked);
    }
}
