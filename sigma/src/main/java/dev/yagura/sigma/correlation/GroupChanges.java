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
 * @param begun for each match that is new, or begins with another event than before: that event
 * @param ended for each match that is gone, or began with another event: the event it began with
 * @param tooLate matches that were not taken: from a time that is closed
 */
public record GroupChanges(
        List<CorrelationMatch> raised,
        List<CorrelationMatch> withdrawn,
        List<BaseMatch> qualified,
        List<BaseMatch> disqualified,
        List<CorrelationGraph.Inner> begun,
        List<CorrelationGraph.Inner> ended,
        List<BaseMatch> tooLate) {
    public GroupChanges {
        raised = List.copyOf(raised);
        withdrawn = List.copyOf(withdrawn);
        qualified = List.copyOf(qualified);
        disqualified = List.copyOf(disqualified);
        begun = List.copyOf(begun);
        ended = List.copyOf(ended);
        tooLate = List.copyOf(tooLate);
    }
}
