package dev.yagura.sigma.correlation;

import java.util.List;

/**
 * What a portion of matches did to a group.
 *
 * @param raised correlation matches that are new, or whose events are others than before; in time
 * @param withdrawn correlation matches that were raised before and do not hold any more: a late
 *     event brought the condition out of its range, or joined two matches into one
 * @param qualified events that qualify and did not before
 * @param disqualified events that do not qualify any more
 * @param tooLate matches that were not taken: older than the allowed lateness
 */
public record GroupChanges(
        List<CorrelationMatch> raised,
        List<CorrelationMatch> withdrawn,
        List<BaseMatch> qualified,
        List<BaseMatch> disqualified,
        List<BaseMatch> tooLate) {
    public GroupChanges {
        raised = List.copyOf(raised);
        withdrawn = List.copyOf(withdrawn);
        qualified = List.copyOf(qualified);
        disqualified = List.copyOf(disqualified);
        tooLate = List.copyOf(tooLate);
    }
}
