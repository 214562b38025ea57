package dev.yagura.detection.rule;

import dev.yagura.detection.alert.LogRecord;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.time.Duration;
import java.util.List;

/** Events that the log still keeps, for a look that moves nobody's place in it. */
public interface KeptEvents {

    /**
     * How far to look.
     *
     * @param bytes of packed batches
     */
    record Limits(Duration duration, long bytes) {}

    /** Takes a batch. */
    @FunctionalInterface
    interface Visitor {
        void take(LogRecord record, List<SensorEvent> events);
    }

    /**
     * How far it looked.
     *
     * @param keptBatches in the log when it began
     * @param incompleteReason empty when all of them were shown
     */
    record Extent(long batches, long keptBatches, String incompleteReason) {}

    /**
     * Shows kept batches, of each partition the newest that fit.
     *
     * @throws dev.yagura.common.error.DependencyUnavailableException the log is away
     */
    Extent look(Limits limits, Visitor visitor);
}
