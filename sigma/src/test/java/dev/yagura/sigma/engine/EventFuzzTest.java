package dev.yagura.sigma.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.proto.detection.v1.MatchedField;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.pack.Rule;
import dev.yagura.sigma.pack.RuleLoader;
import dev.yagura.sigma.pack.RulePackReader;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Timeout;

/**
 * Any bytes as an event, as another agent may send them: what decodes is matched against all own
 * rules, and matches what the plain interpreter does.
 */
class EventFuzzTest {
    private static final List<Rule> RULES =
            new RuleLoader()
                    .load(RulePackReader.own()).stream()
                            .filter(rule ->
                                    rule.state() == Rule.State.ACTIVE && rule.sigma().isPresent())
                            .toList();
    private static final EventMatcher COMPILED =
            RuleSetCompiler.compile(1, RULES.stream().map(rule -> rule.input(1)).toList());
    private static final PlainRules PLAIN =
            new PlainRules(RULES.stream().map(rule -> rule.sigma().orElseThrow()).toList());

    @FuzzTest(maxDuration = "60s")
    @Timeout(20)
    void matchesAnyEvent(byte[] input) {
        Event event;
        try {
            event = Event.parseFrom(input);
        } catch (InvalidProtocolBufferException e) {
            return;
        }
        List<RuleMatch> matches = COMPILED.match(AuditEvents.DEVICE, AuditEvents.encoded(event));
        TreeSet<String> found = new TreeSet<>();
        for (RuleMatch match : matches) {
            found.add(match.rule().getId());
            for (MatchedField field : match.matchedFields()) {
                assertThat(field.getSelection()).isNotEmpty();
            }
        }
        assertThat(found).isEqualTo(PLAIN.match(AuditEvents.DEVICE, event));
    }
}
