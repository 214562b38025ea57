package dev.yagura.telemetry.recording;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Cuts bytes into lines; of a line over 1 MiB only the beginning is kept. */
public final class LineSplitter {
    public static final int LONGEST_LINE = 1024 * 1024;

    private final LineSink sink;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long position;
    private long lineStart;

    /** Takes lines. */
    @FunctionalInterface
    public interface LineSink {
        /**
         * One line without its end.
         *
         * @param end position of the byte after the line and its end
         */
        void accept(String line, long end);
    }

    /**
     * A splitter.
     *
     * @param position of the first byte that it will be given
     */
    public LineSplitter(long position, LineSink sink) {
        this.position = position;
        this.lineStart = position;
        this.sink = sink;
    }

    /** The next bytes. */
    public void accept(byte[] bytes, int length) {
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                keep(bytes, from, i);
                from = i + 1;
                lineStart = position + from;
                emit();
            }
        }
        keep(bytes, from, length);
        position += length;
    }

    /** The last line may have no end. */
    public void finish() {
        if (line.size() > 0) {
            lineStart = position;
            emit();
        }
    }

    /** Position of the byte after the last one given. */
    public long position() {
        return position;
    }

    /** Position of the first byte of the line that is not whole yet. */
    public long lineStart() {
        return lineStart;
    }

    private void keep(byte[] bytes, int from, int to) {
        line.write(bytes, from, Math.min(to - from, LONGEST_LINE - line.size()));
    }

    private void emit() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        sink.accept(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text, lineStart);
    }
}
