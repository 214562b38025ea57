package dev.yagura.detection.indicator;

/** Where matchers of the lists in force come from. */
public interface IndicatorSource {
    /** One for one thread; it follows changes of the lists by itself. */
    IndicatorMatcher matcher();
}
