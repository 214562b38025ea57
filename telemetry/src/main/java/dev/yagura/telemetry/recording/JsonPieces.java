package dev.yagura.telemetry.recording;

import dev.yagura.telemetry.event.BadLines;
import dev.yagura.telemetry.json.JsonSplitter;
import java.time.Clock;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** Objects of a JSON file in pieces of about 256 KiB. */
final class JsonPieces implements Recording.Bytes, JsonSplitter.Sink {
    private static final int PIECE = 256 * 1024;
    private static final int MOST_RECORDS = 1000;

    private final BadLines badLines;
    private final Consumer<Piece> sink;
    private final Clock clock;
    private final String source;
    private final JsonSplitter splitter = new JsonSplitter(this);

    /** Decoders that no thread uses just now: they know the paths of the objects. */
    private final Queue<JsonEvents> decoders = new ConcurrentLinkedQueue<>();

    private byte[] bytes = new byte[PIECE];
    private int length;
    private int[] ends = new int[MOST_RECORDS];
    private int count;
    private long before;

    JsonPieces(Clock clock, String source, BadLines badLines, Consumer<Piece> sink) {
        this.clock = clock;
        this.source = source;
        this.badLines = badLines;
        this.sink = sink;
    }

    @Override
    public void accept(byte[] chunk, int chunkLength) {
        splitter.accept(chunk, chunkLength);
    }

    @Override
    public void finish() {
        splitter.finish();
        flush();
    }

    @Override
    public void object(byte[] buffer, int from, int to) {
        int size = to - from;
        if (length + size > bytes.length) {
            flush();
            if (size > bytes.length) {
                bytes = new byte[size];
            }
        }
        System.arraycopy(buffer, from, bytes, length, size);
        length += size;
        ends[count++] = length;
        if (count == MOST_RECORDS) {
            flush();
        }
    }

    @Override
    public void bad(String text, String reason) {
        badLines.add(text, reason);
    }

    private void flush() {
        if (count == 0) {
            return;
        }
        byte[] piece = bytes;
        int[] pieceEnds = Arrays.copyOf(ends, count);
        long first = before + 1;
        before += count;
        bytes = new byte[PIECE];
        length = 0;
        count = 0;
        sink.accept((bad, events) -> decode(piece, pieceEnds, first, bad, events));
    }

    private void decode(
            byte[] piece, int[] pieceEnds, long first, BadLines bad, Piece.Sink events) {
        JsonEvents decoder = decoders.poll();
        if (decoder == null) {
            decoder = new JsonEvents(clock, source);
        }
        int from = 0;
        for (int i = 0; i < pieceEnds.length; i++) {
            long record = first + i;
            decoder.read(piece, from, pieceEnds[i], bad, event -> events.accept(record, event));
            from = pieceEnds[i];
        }
        decoders.add(decoder);
    }
}
