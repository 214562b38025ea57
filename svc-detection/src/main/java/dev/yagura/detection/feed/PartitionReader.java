package dev.yagura.detection.feed;

import dev.yagura.common.error.PositionLostException;
import dev.yagura.common.error.YaguraException;
import dev.yagura.common.log.LogKeys;
import dev.yagura.detection.alert.LogRecord;
import dev.yagura.detection.alert.Nanos;
import dev.yagura.detection.alert.Sightings;
import dev.yagura.detection.incident.VisibilityLoss;
import dev.yagura.detection.indicator.IndicatorSource;
import dev.yagura.detection.rule.DetectionRules;
import dev.yagura.proto.ingest.v1.GetLogResponse;
import dev.yagura.proto.ingest.v1.LogEntry;
import dev.yagura.proto.ingest.v1.PartitionBounds;
import dev.yagura.proto.ingest.v1.PositionedEntry;
import dev.yagura.proto.ingest.v1.ReadEventsResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one partition while its lease lasts. Two places move: entries up to {@code next} are in the
 * process tables, entries up to {@code done} were handed to the committer. After a restart the
 * tables are behind the cursor: what lies between is read for them and matched no more.
 */
final class PartitionReader implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionReader.class);
    private static final long MIN_PAUSE_MILLIS = 100;

    /** What is below the tables is deleted: canaries alone do not make events go at once. */
    private static final Duration CANARIES_KEPT = Duration.ofHours(1);

    private static final long MAX_PAUSE_MILLIS = 5_000;

    private final Lease lease;
    private final Parts parts;
    private final EntryMatcher matcher;
    private final CanaryMatcher canaries;
    private Place done = new Place("", 0);
    private Place next = done;
    private boolean loaded;
    private long tablesStored = System.nanoTime();
    private long pauseMillis = MIN_PAUSE_MILLIS;

    /** What all readers of a process share. */
    record Parts(
            FeedConfig config,
            EventFeed feed,
            SqlPartitionStore store,
            Committer committer,
            DetectionRules rules,
            Sightings sightings,
            FeedMetrics metrics,
            Clock clock,
            IndicatorSource indicators) {}

    PartitionReader(Lease lease, Parts parts) {
        this.lease = lease;
        this.parts = parts;
        this.matcher =
                new EntryMatcher(
                        lease.partition(),
                        parts.config(),
                        parts.rules(),
                        parts.sightings(),
                        parts.metrics(),
                        parts.clock(),
                        parts.indicators().matcher());
        this.canaries =
                new CanaryMatcher(
                        lease.partition(), parts.config(), parts.rules(), parts.sightings());
    }

    /** Reads until it is interrupted or the lease is lost. */
    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    follow();
                } catch (YaguraException e) {
                    if (Thread.currentThread().isInterrupted()) {
                        return;
                    }
                    LOG.atWarn()
                            .addKeyValue(LogKeys.PARTITION, lease.partition())
                            .addKeyValue(LogKeys.REASON, e.getMessage())
                            .log("cannot read the event log; trying again");
                } catch (LeaseLostException e) {
                    return;
                } catch (RuntimeException e) {
                    LOG.atError()
                            .addKeyValue(LogKeys.PARTITION, lease.partition())
                            .setCause(e)
                            .log("cannot read the event log; trying again");
                }
                rest();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() throws InterruptedException {
        if (!loaded) {
            load();
        }
        if (done.incarnation().isEmpty()) {
            begin(parts.feed().log());
        }
        try {
            parts.feed().read(next.position(lease.partition()), this::take);
        } catch (PositionLostException e) {
            recover(e);
        }
    }

    private void load() {
        PartitionState state = parts.store().load(lease.partition());
        matcher.restore(state);
        done = state.cursor();
        next = new Place(done.incarnation(), Math.min(state.tableOffset(), done.offset()));
        loaded = true;
    }

    private void begin(GetLogResponse log) throws InterruptedException {
        move(new Place(log.getIncarnation(), bounds(log).getFirstOffset() - 1), progress());
    }

    private boolean take(ReadEventsResponse page) throws InterruptedException {
        for (PositionedEntry entry : page.getEntriesList()) {
            take(entry);
        }
        pauseMillis = MIN_PAUSE_MILLIS;
        parts.metrics().lag(lease.partition(), page.getLastOffset() - done.offset());
        return true;
    }

    private void take(PositionedEntry positioned) throws InterruptedException {
        Place here = new Place(next.incarnation(), positioned.getOffset());
        if (positioned.getEntry().hasCanary()) {
            canary(here, positioned.getEntry());
            return;
        }
        Optional<LogRecord> record = record(here, positioned.getEntry());
        if (here.offset() <= done.offset()) {
            record.ifPresent(matcher::observe);
        } else {
            Progress progress = progress();
            progress.reached(here);
            record.ifPresentOrElse(
                    known -> matcher.match(known, progress), () -> unusable(here, progress));
            add(progress, here, parts.config().tableInterval());
        }
        next = here;
    }

    private void add(Progress progress, Place here, Duration tableInterval)
            throws InterruptedException {
        if (System.nanoTime() - tablesStored >= tableInterval.toNanos()) {
            progress.stored(matcher.changedTables());
            tablesStored = System.nanoTime();
        }
        parts.committer().add(progress);
        done = here;
    }

    /** On the way of events, but of no host. */
    private void canary(Place here, LogEntry entry) throws InterruptedException {
        if (here.offset() > done.offset()) {
            Progress progress = progress();
            progress.reached(here);
            progress.passed(canaries.match(here, entry));
            add(progress, here, CANARIES_KEPT);
        }
        next = here;
    }

    private Optional<LogRecord> record(Place here, LogEntry entry) {
        try {
            return Optional.of(
                    new LogRecord(
                            here.position(lease.partition()),
                            entry,
                            UUID.fromString(entry.getDevice().getHostId())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Ingest lets none in; if one is there, it must not hold up the partition. */
    private void unusable(Place here, Progress progress) {
        LOG.atError()
                .addKeyValue(LogKeys.PARTITION, lease.partition())
                .addKeyValue(LogKeys.OFFSET, here.offset())
                .log("an entry of the event log names no host; its events are not matched");
        long now = Nanos.of(parts.clock().instant());
        progress.lost(
                new VisibilityLoss(
                        lease.partition(), Optional.empty(), now, now, "an entry names no host"));
    }

    private Progress progress() {
        return new Progress(lease, done);
    }

    /** Goes on elsewhere; the tables are as of there. */
    private void move(Place to, Progress progress) throws InterruptedException {
        progress.reached(to);
        progress.stored(matcher.changedTables());
        parts.committer().add(progress);
        done = to;
        next = to;
    }

    /** The log does not know the place: never in silence. */
    private void recover(PositionLostException lost) throws InterruptedException {
        GetLogResponse log = parts.feed().log();
        PartitionBounds bounds = bounds(log);
        boolean cursorIsKept =
                log.getIncarnation().equals(done.incarnation())
                        && done.offset() >= bounds.getFirstOffset() - 1
                        && done.offset() <= bounds.getLastOffset();
        if (!cursorIsKept) {
            rewind(lost, log.getIncarnation(), bounds);
        } else if (next.offset() < done.offset()) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.PARTITION, lease.partition())
                    .addKeyValue(LogKeys.OFFSET, next.offset())
                    .log("entries for the process tables are gone; ancestors may be missing");
            next = done;
        }
    }

    private void rewind(PositionLostException lost, String incarnation, PartitionBounds bounds)
            throws InterruptedException {
        Place to = new Place(incarnation, bounds.getFirstOffset() - 1);
        LOG.atError()
                .addKeyValue(LogKeys.PARTITION, lease.partition())
                .addKeyValue(LogKeys.OFFSET, done.offset())
                .addKeyValue(LogKeys.REASON, lost.getMessage())
                .log("the event log lost this place; reading again from its beginning");
        parts.metrics().lostPosition();
        long now = Nanos.of(parts.clock().instant());
        long since = matcher.newestReceivedNs() == 0 ? now : matcher.newestReceivedNs();
        Progress progress = progress();
        progress.lost(
                new VisibilityLoss(
                        lease.partition(),
                        Optional.empty(),
                        since,
                        now,
                        "the event log lost entries after offset "
                                + done.offset()
                                + "; events between may be missing"));
        move(to, progress);
    }

    private PartitionBounds bounds(GetLogResponse log) {
        return log.getBoundsList().stream()
                .filter(one -> one.getPartition() == lease.partition())
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException(
                                "the event log has no partition " + lease.partition()));
    }

    private void rest() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(
                ThreadLocalRandom.current().nextLong(pauseMillis / 2, pauseMillis + 1));
        pauseMillis = Math.min(MAX_PAUSE_MILLIS, pauseMillis * 2);
    }
}
