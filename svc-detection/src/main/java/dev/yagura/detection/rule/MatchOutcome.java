package dev.yagura.detection.rule;

import java.util.UUID;

/** What a match becomes. */
public sealed interface MatchOutcome {
    /** A part of an alert. */
    record Alerting() implements MatchOutcome {}

    /** A count: the rule is in shadow. */
    record Shadow() implements MatchOutcome {}

    /** A count: an exception of the rule covers it. */
    record Excepted(UUID exceptionId) implements MatchOutcome {}

    /** A part of correlations only: one that raises alerts has taken the rule. */
    record Taken() implements MatchOutcome {}

    MatchOutcome ALERTING = new Alerting();
    MatchOutcome SHADOW = new Shadow();
    MatchOutcome TAKEN = new Taken();
}
