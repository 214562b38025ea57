package dev.yagura.agent.follow;

import dev.yagura.telemetry.recording.LineSplitter;
import dev.yagura.telemetry.recording.LineSplitter.LineSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file as it grows. Rotation by rename: the old file is read to its end, then the files
 * that came after it in order. Rotation by copy and truncation: seen by the size, or by other first
 * bytes; what was written between the last look and the truncation cannot be had. Not for several
 * threads.
 */
public final class FollowedFile implements AutoCloseable {
    private static final int CHUNK = 64 * 1024;
    private static final int HEAD = 256;

    private final Path path;
    private final LineSink sink;
    private final byte[] chunk = new byte[CHUNK];
    private @Nullable OpenFile current;
    private boolean ended;

    private static final class OpenFile {
        final Path file;
        final FileChannel channel;
        final long inode;
        final LineSplitter lines;
        long head;
        int headBytes;

        OpenFile(Path file, FileChannel channel, long inode, LineSplitter lines) {
            this.file = file;
            this.channel = channel;
            this.inode = inode;
            this.lines = lines;
        }
    }

    public FollowedFile(Path path, LineSink sink) {
        this.path = path.toAbsolutePath();
        this.sink = sink;
    }

    /**
     * Goes on where an earlier run ended.
     *
     * @return false when that file is gone: it begins with the oldest that is there, and what was
     *     between is lost
     */
    public boolean resume(FilePosition position) throws IOException {
        for (Path candidate : filesOldestFirst()) {
            if (inode(candidate) == position.inode() && open(candidate, position)) {
                return true;
            }
        }
        return false;
    }

    /** Begins at the end of the file as it is now. */
    public void skipToEnd() throws IOException {
        if (Files.exists(path)) {
            current = open(path, Files.size(path));
        }
    }

    /**
     * Reads what there is, at most one chunk.
     *
     * @return bytes read; 0 when there is nothing new
     */
    public int poll() throws IOException {
        OpenFile file = current;
        if (file == null) {
            if (!Files.exists(path)) {
                return 0;
            }
            file = open(path, 0);
            current = file;
        }
        if (file.channel.size() < file.lines.position() || !hasSameHead(file)) {
            file = restart(file);
        }
        int read = file.channel.read(ByteBuffer.wrap(chunk), file.lines.position());
        if (read > 0) {
            ended = false;
            file.lines.accept(chunk, read);
            return read;
        }
        return advance(file);
    }

    /** Position for an end of a line that the sink was told. */
    public Optional<FilePosition> position(long end) throws IOException {
        OpenFile file = current;
        if (file == null) {
            return Optional.empty();
        }
        rememberHead(file);
        return Optional.of(new FilePosition(file.inode, file.head, file.headBytes, end));
    }

    /** Position after the last whole line that was read. */
    public Optional<FilePosition> endOfLines() throws IOException {
        OpenFile file = current;
        return file == null ? Optional.empty() : position(file.lines.lineStart());
    }

    /**
     * A file that was rotated away is left only at its second end in a row: its writer may be late.
     */
    private int advance(OpenFile file) throws IOException {
        Optional<Path> successor = successor(file);
        if (successor.isEmpty()) {
            return 0;
        }
        if (!ended) {
            ended = true;
            return 0;
        }
        ended = false;
        file.lines.finish();
        OpenFile next = open(successor.get(), 0);
        file.channel.close();
        current = next;
        return poll();
    }

    private Optional<Path> successor(OpenFile file) throws IOException {
        if (!Files.exists(path) || inode(path) == file.inode) {
            return Optional.empty();
        }
        boolean found = false;
        for (Path candidate : filesOldestFirst()) {
            if (found) {
                return Optional.of(candidate);
            }
            found = inode(candidate) == file.inode;
        }
        return Optional.of(path);
    }

    /** The file and what it was renamed to, by last change; the file itself last. */
    private List<Path> filesOldestFirst() throws IOException {
        String name = path.getFileName().toString();
        try (Stream<Path> all = Files.list(path.resolveSibling("."))) {
            return all.filter(file -> file.getFileName().toString().startsWith(name))
                    .filter(file -> !file.toString().endsWith(".gz"))
                    .filter(Files::isRegularFile)
                    .map(file -> path.resolveSibling(file.getFileName()))
                    .sorted(
                            Comparator.comparing((Path file) -> file.equals(path))
                                    .thenComparing(FollowedFile::changed))
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private boolean open(Path file, FilePosition position) throws IOException {
        OpenFile opened = open(file, position.offset());
        opened.headBytes = position.headBytes();
        opened.head = position.head();
        if (opened.channel.size() < position.offset() || !hasSameHead(opened)) {
            opened.channel.close();
            return false;
        }
        current = opened;
        return true;
    }

    private OpenFile open(Path file, long offset) throws IOException {
        while (true) {
            long before = inode(file);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            if (inode(file) == before) {
                return new OpenFile(file, channel, before, new LineSplitter(offset, sink));
            }
            channel.close(); // rotated in between
        }
    }

    private OpenFile restart(OpenFile file) {
        OpenFile restarted =
                new OpenFile(file.file, file.channel, file.inode, new LineSplitter(0, sink));
        current = restarted;
        return restarted;
    }

    private boolean hasSameHead(OpenFile file) throws IOException {
        if (file.headBytes == 0) {
            rememberHead(file);
            return true;
        }
        return checksum(file.channel, file.headBytes) == file.head;
    }

    private void rememberHead(OpenFile file) throws IOException {
        if (file.headBytes == 0) {
            file.headBytes = (int) Math.min(HEAD, file.channel.size());
            file.head = checksum(file.channel, file.headBytes);
        }
    }

    private static long checksum(FileChannel channel, int length) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(length);
        while (head.hasRemaining() && channel.read(head, head.position()) > 0) {
            // until it is full, or the file ends
        }
        CRC32C crc = new CRC32C();
        crc.update(head.flip());
        return crc.getValue();
    }

    private static long inode(Path file) throws IOException {
        return ((Number) Files.getAttribute(file, "unix:ino")).longValue();
    }

    private static FileTime changed(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0); // gone meanwhile: opening it will tell
        }
    }

    @Override
    public void close() throws IOException {
        if (current != null) {
            current.channel.close();
        }
    }
}
