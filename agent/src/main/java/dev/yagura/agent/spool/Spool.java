package dev.yagura.agent.spool;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.agent.event.AgentCounters;
import dev.yagura.agent.event.Problems;
import dev.yagura.common.log.LogKeys;
import dev.yagura.proto.ingest.v1.TelemetryBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The spool of one agent. One writer, one reader; safe for both at once. Nothing is given to the
 * reader before it is forced to disk, so a number that was sent is never used for another batch.
 */
public final class Spool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final String TOPIC = "spool";
    private static final long FORCE_AFTER = TimeUnit.SECONDS.toNanos(1);

    private final SpoolFolder folder;
    private final SpoolConfig config;
    private final Clock clock;
    private final AgentCounters counters;
    private final Problems problems;
    private final UUID id;
    private final TreeMap<Long, Segment> segments;
    private final List<SpoolEntry.Gap> gaps;

    private @Nullable Segment active;
    private long acknowledged;
    private long nextSequence;
    private boolean forced = true;
    private boolean ledgerWritten = true;
    private long lastForce = System.nanoTime();
    private long bytes;

    /**
     * Opens or makes the spool of a folder; only one process may have it open.
     *
     * @throws SpoolInUseException another process has it open
     * @throws IOException the folder cannot be read or written
     */
    public Spool(
            Path path, SpoolConfig config, Clock clock, AgentCounters counters, Problems problems)
            throws IOException {
        this.folder = SpoolFolder.lock(path);
        this.config = config;
        this.clock = clock;
        this.counters = counters;
        this.problems = problems;
        SpoolFolder.Found found = folder.recover(nanos());
        this.id = found.ledger().spoolId();
        this.acknowledged = found.ledger().acknowledged();
        this.gaps = new ArrayList<>(found.ledger().gaps());
        this.segments = found.segments();
        this.nextSequence = found.nextSequence();
        this.bytes = segments.values().stream().mapToLong(Segment::bytes).sum();
        writeLedger();
    }

    public UUID id() {
        return id;
    }

    /**
     * Spools a batch under the next sequence number.
     *
     * @return false when it could not be kept: the caller declares its events lost
     */
    public synchronized boolean append(TelemetryBatch.Builder batch) {
        byte[] payload = batch.setSequence(nextSequence).build().toByteArray();
        SpoolRecord spooled = new SpoolRecord(nextSequence, payload);
        try {
            if (!makeRoom(spooled.bytes()) || !write(spooled)) {
                problems.say(
                        TOPIC,
                        "the spool cannot grow: free disk space below "
                                + folder.path()
                                + ", or lower yagura.agent.spool.min-free-bytes; events are lost and declared so");
                return false;
            }
        } catch (IOException e) {
            LOG.atWarn()
                    .setCause(e)
                    .addKeyValue(LogKeys.FILE, folder.path())
                    .log("spool not writable");
            problems.say(
                    TOPIC,
                    "cannot write to "
                            + folder.path()
                            + " ("
                            + e.getMessage()
                            + "): free disk space or repair the disk; events are lost and declared so");
            return false;
        }
        problems.solved(TOPIC);
        bytes += spooled.bytes();
        nextSequence++;
        forced = false;
        notifyAll();
        return true;
    }

    /** What has a sequence number, or the gap that holds it; empty beyond the newest. */
    public synchronized Optional<SpoolEntry> read(long sequence) throws IOException {
        if (sequence >= nextSequence) {
            return Optional.empty();
        }
        force();
        for (SpoolEntry.Gap gap : gaps) {
            if (gap.firstSequence() <= sequence && sequence <= gap.lastSequence()) {
                return Optional.of(
                        new SpoolEntry.Gap(
                                sequence,
                                gap.lastSequence(),
                                gap.events(),
                                gap.timeNanos(),
                                gap.reason()));
            }
        }
        Map.Entry<Long, Segment> segment = segments.floorEntry(sequence);
        if (segment == null || segment.getValue().lastSequence() < sequence) {
            return Optional.of(forgotten(sequence));
        }
        Optional<SpoolRecord> found = segment.getValue().read(sequence);
        return Optional.of(
                found.isPresent() ? batch(found.get()) : damaged(segment.getValue(), sequence));
    }

    /** Everything up to a sequence number is durable in the log, or set aside. */
    public synchronized void acknowledge(long sequence) throws IOException {
        if (sequence <= acknowledged) {
            return;
        }
        acknowledged = Math.min(sequence, nextSequence - 1);
        ledgerWritten = false;
        gaps.removeIf(gap -> gap.lastSequence() <= acknowledged);
        if (!segments.isEmpty()
                && segments.firstEntry().getValue().lastSequence() <= acknowledged
                && segments.firstEntry().getValue() != active) {
            deleteAcknowledged();
        }
        notifyAll();
    }

    /**
     * The log has seen greater numbers than this spool has: the next batches get numbers that were
     * never used.
     */
    public synchronized void skipTo(long sequence) throws IOException {
        if (sequence <= nextSequence) {
            return;
        }
        closeActive();
        SpoolEntry.Gap gap =
                new SpoolEntry.Gap(
                        nextSequence,
                        sequence - 1,
                        0,
                        nanos(),
                        "numbers that the log knows and the spool does not");
        gaps.add(gap);
        nextSequence = sequence;
        writeLedger();
    }

    /** To be called several times a second: keeps the promise of a forced write within one. */
    public synchronized void tick() throws IOException {
        if (System.nanoTime() - lastForce > FORCE_AFTER / 2) {
            force();
            if (!ledgerWritten) {
                writeLedger();
            }
            lastForce = System.nanoTime();
        }
    }

    /** Everything appended is on the disk when it returns. */
    public synchronized void force() throws IOException {
        if (!forced && active != null) {
            active.force();
            folder.force();
        }
        forced = true;
    }

    /** Waits, at most for some milliseconds, until something was appended or acknowledged. */
    public synchronized void awaitChange(long millis) throws InterruptedException {
        wait(millis);
    }

    /** Ends a wait. */
    public synchronized void wake() {
        notifyAll();
    }

    /** True when the next append gives nothing up; a source that can wait waits for it. */
    public synchronized boolean hasRoom() {
        return bytes + 2L * config.segmentBytes() <= config.maxBytes();
    }

    public synchronized long acknowledged() {
        return acknowledged;
    }

    /** Number that the next batch gets. */
    public synchronized long nextSequence() {
        return nextSequence;
    }

    /** Oldest number that can still be sent. */
    public synchronized long oldestSequence() {
        return acknowledged + 1;
    }

    public synchronized long bytes() {
        return bytes;
    }

    /** Batches that wait for their acknowledgement. */
    public synchronized long waitingBatches() {
        return nextSequence - 1 - acknowledged;
    }

    @Override
    public synchronized void close() throws IOException {
        try (folder) {
            force();
            active = null;
            deleteAcknowledged();
            for (Segment segment : segments.values()) {
                segment.close();
            }
        }
    }

    private boolean write(SpoolRecord spooled) throws IOException {
        try {
            writable(spooled).append(spooled);
            return true;
        } catch (IOException e) {
            // A full disk: giving up the oldest segment may make room.
            if (segments.size() < 2) {
                throw e;
            }
            evictOldest("the disk is full");
            writable(spooled).append(spooled);
            return true;
        }
    }

    private Segment writable(SpoolRecord spooled) throws IOException {
        Segment segment = active;
        if (segment != null && segment.bytes() + spooled.bytes() <= config.segmentBytes()) {
            return segment;
        }
        closeActive();
        segment = Segment.create(folder.path(), spooled.sequence());
        segments.put(spooled.sequence(), segment);
        active = segment;
        return segment;
    }

    private void closeActive() throws IOException {
        force();
        active = null;
    }

    /** False when only the newest segment is left and there is still no room. */
    private boolean makeRoom(long needed) throws IOException {
        deleteWhenFull(needed);
        while (bytes + needed > config.maxBytes()) {
            if (segments.size() < 2) {
                return false;
            }
            evictOldest("the spool passed yagura.agent.spool.max-bytes");
        }
        while (folder.usableBytes() - needed < config.minFreeBytes()) {
            if (segments.size() < 2) {
                return false;
            }
            evictOldest("free disk space passed below yagura.agent.spool.min-free-bytes");
        }
        return true;
    }

    private void deleteWhenFull(long needed) throws IOException {
        if (bytes + needed > config.maxBytes()) {
            deleteAcknowledged();
        }
    }

    private void evictOldest(String reason) throws IOException {
        Segment oldest = segments.firstEntry().getValue();
        if (oldest.lastSequence() > acknowledged) {
            SpoolEntry.Gap gap =
                    lossOf(oldest, Math.max(oldest.firstSequence(), acknowledged + 1), reason);
            gaps.removeIf(known ->
                    gap.firstSequence() <= known.firstSequence()
                            && known.lastSequence() <= gap.lastSequence());
            gaps.add(gap);
            counters.lost(gap.events());
            problems.say("spool-eviction", counters.eventsLost() + " events lost: " + reason);
            LOG.atWarn()
                    .addKeyValue(LogKeys.SEQUENCE, gap.firstSequence())
                    .addKeyValue(LogKeys.COUNT, gap.events())
                    .addKeyValue(LogKeys.REASON, reason)
                    .log("spool segment given up");
        }
        writeLedger();
        remove(oldest);
    }

    private SpoolEntry.Gap lossOf(Segment segment, long from, String reason) throws IOException {
        long events = 0;
        long time = nanos();
        for (long sequence = from; sequence <= segment.lastSequence(); sequence++) {
            Optional<SpoolRecord> lost = segment.read(sequence);
            if (lost.isPresent() && batch(lost.get()) instanceof SpoolEntry.Batch batch) {
                time = events == 0 ? batch.batch().getFirstEventTimeNs() : time;
                events += batch.events();
            }
        }
        return new SpoolEntry.Gap(from, segment.lastSequence(), events, time, reason);
    }

    private void deleteAcknowledged() throws IOException {
        writeLedger();
        while (!segments.isEmpty()) {
            Segment oldest = segments.firstEntry().getValue();
            if (oldest.lastSequence() > acknowledged || oldest == active) {
                return;
            }
            remove(oldest);
        }
    }

    private void remove(Segment segment) throws IOException {
        segments.remove(segment.firstSequence());
        bytes -= segment.bytes();
        segment.delete();
    }

    /** Damaged since it was opened: the rest of the segment is set aside and declared lost. */
    private SpoolEntry damaged(Segment segment, long sequence) throws IOException {
        if (segment == active) {
            closeActive();
        }
        folder.setAside(segment.file());
        SpoolEntry.Gap gap =
                new SpoolEntry.Gap(
                        sequence,
                        segment.lastSequence(),
                        0,
                        nanos(),
                        "a damaged segment of the spool");
        gaps.add(gap);
        problems.say(
                "spool-damage",
                "a segment of the spool was damaged; a copy is in " + folder.asidePath());
        writeLedger();
        return gap;
    }

    private SpoolEntry.Gap forgotten(long sequence) {
        Long next = segments.higherKey(sequence);
        long last = (next == null ? nextSequence : next) - 1;
        return new SpoolEntry.Gap(sequence, last, 0, nanos(), "the spool no longer has it");
    }

    private SpoolEntry batch(SpoolRecord spooled) {
        try {
            return new SpoolEntry.Batch(TelemetryBatch.parseFrom(spooled.payload()));
        } catch (InvalidProtocolBufferException e) {
            return new SpoolEntry.Gap(
                    spooled.sequence(),
                    spooled.sequence(),
                    0,
                    nanos(),
                    "a batch of the spool is not understood");
        }
    }

    private void writeLedger() throws IOException {
        new Ledger(id, acknowledged, gaps).write(folder.ledgerPath());
        ledgerWritten = true;
    }

    private long nanos() {
        return Math.multiplyExact(clock.millis(), 1_000_000L);
    }
}
