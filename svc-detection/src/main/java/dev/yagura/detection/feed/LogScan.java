package dev.yagura.detection.feed;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.PositionLostException;
import dev.yagura.common.error.YaguraException;
import dev.yagura.detection.alert.LogRecord;
import dev.yagura.detection.rule.KeptEvents;
import dev.yagura.proto.ingest.v1.GetLogResponse;
import dev.yagura.proto.ingest.v1.PartitionBounds;
import dev.yagura.proto.ingest.v1.PositionedEntry;
import dev.yagura.proto.ingest.v1.ReadEventsResponse;
import dev.yagura.proto.telemetry.v1.Event;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads the log like detection does, but commits no position, so that it moves neither a cursor nor
 * a floor. Partitions one after the other, each with an equal share of the bytes that are left.
 */
@ApplicationScoped
class LogScan implements KeptEvents {
    /** To choose where to begin: packed batches are about as large as this. */
    private static final int TYPICAL_BATCH_BYTES = 8 * 1024;

    /** Entries without events of a quiet partition. */
    private static final int CANARIES_KEPT = 64;

    /** A call that hangs is given up this long after its time. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final EventFeed feed;
    private final int maxUnpackedBytes;

    @Inject
    LogScan(EventFeed feed, Settings settings) {
        this(feed, FeedConfig.from(settings).maxUnpackedBytes());
    }

    LogScan(EventFeed feed, int maxUnpackedBytes) {
        this.feed = feed;
        this.maxUnpackedBytes = maxUnpackedBytes;
    }

    @Override
    public Extent look(Limits limits, Visitor visitor) {
        Look look = new Look(limits, visitor);
        FutureTask<Extent> reading = new FutureTask<>(look::run);
        Thread thread = Thread.ofVirtual().name("log-scan").start(reading);
        try {
            return reading.get(limits.duration().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return given(thread, look);
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new DependencyUnavailableException("svc-detection", GRACE, e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof YaguraException known
                    ? known
                    : new IllegalStateException("the log could not be looked at", e.getCause());
        }
    }

    /** What it saw until a call hung. */
    private static Extent given(Thread thread, Look look) {
        thread.interrupt();
        try {
            // Else it could still be counting while its counts are read.
            if (!thread.join(GRACE)) {
                throw new DependencyUnavailableException("svc-ingest", GRACE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DependencyUnavailableException("svc-detection", GRACE, e);
        }
        return look.extent("the log did not answer in time");
    }

    /** Ends the reading of a partition. */
    private static final class DoneException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DoneException() {
            super("enough was read", null, false, false);
        }
    }

    private final class Look {
        private final Visitor visitor;
        private final long end;
        private long bytesLeft;
        private final AtomicLong batches = new AtomicLong();
        private final AtomicLong kept = new AtomicLong();
        private String incomplete = "";

        Look(Limits limits, Visitor visitor) {
            this.visitor = visitor;
            this.bytesLeft = limits.bytes();
            this.end = System.nanoTime() + limits.duration().toNanos();
        }

        Extent run() throws InterruptedException {
            GetLogResponse log = feed.log();
            List<PartitionBounds> filled =
                    log.getBoundsList().stream()
                            .filter(bounds -> bounds.getLastOffset() >= bounds.getFirstOffset())
                            .toList();
            kept.set(
                    filled.stream()
                            .mapToLong(one -> one.getLastOffset() - one.getFirstOffset() + 1)
                            .sum());
            for (int index = 0; index < filled.size() && !isLate(); index++) {
                read(log.getIncarnation(), filled.get(index), bytesLeft / (filled.size() - index));
            }
            return extent(incomplete);
        }

        Extent extent(String reason) {
            return new Extent(batches.get(), kept.get(), batches.get() < kept.get() ? reason : "");
        }

        private boolean isLate() {
            boolean late = System.nanoTime() - end >= 0;
            if (late) {
                incomplete = "the time was over";
            }
            return late;
        }

        private void read(String incarnation, PartitionBounds bounds, long share)
                throws InterruptedException {
            long most = Math.max(1, share / TYPICAL_BATCH_BYTES) + CANARIES_KEPT;
            long after = Math.max(bounds.getFirstOffset() - 1, bounds.getLastOffset() - most);
            if (after >= bounds.getFirstOffset()) {
                incomplete = "only the newest batches fit into the bytes";
            }
            long[] left = {share};
            try {
                feed.read(
                        new Place(incarnation, after).position(bounds.getPartition()),
                        page -> take(page, bounds, incarnation, left));
            } catch (DoneException e) {
                bytesLeft -= share - left[0];
            } catch (PositionLostException e) {
                incomplete = "some batches were deleted meanwhile";
            }
        }

        private void take(
                ReadEventsResponse page, PartitionBounds bounds, String incarnation, long[] left) {
            for (PositionedEntry positioned : page.getEntriesList()) {
                if (isLate()) {
                    throw new DoneException();
                }
                left[0] -= positioned.getEntry().getEvents().size();
                if (left[0] < 0) {
                    left[0] = 0;
                    incomplete = "only some batches fit into the bytes";
                    throw new DoneException();
                }
                record(positioned, bounds, incarnation).ifPresent(this::show);
                batches.incrementAndGet();
                if (positioned.getOffset() >= bounds.getLastOffset()) {
                    throw new DoneException();
                }
            }
        }

        private Optional<LogRecord> record(
                PositionedEntry positioned, PartitionBounds bounds, String incarnation) {
            try {
                return Optional.of(
                        new LogRecord(
                                new Place(incarnation, positioned.getOffset())
                                        .position(bounds.getPartition()),
                                positioned.getEntry(),
                                UUID.fromString(positioned.getEntry().getDevice().getHostId())));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        private void show(LogRecord record) {
            try {
                List<Event> events = new ArrayList<>();
                BatchEvents.unpack(record.entry().getEvents(), maxUnpackedBytes)
                        .forEach(item -> events.add(item.event()));
                visitor.take(record, events);
            } catch (BatchEvents.UnreadableBatchException e) {
                incomplete = "a batch could not be read: " + e.getMessage();
            }
        }
    }
}
