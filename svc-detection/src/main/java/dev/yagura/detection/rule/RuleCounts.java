package dev.yagura.detection.rule;

import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** What rules matched in a piece of the log, to be committed with its end. Not thread-safe. */
public final class RuleCounts {
    private final Map<String, Tally> byRule = new TreeMap<>();
    private final Map<UUID, Long> byException = new TreeMap<>();

    /** Counts of one rule. */
    static final class Tally {
        private long matches;
        private long shadowMatches;
        private long exceptedMatches;
        private long shadowAlerts;

        long matches() {
            return matches;
        }

        long shadowMatches() {
            return shadowMatches;
        }

        long exceptedMatches() {
            return exceptedMatches;
        }

        /** Alerts that matches in shadow would be a part of. */
        long shadowAlerts() {
            return shadowAlerts;
        }

        private void add(Tally other) {
            matches += other.matches;
            shadowMatches += other.shadowMatches;
            exceptedMatches += other.exceptedMatches;
            shadowAlerts += other.shadowAlerts;
        }
    }

    /** Counts a match. */
    public void add(String ruleName, MatchOutcome outcome) {
        Tally tally = byRule.computeIfAbsent(ruleName, name -> new Tally());
        switch (outcome) {
            case MatchOutcome.Alerting alerting -> tally.matches++;
            case MatchOutcome.Taken taken -> tally.matches++;
            case MatchOutcome.Shadow shadow -> tally.shadowMatches++;
            case MatchOutcome.Excepted(UUID exception) -> {
                tally.exceptedMatches++;
                byException.merge(exception, 1L, Long::sum);
            }
        }
    }

    /** Counts an alert that matches in shadow would have made. */
    public void addShadowAlert(String ruleName) {
        byRule.computeIfAbsent(ruleName, name -> new Tally()).shadowAlerts++;
    }

    /** Adds what follows. */
    public void addAll(RuleCounts other) {
        other.byRule.forEach(
                (name, tally) -> byRule.computeIfAbsent(name, key -> new Tally()).add(tally));
        other.byException.forEach((id, count) -> byException.merge(id, count, Long::sum));
    }

    public boolean isEmpty() {
        return byRule.isEmpty();
    }

    /** In the order of names. */
    Map<String, Tally> byRule() {
        return byRule;
    }

    /** In the order of ids. */
    Map<UUID, Long> byException() {
        return byException;
    }
}
