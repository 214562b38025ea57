package dev.yagura.sandbox.front;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** Every call since the start or the last reset; the oldest go when there are too many. */
public final class Journal {
    private static final int MOST_ENTRIES = 10_000;

    private final ArrayList<JournalEntry> entries = new ArrayList<>();
    private Exposure baseline = new Exposure(Map.of());
    private long sequence;

    /** Access that {@link JournalEntry#beyondBaseline} is compared with from now on. */
    public synchronized void setBaseline(Exposure exposure) {
        baseline = exposure;
    }

    synchronized Exposure baseline() {
        return baseline;
    }

    synchronized void add(LongFunction<JournalEntry> entry) {
        sequence++;
        entries.add(entry.apply(sequence));
        if (entries.size() > MOST_ENTRIES) {
            entries.removeFirst();
        }
    }

    /** Entries with a higher sequence number, oldest first. */
    public synchronized List<JournalEntry> after(long position) {
        return entries.stream().filter(entry -> entry.sequence() > position).toList();
    }

    public synchronized void clear() {
        entries.clear();
        sequence = 0;
    }
}
