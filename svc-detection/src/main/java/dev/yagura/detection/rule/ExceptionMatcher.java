package dev.yagura.detection.rule;

import dev.yagura.common.log.LogKeys;
import dev.yagura.proto.detection.v1.RuleReference;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.sigma.SigmaRule;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.engine.RuleMatch;
import dev.yagura.sigma.engine.RuleSetCompiler;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The exceptions of one rule, compiled; asked only about its matches. */
final class ExceptionMatcher {
    private static final Logger LOG = LoggerFactory.getLogger(ExceptionMatcher.class);

    private final EventMatcher matcher;
    private final Map<String, StoredException> byId = new HashMap<>();

    private ExceptionMatcher(EventMatcher matcher, List<StoredException> exceptions) {
        this.matcher = matcher;
        exceptions.forEach(exception -> byId.put(exception.id().toString(), exception));
    }

    /**
     * Of those that fit the rule as it is now; an exception that does not covers nothing.
     *
     * @param rule that they belong to
     * @return empty when none fits
     */
    static Optional<ExceptionMatcher> fitting(
            List<StoredException> all, SigmaRule rule, RuleMappings mappings) {
        List<StoredException> fitting = new ArrayList<>();
        List<RuleSetCompiler.Input> inputs = new ArrayList<>();
        for (StoredException exception : all) {
            try {
                SigmaRule parsed =
                        ExceptionText.parse(exception.text(), rule.logSource(), mappings);
                inputs.add(input(exception, parsed));
                fitting.add(exception);
            } catch (ExceptionText.UnusableException e) {
                LOG.atWarn()
                        .addKeyValue(LogKeys.RULE, exception.name())
                        .addKeyValue(LogKeys.REASON, e.getMessage())
                        .log("an exception does not fit its rule any more and covers nothing");
            }
        }
        return fitting.isEmpty()
                ? Optional.empty()
                : Optional.of(new ExceptionMatcher(mappings.compile(0, inputs), fitting));
    }

    private static RuleSetCompiler.Input input(StoredException exception, SigmaRule parsed) {
        return new RuleSetCompiler.Input(
                RuleReference.newBuilder()
                        .setId(exception.id().toString())
                        .setName(exception.name())
                        .build(),
                Severity.SEVERITY_INFORMATIONAL,
                parsed);
    }

    /** The first one that holds for the event and has not ended. */
    Optional<UUID> covering(Device device, SensorEvent event, Instant now) {
        for (RuleMatch match : matcher.match(device, event)) {
            StoredException exception = byId.get(match.rule().getId());
            if (exception != null && !exception.isExpired(now)) {
                return Optional.of(exception.id());
            }
        }
        return Optional.empty();
    }
}
