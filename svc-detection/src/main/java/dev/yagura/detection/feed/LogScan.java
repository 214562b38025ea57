package dev.yagura.detection.feed;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.PositionLostException;
import dev.yagura.common.error.YaguraException;
import dev.yagura.detection.alert.LogRecord;
import dev.yagura.detection.rule.KeptEvents;
import dev.yagura.proto.ingest.v1.GetLogResponse;
import dev.yagura.proto.ingest.v1.LogEntry;
import dev.yagura.proto.ingest.v1.PartitionBounds;
import dev.yagura.sigma.taxonomy.SensorEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
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
            Place last = new Place(incarnation, bounds.getLastOffset());
            Share reading = new Share(share);
            try {
                new KeptPartition(feed, bounds.getPartition(), last, maxUnpackedBytes)
                        .read(new Place(incarnation, after), reading);
                bytesLeft -= share - reading.bytesLeft;
            } catch (PositionLostException e) {
                incomplete = "some batches were deleted meanwhile";
            }
        }

        /** Shows what fits into one partition's share of the bytes. */
        private final class Share implements KeptPartition.Visitor {
            private long bytesLeft;

            Share(long bytesLeft) {
                this.bytesLeft = bytesLeft;
            }

            @Override
            public KeptPartition.Choice choose(LogEntry entry) {
                if (isLate()) {
                    return KeptPartition.Choice.STOP;
                }
                bytesLeft -= entry.getEvents().size();
                if (bytesLeft < 0) {
                    bytesLeft = 0;
                    incomplete = "only some batches fit into the bytes";
                    return KeptPartition.Choice.STOP;
                }
                return KeptPartition.Choice.TAKE;
            }

            @Override
            public void take(LogRecord record, List<SensorEvent> events) {
                visitor.take(record, events);
                batches.incrementAndGet();
            }

            @Override
            public void unreadable(String problem) {
                incomplete = "a batch could not be read: " + problem;
                batches.incrementAndGet();
            }

            @Override
            public void withoutTelemetry() {
                kept.decrementAndGet();
            }

            @Override
            public void pageRead() {}
        }
    }
}
