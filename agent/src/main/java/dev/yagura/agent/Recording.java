package dev.yagura.agent;

import dev.yagura.agent.failure.AgentFailure;
import dev.yagura.agent.failure.AgentFailure.Kind;
import dev.yagura.agent.follow.LineSplitter;
import dev.yagura.telemetry.event.BadLines;
import dev.yagura.telemetry.event.EventParser;
import dev.yagura.telemetry.event.EventSink;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;

/**
 * A file to replay, packed by gzip or not.
 *
 * @param bootId stands for the boot of the recorded host: the same for each replay of the same
 *     file, so that process ids are too
 */
record Recording(Path file, SourceFormat format, String bootId) {
    private static final int CHUNK = 64 * 1024;

    /** Lines looked at for the format; syslog files hold other programs' lines first. */
    private static final int MOST_LINES = 1000;

    private static final int GZIP_MAGIC = 0x1f8b;

    /** Looks at the beginning; fails when the file cannot be read or its format is not known. */
    static Recording detect(Path file) {
        Detection detection = new Detection();
        try (InputStream in = open(file)) {
            LineSplitter lines = new LineSplitter(0, (line, end) -> detection.line(line));
            byte[] chunk = new byte[CHUNK];
            int read = in.read(chunk);
            while (read > 0 && !detection.isDone()) {
                lines.accept(chunk, read);
                read = in.read(chunk);
            }
            lines.finish();
        } catch (IOException e) {
            throw new AgentFailure(
                    Kind.NOT_FOUND,
                    file
                            + " cannot be read ("
                            + e.getMessage()
                            + "): give recordings that this user may read",
                    e);
        }
        if (detection.format == null) {
            throw new AgentFailure(
                    Kind.USAGE,
                    file
                            + " is of no known format: expected the log of auditd, syslog with events of Sysmon for Linux, or AUOMS events in JSON lines");
        }
        return new Recording(file, detection.format, "recording-" + digest(detection.line));
    }

    /** Reads all of it. */
    void read(EventParser parser) {
        try (InputStream in = open(file)) {
            LineSplitter lines = new LineSplitter(0, (line, end) -> parser.line(line));
            byte[] chunk = new byte[CHUNK];
            for (int read = in.read(chunk); read > 0; read = in.read(chunk)) {
                lines.accept(chunk, read);
            }
            lines.finish();
            parser.finish();
        } catch (IOException e) {
            throw new AgentFailure(
                    Kind.FAILED,
                    file
                            + " is damaged or was cut ("
                            + e.getMessage()
                            + "); what is before the damage was sent",
                    e);
        }
    }

    /** Time of the last event; 0 when there is none. */
    long lastTimeNanos(Clock clock) {
        long[] last = {0};
        read(
                parser(
                        clock,
                        (line, reason) -> {},
                        event -> last[0] = Math.max(last[0], event.getTimeNs())));
        return last[0];
    }

    EventParser parser(Clock clock, BadLines badLines, EventSink sink) {
        return format.parser(bootId, clock, badLines, sink);
    }

    private static InputStream open(Path file) throws IOException {
        BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file), CHUNK);
        in.mark(2);
        int magic = in.read() << 8 | in.read();
        in.reset();
        return magic == GZIP_MAGIC ? new GZIPInputStream(in, CHUNK) : in;
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

    private static final class Detection {
        private int lines;
        @org.jspecify.annotations.Nullable SourceFormat format;
        String line = "";

        void line(String next) {
            if (isDone()) {
                return;
            }
            lines++;
            SourceFormat.of(next)
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
