package dev.yagura.bench.measure;

import java.util.Locale;

/**
 * What an index of indicators takes.
 *
 * @param indicators in it
 * @param tableBytes of its fingerprints
 * @param heapBytes by which the heap grew, after a collection
 * @param addNanos of adding one, its normal form included
 * @param eventNanos of looking an event without a hit through
 * @param hitNanos of looking an event with one hit through
 * @param allocatedBytes by an event without a hit
 * @param lookups of values that are no indicators
 * @param mistaken of those, taken for indicators by their fingerprint
 */
public record IndicatorFigures(
        int indicators,
        long tableBytes,
        long heapBytes,
        double addNanos,
        double eventNanos,
        double hitNanos,
        long allocatedBytes,
        long lookups,
        long mistaken) {

    /** For people. */
    public String text() {
        return String.format(
                Locale.ROOT,
                """
                indicators in memory       %,d
                fingerprints               %.1f MB, %.1f bytes each; aim: at most 200 MB
                growth of the heap         %.1f MB
                adding one                 %.0f ns
                event without a hit        %.0f ns, %d bytes allocated; aim: well under 1,000 ns
                event with a hit           %.0f ns, before the store is asked
                values that are none       %,d looked up, %d mistaken for one
                """,
                indicators,
                tableBytes / 1e6,
                (double) tableBytes / indicators,
                heapBytes / 1e6,
                addNanos,
                eventNanos,
                allocatedBytes,
                hitNanos,
                lookups,
                mistaken);
    }
}
