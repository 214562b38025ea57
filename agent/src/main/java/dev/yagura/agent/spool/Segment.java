package dev.yagura.agent.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** One file of records; its name is the sequence of its first record. */
final class Segment implements AutoCloseable {
    static final String SUFFIX = ".segment";

    private final Path file;
    private final long firstSequence;
    private final FileChannel channel;
    private long lastSequence;
    private long bytes;

    /** Where a reader of this segment is. */
    private long readSequence;

    private long readPosition;

    private Segment(Path file, long firstSequence, FileChannel channel) {
        this.file = file;
        this.firstSequence = firstSequence;
        this.channel = channel;
        this.lastSequence = firstSequence - 1;
    }

    static Segment create(Path folder, long firstSequence) throws IOException {
        Path file = folder.resolve("%020d%s".formatted(firstSequence, SUFFIX));
        return new Segment(
                file,
                firstSequence,
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE));
    }

    /** Opens a file and finds its good records; what follows them stays until {@link #truncate}. */
    static Segment open(Path file) throws IOException {
        String name = file.getFileName().toString();
        long first = Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Segment segment = new Segment(file, first, channel);
        Optional<SpoolRecord> record = SpoolRecord.read(channel, 0);
        while (record.isPresent() && record.get().sequence() == segment.lastSequence + 1) {
            segment.accept(record.get());
            record = SpoolRecord.read(channel, segment.bytes);
        }
        return segment;
    }

    long firstSequence() {
        return firstSequence;
    }

    /** One less than the first when it is empty. */
    long lastSequence() {
        return lastSequence;
    }

    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return lastSequence < firstSequence;
    }

    /** Bytes after the last good record: torn or damaged. */
    long damagedBytes() throws IOException {
        return channel.size() - bytes;
    }

    /** Cuts what follows the last good record. */
    void truncate() throws IOException {
        channel.truncate(bytes);
        channel.force(true);
    }

    /**
     * Appends the record with the next sequence.
     *
     * @throws IOException the segment is as it was before
     */
    void append(SpoolRecord record) throws IOException {
        try {
            SpoolRecord.writeFully(channel, record.encode(), bytes);
        } catch (IOException e) {
            channel.truncate(bytes);
            throw e;
        }
        accept(record);
    }

    void force() throws IOException {
        channel.force(false);
    }

    /** The record with a sequence; reading in order costs one read each. */
    Optional<SpoolRecord> read(long sequence) throws IOException {
        if (sequence < firstSequence || sequence > lastSequence) {
            return Optional.empty();
        }
        if (readSequence == 0 || sequence < readSequence) {
            readSequence = firstSequence;
            readPosition = 0;
        }
        while (true) {
            Optional<SpoolRecord> record = SpoolRecord.read(channel, readPosition);
            if (record.isEmpty()) {
                return record; // damaged since it was opened
            }
            readPosition += record.get().bytes();
            readSequence = record.get().sequence() + 1;
            if (record.get().sequence() == sequence) {
                return record;
            }
        }
    }

    void delete() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    Path file() {
        return file;
    }

    private void accept(SpoolRecord record) {
        lastSequence = record.sequence();
        bytes += record.bytes();
    }
}
