package dev.yagura.detection.coverage;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.yagura.common.log.LogKeys;
import dev.yagura.detection.rule.RuleInventory;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.engine.EventMatcher;
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
     * Rules of a pack with regression data.
     *
     * @param passed by rule name
     */
    private record Tested(List<Rule> version, Map<String, Boolean> passed) {}

    @Inject
    RuleProofs(RuleInventory inventory, Clock clock) {
        this.inventory = inventory;
        this.clock = clock;
    }

    /** By rule name; of rules that can fire. One caller runs them, others wait for it. */
    synchronized Map<String, Proof> of(List<Rule> rules) {
        Map<String, Boolean> regression = new HashMap<>();
        for (RuleInventory.Pack pack : inventory.packs()) {
            regression.putAll(tested(pack).passed());
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

    private Tested tested(RuleInventory.Pack pack) {
        Tested known = byPack.get(pack.name());
        // The same object, not an equal one: comparing texts of thousands of rules is not needed.
        if (known != null && isSame(known.version(), pack.version())) {
            return known;
        }
        Map<String, List<RegressionData.Test>> tests = inventory.regressionTests(pack);
        Map<String, Boolean> passed = new HashMap<>();
        for (Rule rule : pack.version()) {
            List<RegressionData.Test> own = tests.getOrDefault(rule.id(), List.of());
            if (rule.state() == Rule.State.ACTIVE && rule.sigma().isPresent() && !own.isEmpty()) {
                passed.put(rule.name(), passes(rule, own));
            }
        }
        Tested made = new Tested(pack.version(), passed);
        byPack.put(pack.name(), made);
        return made;
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(List<Rule> one, List<Rule> other) {
        return one == other;
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
