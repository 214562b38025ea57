package dev.yagura.sigma.correlation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts events in time order and keeps the first and last ids. */
final class EventSummary {
    private final List<String> first = new ArrayList<>();
    private final Deque<String> last = new ArrayDeque<>();
    private @Nullable BaseMatch latest;
    private long earliestNs;
    private long events;

    EventSummary() {}

    EventSummary(long earliestNs, long events, Collection<String> first, Collection<String> last) {
        this.earliestNs = earliestNs;
        this.events = events;
        this.first.addAll(first);
        this.last.addAll(last);
    }

    EventSummary copy() {
        EventSummary copy = new EventSummary(earliestNs, events, first, last);
        copy.latest = latest;
        return copy;
    }

    /** Matches of one event come one after another and count once. */
    void add(BaseMatch match) {
        @Nullable BaseMatch before = latest;
        latest = match;
        if (before != null && before.isSameEvent(match)) {
            return;
        }
        if (events++ == 0) {
            earliestNs = match.timeNs();
        }
        if (first.size() < CorrelationMatch.KEPT_IDS) {
            first.add(match.eventId());
        }
        last.addLast(match.eventId());
        if (last.size() > CorrelationMatch.KEPT_IDS) {
            last.removeFirst();
        }
    }

    long earliestNs() {
        return earliestNs;
    }

    long events() {
        return events;
    }

    List<String> first() {
        return List.copyOf(first);
    }

    List<String> last() {
        return List.copyOf(last);
    }
}
