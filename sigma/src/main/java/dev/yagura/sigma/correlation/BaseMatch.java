package dev.yagura.sigma.correlation;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A match of one of the rules of a correlation, as a member of a group.
 *
 * @param rule index of the rule in the correlation
 * @param timeNs when the event was, in nanoseconds since 1970
 * @param values of the condition's fields, in its order; empty where it has none
 * @param carried fields that correlations of this correlation ask for
 */
public record BaseMatch(
        int rule, String eventId, long timeNs, List<String> values, Map<String, String> carried) {
    /** In time; the same match is there once. */
    static final Comparator<BaseMatch> ORDER =
            Comparator.comparingLong(BaseMatch::timeNs)
                    .thenComparing(BaseMatch::eventId)
                    .thenComparingInt(BaseMatch::rule);

    public BaseMatch {
        values = List.copyOf(values);
        carried = Map.copyOf(carried);
    }

    /** Whether it is of the same event. */
    boolean isSameEvent(BaseMatch other) {
        return timeNs == other.timeNs && eventId.equals(other.eventId);
    }
}
