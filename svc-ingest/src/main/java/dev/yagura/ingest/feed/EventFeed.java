package dev.yagura.ingest.feed;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.PositionLostException;
import dev.yagura.ingest.log.Bounds;
import dev.yagura.ingest.log.EventLog;
import dev.yagura.ingest.log.LogPage;
import dev.yagura.ingest.log.StoredEntry;
import java.time.Duration;

/** Reads of one partition that never skip: what a reader cannot have is an error, not silence. */
final class EventFeed {
    private final EventLog log;
    private final int maxEntries;

    EventFeed(EventLog log, int maxEntries) {
        this.log = log;
        this.maxEntries = maxEntries;
    }

    /** Reads on from a position. */
    final class Reader {
        private final int partition;
        private final String incarnation;
        private long after;

        private Reader(LogPosition position) {
            this.partition = position.partition();
            this.incarnation = position.incarnation();
            this.after = position.offset();
        }

        /**
         * The next entries.
         *
         * @return without entries when none came in time
         * @throws PositionLostException the log is another one now, or the entries were deleted
         */
        LogPage next(Duration wait) throws InterruptedException {
            LogPage page = log.read(partition, after, maxEntries, wait);
            requireSameLog(incarnation);
            for (StoredEntry entry : page.entries()) {
                if (entry.offset() != after + 1) {
                    throw new PositionLostException(
                            "partition %d has no offset %d; the next is %d"
                                    .formatted(partition, after + 1, entry.offset()));
                }
                after = entry.offset();
            }
            return page;
        }
    }

    /**
     * A reader after a position.
     *
     * @throws PositionLostException of another log, beyond the tail, or below what is kept
     * @throws InvalidFieldException no such partition
     */
    Reader from(LogPosition after) {
        requirePartition("after.partition", after.partition());
        requireSameLog(after.incarnation());
        Bounds bounds = log.bounds(after.partition());
        boolean known =
                Long.compareUnsigned(after.offset(), bounds.last()) <= 0
                        && after.offset() + 1 >= bounds.first();
        if (!known) {
            throw new PositionLostException(
                    "partition %d holds offsets %d to %d; a reader after %s is outside"
                            .formatted(
                                    after.partition(),
                                    bounds.first(),
                                    bounds.last(),
                                    Long.toUnsignedString(after.offset())));
        }
        return new Reader(after);
    }

    void requirePartition(String field, int partition) {
        if (partition < 0 || partition >= log.partitions()) {
            throw new InvalidFieldException(
                    field,
                    "is no partition",
                    "send 0 to " + (log.partitions() - 1) + "; GetLog says how many there are");
        }
    }

    void requireSameLog(String incarnation) {
        String current = log.incarnation();
        if (!current.equals(incarnation)) {
            throw new PositionLostException(
                    "incarnation '%s' is not this log's, which is %s"
                            .formatted(incarnation, current));
        }
    }
}
