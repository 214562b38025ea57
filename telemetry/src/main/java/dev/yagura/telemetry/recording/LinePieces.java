package dev.yagura.telemetry.recording;

import dev.yagura.telemetry.event.BadLines;
import dev.yagura.telemetry.event.EventParser;
import dev.yagura.telemetry.event.EventSink;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Lines that are whole in themselves, in pieces. */
final class LinePieces implements Recording.Bytes {
    private static final int MOST_LINES = 1000;
    private static final int MOST_CHARACTERS = 256 * 1024;

    private final BiFunction<BadLines, EventSink, EventParser> parsers;
    private final Consumer<Piece> sink;
    private final LineSplitter splitter = new LineSplitter(0, (line, end) -> add(line));
    private List<String> lines = new ArrayList<>();
    private int characters;
    private long before;

    LinePieces(BiFunction<BadLines, EventSink, EventParser> parsers, Consumer<Piece> sink) {
        this.parsers = parsers;
        this.sink = sink;
    }

    @Override
    public void accept(byte[] bytes, int length) {
        splitter.accept(bytes, length);
    }

    @Override
    public void finish() {
        splitter.finish();
        flush();
    }

    private void add(String line) {
        lines.add(line);
        characters += line.length();
        if (lines.size() == MOST_LINES || characters >= MOST_CHARACTERS) {
            flush();
        }
    }

    private void flush() {
        if (lines.isEmpty()) {
            return;
        }
        List<String> piece = lines;
        long first = before + 1;
        before += piece.size();
        lines = new ArrayList<>();
        characters = 0;
        sink.accept((bad, events) -> {
            long[] record = {first};
            EventParser parser = parsers.apply(bad, event -> events.accept(record[0], event));
            for (String line : piece) {
                parser.line(line);
                record[0]++;
            }
            parser.finish();
        });
    }
}
