package dev.yagura.telemetry.recording;

import dev.yagura.telemetry.event.BadLines;
import dev.yagura.telemetry.event.EventParser;
import dev.yagura.telemetry.event.EventSink;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/**
 * A file of telemetry, packed by gzip or not, in UTF-8 or, with a byte order mark, in UTF-16. Read
 * as a stream: memory does not grow with the file.
 */
public final class Recording {
    static final int CHUNK = 64 * 1024;

    /** Lines looked at for the format; files may begin with something else. */
    private static final int MOST_LINES = 1000;

    private static final int GZIP_MAGIC = 0x1f8b;

    private final Path file;
    private final Format format;
    private final String bootId;
    private final String jsonSource;

    private Recording(Path file, Format format, String bootId, String jsonSource) {
        this.file = file;
        this.format = format;
        this.bootId = bootId;
        this.jsonSource = jsonSource;
    }

    /** Looks at the beginning; empty when the format is not known. */
    public static Optional<Recording> detect(Path file) throws IOException {
        return detect(file, JsonEvents.DEFAULT_SOURCE);
    }

    /**
     * Looks at the beginning; empty when the format is not known.
     *
     * @param jsonSource the source of JSON objects that no reader knows
     */
    public static Optional<Recording> detect(Path file, String jsonSource) throws IOException {
        Beginning beginning = new Beginning();
        try (InputStream in = open(file)) {
            LineSplitter lines = new LineSplitter(0, (line, end) -> beginning.line(line));
            byte[] chunk = new byte[CHUNK];
            int read = fill(in, chunk);
            beginning.chunk(chunk, read);
            while (read > 0 && !beginning.isDone()) {
                lines.accept(chunk, read);
                read = fill(in, chunk);
            }
            lines.finish();
        }
        String line = beginning.line;
        return Optional.ofNullable(beginning.format)
                .map(format ->
                        new Recording(file, format, "recording-" + digest(line), jsonSource));
    }

    /** As much as there is; a file that is cut has a beginning all the same. */
    private static int fill(InputStream in, byte[] chunk) throws IOException {
        int length = 0;
        try {
            while (length < chunk.length) {
                int read = in.read(chunk, length, chunk.length - length);
                if (read < 0) {
                    break;
                }
                length += read;
            }
        } catch (EOFException e) {
            if (length == 0) {
                throw e;
            }
        }
        return length;
    }

    public Path file() {
        return file;
    }

    public Format format() {
        return format;
    }

    /**
     * Stands for the boot of the recorded host: the same for each reading of the same file, so that
     * process ids are too.
     */
    public String bootId() {
        return bootId;
    }

    /**
     * Reads all of it in order.
     *
     * @throws IOException when the file is damaged or cut; what is before that was read
     */
    public void read(Clock clock, BadLines badLines, EventSink sink) throws IOException {
        pieces(
                clock,
                badLines,
                piece -> piece.decode(badLines, (record, event) -> sink.accept(event)));
    }

    /**
     * Cuts it into pieces.
     *
     * @param badLines hears of what is not in any piece, in this thread
     * @throws IOException when the file is damaged or cut; what is before that was handed over
     */
    public void pieces(Clock clock, BadLines badLines, Consumer<Piece> sink) throws IOException {
        switch (format.reading()) {
            case JSON -> feed(new JsonPieces(clock, jsonSource, badLines, sink));
            case LINES ->
                    feed(
                            new LinePieces(
                                    (bad, events) -> format.parser(bootId, clock, bad, events),
                                    sink));
            case LINES_IN_ORDER -> inOrder(clock, badLines, sink);
        }
    }

    /** Takes the bytes of a file. */
    interface Bytes {
        void accept(byte[] bytes, int length);

        void finish();
    }

    private void feed(Bytes bytes) throws IOException {
        try (InputStream in = open(file)) {
            byte[] chunk = new byte[CHUNK];
            for (int read = in.read(chunk); read > 0; read = in.read(chunk)) {
                bytes.accept(chunk, read);
            }
        } finally {
            bytes.finish();
        }
    }

    private void inOrder(Clock clock, BadLines badLines, Consumer<Piece> sink) throws IOException {
        EventPieces pieces = new EventPieces(sink);
        EventParser parser = format.parser(bootId, clock, badLines, pieces);
        LineSplitter lines = new LineSplitter(0, (line, end) -> parser.line(line));
        feed(
                new Bytes() {
                    @Override
                    public void accept(byte[] bytes, int length) {
                        lines.accept(bytes, length);
                    }

                    @Override
                    public void finish() {
                        lines.finish();
                        parser.finish();
                        pieces.flush();
                    }
                });
    }

    private static InputStream open(Path file) throws IOException {
        BufferedInputStream raw = new BufferedInputStream(Files.newInputStream(file), CHUNK);
        raw.mark(2);
        int magic = raw.read() << 8 | raw.read();
        raw.reset();
        return ByteOrderMark.decoded(magic == GZIP_MAGIC ? new GZIPInputStream(raw, CHUNK) : raw);
    }

    private static String digest(String line) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(line.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static final class Beginning {
        private int lines;
        @org.jspecify.annotations.Nullable Format format;
        String line = "";

        /** A log file of CloudTrail is one line, however long. */
        void chunk(byte[] bytes, int length) {
            for (int i = 0; i < length; i++) {
                if (bytes[i] == '\n') {
                    return;
                }
            }
            line(new String(bytes, 0, Math.max(0, length), StandardCharsets.UTF_8));
        }

        void line(String next) {
            if (isDone()) {
                return;
            }
            lines++;
            Format.of(next)
                    .ifPresent(found -> {
                        format = found;
                        line = next;
                    });
        }

        boolean isDone() {
            return format != null || lines >= MOST_LINES;
        }
    }
}
