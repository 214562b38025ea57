package dev.yagura.ingest.ledger;

import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.log.LogKeys;
import dev.yagura.ingest.log.LedgerMember;
import dev.yagura.ingest.log.RedisEventLog;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves closed hours from Redis to PostgreSQL; may be interrupted anywhere and run anywhere. */
final class LedgerFold {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerFold.class);
    private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();

    private final RedisEventLog log;
    private final OpenCounts open;
    private final LedgerStore closed;
    private final Duration quiet;
    private final Clock clock;

    LedgerFold(
            RedisEventLog log, OpenCounts open, LedgerStore closed, Duration quiet, Clock clock) {
        this.log = log;
        this.open = open;
        this.closed = closed;
        this.quiet = quiet;
        this.clock = clock;
    }

    /** Returns how many counts were moved; a store that is away is for the next time. */
    int fold() {
        int folded = 0;
        try {
            for (int partition = 0; partition < log.partitions(); partition++) {
                folded += fold(partition);
            }
        } catch (DependencyUnavailableException e) {
            LOG.atWarn().addKeyValue(LogKeys.REASON, e.getMessage()).log("ledger not folded now");
        }
        return folded;
    }

    private int fold(int partition) {
        long now = clock.millis();
        Set<String> agents =
                open.members(partition).stream()
                        .filter(member -> isOver(member.hour(), now))
                        .map(LedgerMember::agentId)
                        .collect(Collectors.toSet());
        int folded = 0;
        for (String agent : agents) {
            List<OpenCounts.Open> over =
                    open.counts(partition, agent).stream()
                            .filter(count ->
                                    isOver(count.count().key().hour(), now)
                                            && count.changedMillis() + quiet.toMillis() <= now)
                            .toList();
            closed.save(over.stream().map(OpenCounts.Open::count).toList());
            over.forEach(open::forget);
            folded += over.size();
        }
        return folded;
    }

    private static boolean isOver(long hour, long nowMillis) {
        return (hour + 1) * HOUR_MILLIS <= nowMillis;
    }
}
