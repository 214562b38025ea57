package dev.yagura.detection.coverage;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.yagura.common.log.LogKeys;
import dev.yagura.detection.rule.RuleInventory;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.SigmaRule;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.pack.ParsedPack;
import dev.yagura.sigma.pack.RegressionData;
import dev.yagura.sigma.pack.Rule;
import dev.yagura.sigma.pack.RuleCases;
import dev.yagura.telemetry.recording.JsonRecording;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether rules fire on what they are said to fire on. Run on the engine and the tables in force;
 * kept until the pack changes.
 */
@ApplicationScoped
class RuleProofs {
    private static final Logger LOG = LoggerFactory.getLogger(RuleProofs.class);
    private static final Device DEVICE = Device.newBuilder().setOs("linux").build();

    private final RuleInventory inventory;
    private final Clock clock;
    private final Map<String, Boolean> ownByContent = new HashMap<>(); // guarded by this
    private final Map<String, Tested> byPack = new HashMap<>(); // guarded by this

    /** What proves a rule. */
    enum Proof {
        CASES,
        REGRESSION,
        NONE,
        FAILED
    }

    /**
     * What is known of one version of a pack.
     *
     * @param outcomes of rules as they are linked; empty for a rule without regression data
     */
    private record Tested(ParsedPack version, Map<SigmaRule, Optional<Boolean>> outcomes) {
        /** The same object, not an equal one: texts of thousands of rules need no comparing. */
        @SuppressWarnings("ReferenceEquality")
        boolean isOf(RuleInventory.Pack pack) {
            return version == pack.version();
        }
    }

    @Inject
    RuleProofs(RuleInventory inventory, Clock clock) {
        this.inventory = inventory;
        this.clock = clock;
    }

    /** By rule name; of rules that can fire. One caller runs them, others wait for it. */
    synchronized Map<String, Proof> of(List<Rule> rules) {
        Map<String, Boolean> regression = new HashMap<>();
        for (RuleInventory.Pack pack : inventory.packs()) {
            regression.putAll(tested(pack));
        }
        Map<String, Proof> proofs = new HashMap<>();
        for (Rule rule : rules) {
            Optional<Boolean> cases =
                    RuleCases.of(rule)
                            .map(known ->
                                    ownByContent.computeIfAbsent(
                                            rule.contentHash(), hash -> passes(rule, known)));
            Optional<Boolean> data = Optional.ofNullable(regression.get(rule.name()));
            proofs.put(
                    rule.name(),
                    cases.map(passed -> passed ? Proof.CASES : Proof.FAILED)
                            .or(() -> data.map(passed -> passed ? Proof.REGRESSION : Proof.FAILED))
                            .orElse(Proof.NONE));
        }
        return proofs;
    }

    private boolean passes(Rule rule, RuleCases cases) {
        EventMatcher matcher = inventory.alone(rule);
        for (int line = 1; line <= cases.events().size(); line++) {
            boolean matches = !matcher.match(DEVICE, event(cases.events().get(line - 1))).isEmpty();
            if (matches != cases.matching().contains(line)) {
                failed(rule, "case " + line + (matches ? " matches" : " does not match"));
                return false;
            }
        }
        return !cases.matching().isEmpty();
    }

    private static Event event(String json) {
        Event.Builder event = Event.newBuilder();
        try {
            JsonFormat.parser().merge(json, event);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a case of the project's own is no event", e);
        }
        return event.build();
    }

    /** Whether rules of the pack that have regression data pass it, by name. */
    private Map<String, Boolean> tested(RuleInventory.Pack pack) {
        Tested known = byPack.get(pack.name());
        if (known == null || !known.isOf(pack)) {
            known = new Tested(pack.version(), new HashMap<>());
            byPack.put(pack.name(), known);
        }
        Map<String, List<RegressionData.Test>> tests = Map.of();
        boolean read = false;
        Map<String, Boolean> passed = new HashMap<>();
        for (Rule rule : pack.rules()) {
            if (rule.state() != Rule.State.ACTIVE || rule.sigma().isEmpty()) {
                continue;
            }
            SigmaRule sigma = rule.sigma().get();
            @Nullable Optional<Boolean> outcome = known.outcomes().get(sigma);
            if (outcome == null) {
                tests = read ? tests : inventory.regressionTests(pack);
                read = true;
                List<RegressionData.Test> own = tests.getOrDefault(rule.id(), List.of());
                outcome = own.isEmpty() ? Optional.empty() : Optional.of(passes(rule, own));
                known.outcomes().put(sigma, outcome);
            }
            outcome.ifPresent(passes -> passed.put(rule.name(), passes));
        }
        return passed;
    }

    private boolean passes(Rule rule, List<RegressionData.Test> tests) {
        EventMatcher matcher = inventory.alone(rule);
        for (RegressionData.Test test : tests) {
            int[] matches = {0};
            JsonRecording.read(
                    test.events(),
                    clock,
                    (line, reason) -> failed(rule, test.path() + ": " + reason),
                    event -> matches[0] += matcher.match(DEVICE, event).size());
            if (matches[0] < test.least()) {
                failed(
                        rule,
                        "%s: %d matches, expected %d"
                                .formatted(test.path(), matches[0], test.least()));
                return false;
            }
        }
        return true;
    }

    private static void failed(Rule rule, String reason) {
        LOG.atWarn()
                .addKeyValue(LogKeys.RULE, rule.name())
                .addKeyValue(LogKeys.REASON, reason)
                .log("a rule does not do what its cases or regression data say");
    }
}
