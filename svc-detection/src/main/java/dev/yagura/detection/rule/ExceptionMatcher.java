package dev.yagura.detection.rule;

import dev.yagura.proto.detection.v1.RuleReference;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.SigmaRule;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.engine.RuleMatch;
import dev.yagura.sigma.engine.RuleSetCompiler;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The exceptions of one rule, compiled; asked only about its matches. */
final class ExceptionMatcher {
    private final EventMatcher matcher;
    private final Map<String, StoredException> byId = new HashMap<>();

    private ExceptionMatcher(EventMatcher matcher, List<StoredException> exceptions) {
        this.matcher = matcher;
        exceptions.forEach(exception -> byId.put(exception.id().toString(), exception));
    }

    /**
     * Of exceptions whose texts were checked when they were made.
     *
     * @param rule that they belong to
     * @throws ExceptionText.UnusableException one does not fit the rule as it is now
     */
    static ExceptionMatcher of(SigmaRule rule, List<StoredException> exceptions) {
        List<RuleSetCompiler.Input> inputs = new ArrayList<>();
        for (StoredException exception : exceptions) {
            SigmaRule parsed = ExceptionText.parse(exception.text(), rule.logSource());
            inputs.add(
                    new RuleSetCompiler.Input(
                            RuleReference.newBuilder()
                                    .setId(exception.id().toString())
                                    .setName(exception.name())
                                    .build(),
                            Severity.SEVERITY_INFORMATIONAL,
                            parsed));
        }
        return new ExceptionMatcher(RuleSetCompiler.compile(0, inputs), exceptions);
    }

    /** The first one that holds for the event and has not ended. */
    Optional<UUID> covering(Device device, Event event, Instant now) {
        for (RuleMatch match : matcher.match(device, event)) {
            StoredException exception = byId.get(match.rule().getId());
            if (exception != null && !exception.isExpired(now)) {
                return Optional.of(exception.id());
            }
        }
        return Optional.empty();
    }
}
