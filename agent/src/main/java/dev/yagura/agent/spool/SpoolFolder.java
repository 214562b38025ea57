package dev.yagura.agent.spool;

import dev.yagura.common.log.LogKeys;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a spool, and what a start makes of them: torn tails are cut, damaged segments are
 * copied aside and cut, missing numbers become gaps.
 */
final class SpoolFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpoolFolder.class);
    private static final String LEDGER = "ledger";
    private static final String ASIDE = "damaged";
    private static final int MOST_ASIDE = 8;

    /** No record is smaller: header, host, counts, a zstd frame. */
    private static final int SMALLEST_RECORD = 64;

    private final Path path;
    private final FileChannel lockChannel;
    private final FileStore store;

    /** What a start finds. */
    record Found(Ledger ledger, TreeMap<Long, Segment> segments, long nextSequence) {}

    private SpoolFolder(Path path, FileChannel lockChannel, FileStore store) {
        this.path = path;
        this.lockChannel = lockChannel;
        this.store = store;
    }

    static SpoolFolder lock(Path path) throws IOException {
        Files.createDirectories(path);
        FileChannel channel =
                FileChannel.open(
                        path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isLocked(channel)) {
            channel.close();
            throw new SpoolInUseException(path);
        }
        return new SpoolFolder(path, channel, Files.getFileStore(path));
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock lock = channel.tryLock(); // held until the channel is closed
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    Path path() {
        return path;
    }

    Path ledgerPath() {
        return path.resolve(LEDGER);
    }

    Path asidePath() {
        return path.resolve(ASIDE);
    }

    long usableBytes() throws IOException {
        return store.getUsableSpace();
    }

    /** New and removed files are durable too. */
    void force() throws IOException {
        try (FileChannel directory = FileChannel.open(path, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    Found recover(long nowNanos) throws IOException {
        TreeMap<Long, Segment> segments = new TreeMap<>();
        long reserved = 0;
        List<Path> files = segmentFiles();
        for (Path file : files) {
            Segment segment = Segment.open(file);
            long damaged = segment.damagedBytes();
            if (damaged > 0) {
                boolean newest = file.equals(files.getLast());
                repair(segment, damaged, newest);
                // Numbers that may have been sent before the damage are not used again.
                reserved = newest ? segment.lastSequence() + damaged / SMALLEST_RECORD + 1 : 0;
            }
            if (segment.isEmpty()) {
                reserved = Math.max(reserved, segment.firstSequence() - 1);
                segment.delete();
            } else {
                segments.put(segment.firstSequence(), segment);
            }
        }
        Ledger ledger = ledger(segments);
        long last = Math.max(ledger.acknowledged(), reserved);
        for (Segment segment : segments.values()) {
            last = Math.max(last, segment.lastSequence());
        }
        for (SpoolEntry.Gap gap : ledger.gaps()) {
            last = Math.max(last, gap.lastSequence());
        }
        Ledger whole =
                new Ledger(
                        ledger.spoolId(),
                        ledger.acknowledged(),
                        gaps(ledger, segments, last, nowNanos));
        return new Found(whole, segments, last + 1);
    }

    private void repair(Segment segment, long damagedBytes, boolean newest) throws IOException {
        LOG.atWarn()
                .addKeyValue(LogKeys.FILE, segment.file())
                .addKeyValue(LogKeys.COUNT, damagedBytes)
                .log(
                        newest
                                ? "torn tail of the spool cut"
                                : "damaged segment of the spool set aside");
        if (newest && damagedBytes < SpoolRecord.HEADER_BYTES + SpoolRecord.MAX_PAYLOAD_BYTES) {
            segment.truncate();
        } else {
            setAside(segment.file());
            segment.truncate();
        }
    }

    /** Keeps a copy for people, of the newest few. */
    void setAside(Path file) throws IOException {
        Files.createDirectories(asidePath());
        try (Stream<Path> known = Files.list(asidePath())) {
            List<Path> oldestFirst = known.sorted().toList();
            for (Path old :
                    oldestFirst.subList(0, Math.max(0, oldestFirst.size() - MOST_ASIDE + 1))) {
                Files.delete(old);
            }
        }
        Files.copy(
                file,
                asidePath().resolve(file.getFileName()),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private List<Path> segmentFiles() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file ->
                            file.getFileName().toString().matches("\\d{20}\\" + Segment.SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    private Ledger ledger(TreeMap<Long, Segment> segments) throws IOException {
        if (Files.exists(ledgerPath())) {
            try {
                return Ledger.read(ledgerPath());
            } catch (IOException e) {
                LOG.atWarn()
                        .setCause(e)
                        .log("the spool's ledger is damaged; the spool goes on under a new id");
            }
        }
        // A new id: the log knows nothing of these numbers, so none of them can be a duplicate.
        long before = segments.isEmpty() ? 0 : segments.firstKey() - 1;
        return new Ledger(UUID.randomUUID(), before, List.of());
    }

    /** The ledger's gaps, and one for each run of numbers that is nowhere. */
    private static List<SpoolEntry.Gap> gaps(
            Ledger ledger, TreeMap<Long, Segment> segments, long last, long nowNanos) {
        List<SpoolEntry.Gap> gaps = new ArrayList<>(ledger.gaps());
        List<long[]> known = new ArrayList<>();
        gaps.forEach(gap -> known.add(new long[] {gap.firstSequence(), gap.lastSequence()}));
        segments.values()
                .forEach(segment ->
                        known.add(new long[] {segment.firstSequence(), segment.lastSequence()}));
        known.add(new long[] {last + 1, last + 1});
        known.sort(Comparator.comparingLong(range -> range[0]));
        long next = ledger.acknowledged() + 1;
        for (long[] range : known) {
            if (range[0] > next) {
                gaps.add(
                        new SpoolEntry.Gap(
                                next,
                                range[0] - 1,
                                0,
                                nowNanos,
                                "a damaged end of a spool segment"));
            }
            next = Math.max(next, range[1] + 1);
        }
        return gaps;
    }

    @Override
    public void close() throws IOException {
        lockChannel.close();
    }
}
