package dev.yagura.detection.rule;

import dev.yagura.sigma.engine.EventMatcher;
import java.util.List;

/** What evaluating one rule alone takes. */
final class RuleCost {
    private static final int ROUNDS = 5;
    private static final int MAX_EVENTS_A_ROUND = 2_000;

    private RuleCost() {}

    /**
     * Nanoseconds for one event: the fastest of a few rounds, so that what else the machine does
     * counts as little as possible.
     *
     * @param samples events of the rule's log source; 0 is answered when there are none
     */
    static int nanos(EventMatcher matcher, List<KindCounts.Sample> samples) {
        if (samples.isEmpty()) {
            return 0;
        }
        int repeats = Math.max(1, MAX_EVENTS_A_ROUND / samples.size());
        long fastest = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long begun = System.nanoTime();
            for (int repeat = 0; repeat < repeats; repeat++) {
                for (KindCounts.Sample sample : samples) {
                    matcher.match(sample.device(), sample.event());
                }
            }
            fastest = Math.min(fastest, System.nanoTime() - begun);
        }
        long each = fastest / ((long) repeats * samples.size());
        return (int) Math.clamp(each, 1, Integer.MAX_VALUE);
    }
}
