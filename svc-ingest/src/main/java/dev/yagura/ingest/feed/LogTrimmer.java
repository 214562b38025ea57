package dev.yagura.ingest.feed;

import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.log.LogKeys;
import dev.yagura.ingest.log.EventLog;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes what every consumer has processed. */
final class LogTrimmer {
    private static final Logger LOG = LoggerFactory.getLogger(LogTrimmer.class);

    private final EventLog log;
    private final ConsumerPositions positions;

    LogTrimmer(EventLog log, ConsumerPositions positions) {
        this.log = log;
        this.positions = positions;
    }

    /** Returns how many entries were deleted; a store that is away is for the next time. */
    long trim() {
        long deleted = 0;
        try {
            for (Map.Entry<Integer, Long> floor : positions.floors().entrySet()) {
                deleted += log.trim(floor.getKey(), floor.getValue());
            }
        } catch (DependencyUnavailableException e) {
            LOG.atWarn().addKeyValue(LogKeys.REASON, e.getMessage()).log("log not trimmed now");
        }
        if (deleted > 0) {
            LOG.atDebug().addKeyValue(LogKeys.COUNT, deleted).log("log trimmed");
        }
        return deleted;
    }
}
