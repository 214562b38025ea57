package dev.yagura.detection.rule;

import dev.yagura.common.log.LogKeys;
import dev.yagura.detection.canary.CanaryRules;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.sigma.canary.Canary;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.engine.RuleMatch;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules in force at one moment: what is evaluated, and what becomes of a match. Immutable but
 * for the counts of what it has seen; used by any number of threads.
 */
public final class RuleSnapshot {
    private static final Logger LOG = LoggerFactory.getLogger(RuleSnapshot.class);

    private final EventMatcher matcher;
    private final Set<String> shadow;
    private final Map<String, ExceptionMatcher> exceptions;
    private final Collection<EvaluatedRule> rules;
    private final CorrelationRules correlations;
    private final CanaryRules canaries;
    private final KindCounts kinds = new KindCounts();

    /**
     * Of compiled rules.
     *
     * @param shadow names of rules whose matches are only counted
     * @param exceptions by the names of rules
     * @param rules all that the matcher evaluates
     * @param canaries that the matcher evaluates too
     */
    RuleSnapshot(
            EventMatcher matcher,
            Set<String> shadow,
            Map<String, ExceptionMatcher> exceptions,
            Collection<EvaluatedRule> rules,
            CorrelationRules correlations,
            CanaryRules canaries) {
        this.matcher = matcher;
        this.shadow = Set.copyOf(shadow);
        this.exceptions = Map.copyOf(exceptions);
        this.rules = List.copyOf(rules);
        this.correlations = correlations;
        this.canaries = canaries;
    }

    /** Every match is a part of an alert. */
    public static RuleSnapshot alerting(EventMatcher matcher) {
        return new RuleSnapshot(
                matcher, Set.of(), Map.of(), List.of(), CorrelationRules.NONE, CanaryRules.NONE);
    }

    /** Number of the rule set, see {@link EventMatcher#ruleSetVersion}. */
    public long ruleSetVersion() {
        return matcher.ruleSetVersion();
    }

    /** Rules that the event meets, whatever becomes of it; counts the event as evaluated. */
    public List<RuleMatch> match(Device device, SensorEvent event) {
        kinds.saw(device, event);
        List<RuleMatch> matches = matcher.match(device, event);
        return matches.isEmpty() ? matches : only(matches, false);
    }

    /** Canaries that the event meets; nothing is counted, and no rule matters. */
    public List<RuleMatch> matchCanaries(Device device, SensorEvent event) {
        return only(matcher.match(device, event), true);
    }

    /** Canaries are met by what ingest says are canaries, and by nothing else. */
    private static List<RuleMatch> only(List<RuleMatch> matches, boolean canaries) {
        return matches.stream()
                .filter(match -> Canary.isCanary(match.rule().getName()) == canaries)
                .toList();
    }

    /** Canaries that were compiled with the rules. */
    public CanaryRules canaries() {
        return canaries;
    }

    /**
     * What a match of this snapshot becomes. An exception comes before shadow: it is true of the
     * rule whatever its deployment.
     *
     * @param now exceptions that end at or before it cover nothing
     */
    public MatchOutcome outcome(RuleMatch match, Device device, SensorEvent event, Instant now) {
        String rule = match.rule().getName();
        ExceptionMatcher matching = exceptions.get(rule);
        if (matching != null) {
            Optional<UUID> covering = covering(matching, match, device, event, now);
            if (covering.isPresent()) {
                return new MatchOutcome.Excepted(covering.get());
            }
        }
        if (shadow.contains(rule)) {
            return MatchOutcome.SHADOW;
        }
        return correlations.takes(rule) ? MatchOutcome.TAKEN : MatchOutcome.ALERTING;
    }

    /** The correlations in force. */
    public CorrelationRules correlations() {
        return correlations;
    }

    /** An exception that cannot be evaluated covers nothing: rather an alert too many. */
    private static Optional<UUID> covering(
            ExceptionMatcher matching,
            RuleMatch match,
            Device device,
            SensorEvent event,
            Instant now) {
        try {
            return matching.covering(device, event, now);
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue(LogKeys.RULE, match.rule().getName())
                    .setCause(e)
                    .log("the exceptions of a rule cannot be evaluated");
            return Optional.empty();
        }
    }

    KindCounts kinds() {
        return kinds;
    }

    Collection<EvaluatedRule> rules() {
        return rules;
    }
}
