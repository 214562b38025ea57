package dev.yagura.detection.rule;

import java.time.Instant;
import java.util.Optional;

/**
 * What a rule did so far, over all replicas.
 *
 * @param matches while alerting, without excepted ones
 * @param alertsLastDay alerts made in the last 24 hours
 * @param shadowAlertsLastDay alerts that shadow matches of the last 24 hours would have made
 * @param costNanos for one event of its log source; 0 while not measured
 */
record RuleTotals(
        long evaluatedEvents,
        long matches,
        long alerts,
        long shadowMatches,
        long exceptedMatches,
        long alertsLastDay,
        long shadowAlertsLastDay,
        Optional<Instant> lastMatchTime,
        int costNanos) {
    static final RuleTotals NONE = new RuleTotals(0, 0, 0, 0, 0, 0, 0, Optional.empty(), 0);
}
