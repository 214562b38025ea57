package dev.yagura.detection.indicator;

import dev.yagura.indicator.IndicatorIndex;
import java.time.Instant;
import java.util.List;

/** For tests of what is around them. */
public final class TestIndicators {
    private TestIndicators() {}

    /** Nothing is an indicator. */
    public static IndicatorSource none() {
        IndicatorIndex index = new IndicatorIndex();
        return () ->
                new IndicatorMatcher(
                        () -> index,
                        key -> new ConfirmedIndicators.Confirmed(List.of(), Instant.EPOCH),
                        indicator -> true);
    }
}
