package dev.yagura.detection.feed;

import dev.yagura.detection.alert.LogRecord;
import dev.yagura.proto.ingest.v1.LogEntry;
import dev.yagura.proto.ingest.v1.PositionedEntry;
import dev.yagura.proto.ingest.v1.ReadEventsResponse;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.util.List;
import java.util.UUID;

/**
 * One partition of the log, up to a place that was its end when the reading began. No position is
 * committed, so that reading moves neither a cursor nor a floor.
 */
final class KeptPartition {
    private final EventFeed feed;
    private final int partition;
    private final Place last;
    private final int maxUnpackedBytes;

    /** What is done with an entry. */
    enum Choice {
        TAKE,
        SKIP,
        /** Neither with this one nor with any after it. */
        STOP
    }

    /** Takes what is read, at its own pace. */
    interface Visitor {
        /** Asked before an entry is unpacked. */
        Choice choose(LogEntry entry);

        void take(LogRecord record, List<SensorEvent> events);

        /** Instead of {@link #take}, for an entry without host or events. */
        void unreadable(String problem);

        /** Instead of {@link #choose}, for an entry that carries no telemetry. */
        void withoutTelemetry();

        /** Some more entries were read, and there are more to come. */
        void pageRead() throws InterruptedException;
    }

    KeptPartition(EventFeed feed, int partition, Place last, int maxUnpackedBytes) {
        this.feed = feed;
        this.partition = partition;
        this.last = last;
        this.maxUnpackedBytes = maxUnpackedBytes;
    }

    /**
     * Reads what is after a place.
     *
     * @throws dev.yagura.common.error.PositionLostException the log has dropped it
     * @throws dev.yagura.common.error.DependencyUnavailableException the log is away
     */
    void read(Place after, Visitor visitor) throws InterruptedException {
        // The log would wait for an entry that nobody asks for.
        if (after.offset() < last.offset()) {
            feed.read(after.position(partition), page -> take(page, visitor));
        }
    }

    private boolean take(ReadEventsResponse page, Visitor visitor) throws InterruptedException {
        for (PositionedEntry positioned : page.getEntriesList()) {
            if (positioned.getOffset() > last.offset()) {
                return false;
            }
            if (positioned.getEntry().hasCanary()) {
                visitor.withoutTelemetry();
            } else {
                switch (visitor.choose(positioned.getEntry())) {
                    case TAKE -> show(positioned, visitor);
                    case SKIP -> {}
                    case STOP -> {
                        return false;
                    }
                }
            }
            if (positioned.getOffset() == last.offset()) {
                return false;
            }
        }
        visitor.pageRead();
        return true;
    }

    private void show(PositionedEntry positioned, Visitor visitor) {
        LogEntry entry = positioned.getEntry();
        Place here = new Place(last.incarnation(), positioned.getOffset());
        LogRecord record;
        List<SensorEvent> events;
        try {
            UUID host = UUID.fromString(entry.getDevice().getHostId());
            record = new LogRecord(here.position(partition), entry, host);
            events = BatchEvents.unpack(entry.getEvents(), maxUnpackedBytes);
        } catch (IllegalArgumentException e) {
            visitor.unreadable("it names no host");
            return;
        } catch (BatchEvents.UnreadableBatchException e) {
            visitor.unreadable(String.valueOf(e.getMessage()));
            return;
        }
        visitor.take(record, events);
    }
}
