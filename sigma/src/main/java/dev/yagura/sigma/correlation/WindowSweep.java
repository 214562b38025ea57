package dev.yagura.sigma.correlation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Moves a window over the matches of a group and says which of them qualify. */
final class WindowSweep {
    private final CorrelationDefinition definition;
    private final WindowMeasure measure;
    private final List<GroupEntry> entries;

    /** The first entry that is still in the window. */
    private int oldest;

    private WindowSweep(CorrelationDefinition definition, List<GroupEntry> entries) {
        this.definition = definition;
        this.entries = entries;
        measure = WindowMeasure.of(definition.correlation());
    }

    /**
     * Decides anew about entries of a time, from what is before them.
     *
     * @param entries in order
     * @param fromNs first time to decide about
     * @param toNs last time to decide about
     */
    static void decide(
            CorrelationDefinition definition, List<GroupEntry> entries, long fromNs, long toNs) {
        new WindowSweep(definition, entries).decide(fromNs, toNs);
    }

    private void decide(long fromNs, long toNs) {
        oldest = firstAfter(entries, Times.minus(fromNs, definition.timespanNs()));
        int next = oldest;
        while (next < entries.size() && entries.get(next).timeNs() <= toNs) {
            int end = next;
            long timeNs = entries.get(next).timeNs();
            while (end < entries.size() && entries.get(end).timeNs() == timeNs) {
                end++;
            }
            add(entries.subList(next, end));
            if (timeNs >= fromNs) {
                decide(entries.subList(next, end), timeNs);
            }
            next = end;
        }
    }

    /** Matches of one moment can follow each other in either order: that of the rules is taken. */
    private void add(List<GroupEntry> moment) {
        List<GroupEntry> ordered = new ArrayList<>(moment);
        ordered.sort(Comparator.comparingInt(entry -> entry.match().rule()));
        ordered.forEach(entry -> measure.add(entry.match()));
    }

    private void decide(List<GroupEntry> moment, long timeNs) {
        long openNs = Times.minus(timeNs, definition.timespanNs());
        while (entries.get(oldest).timeNs() <= openNs) {
            measure.remove(entries.get(oldest++).match());
        }
        for (GroupEntry entry : moment) {
            entry.qualify(
                    measure.holds(entry.match(), openNs, definition.correlation().condition()));
        }
    }

    /** Index of the first entry later than the time. */
    static int firstAfter(List<GroupEntry> entries, long timeNs) {
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).timeNs() <= timeNs) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
