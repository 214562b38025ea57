package dev.yagura.telemetry.recording;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.telemetry.event.EventSink;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Events that had to be made in order, in pieces. */
final class EventPieces implements EventSink {
    private static final int MOST_EVENTS = 500;

    private final Consumer<Piece> sink;
    private List<Event> events = new ArrayList<>();
    private long before;

    EventPieces(Consumer<Piece> sink) {
        this.sink = sink;
    }

    @Override
    public void accept(Event event) {
        events.add(event);
        if (events.size() == MOST_EVENTS) {
            flush();
        }
    }

    void flush() {
        if (events.isEmpty()) {
            return;
        }
        List<Event> piece = events;
        long first = before + 1;
        before += piece.size();
        events = new ArrayList<>();
        sink.accept((bad, taker) -> {
            for (int i = 0; i < piece.size(); i++) {
                taker.accept(first + i, piece.get(i));
            }
        });
    }
}
