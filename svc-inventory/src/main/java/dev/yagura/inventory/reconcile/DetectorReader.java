package dev.yagura.inventory.reconcile;

import dev.yagura.common.log.LogKeys;
import dev.yagura.common.text.Texts;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads whether GuardDuty is on in a scope, and what of it. */
@ApplicationScoped
class DetectorReader {
    private static final Logger LOG = LoggerFactory.getLogger(DetectorReader.class);
    private static final int REASON_LENGTH = 500;

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
            String reason = String.valueOf(e.getMessage());
            LOG.atWarn()
                    .addKeyValue(LogKeys.KEY, Scopes.text(scope))
                    .addKeyValue(LogKeys.REASON, reason)
                    .log("cannot read whether GuardDuty is on; trying again");
            store.fail(scope, Texts.clip(reason, REASON_LENGTH));
            return;
        }
        store.replace(scope, detector, asked);
    }
}
