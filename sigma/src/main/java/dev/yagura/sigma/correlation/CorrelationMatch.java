package dev.yagura.sigma.correlation;

import java.util.List;
import java.util.UUID;

/**
 * A time in which a correlation holds for a group.
 *
 * @param id the same for the same correlation, group and timespan-long period of {@code firstNs}
 * @param ruleId of the correlation
 * @param earliestNs time of the earliest event in the window of the first that qualified
 * @param firstNs time of the first event that qualified
 * @param lastNs time of the last event that qualified
 * @param events how many are in the windows of those that qualified
 * @param firstEventIds ids of up to ten of them, the earliest first
 * @param lastEventIds ids of up to ten of them, the latest last
 */
public record CorrelationMatch(
        UUID id,
        String ruleId,
        GroupKey group,
        long earliestNs,
        long firstNs,
        long lastNs,
        long events,
        List<String> firstEventIds,
        List<String> lastEventIds) {
    /** How many ids are kept at either end. */
    public static final int KEPT_IDS = 10;

    public CorrelationMatch {
        firstEventIds = List.copyOf(firstEventIds);
        lastEventIds = List.copyOf(lastEventIds);
    }
}
