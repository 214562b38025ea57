package dev.yagura.sigma.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.SigmaRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each record of an event takes memory: an event of very many must not take all. */
class RecordLimitTest {
    private static final int MOST = 1024;
    private static final SigmaRule RULE =
            AuditEvents.rule(
                    AuditEvents.ruleText(
                            "5f0d9a4e-0000-4000-8000-000000000002",
                            "s: {name: needle}\ncondition: s"));

    private final EventMatcher matcher =
            RuleSetCompiler.compile(1, List.of(AuditEvents.input(RULE)));

    @Test
    void looksAtAsManyRecordsAsAnySensorReports() {
        assertThat(matcher.match(AuditEvents.DEVICE, event(MOST))).hasSize(1);
        assertThat(matcher.match(AuditEvents.DEVICE, event(1))).hasSize(1);
    }

    @Test
    void refusesMoreAndGoesOnWithTheNextEvent() {
        assertThatThrownBy(() -> matcher.match(AuditEvents.DEVICE, event(MOST + 1)))
                .hasMessage("the event has 1025 records; at most 1024 are matched");
        assertThat(matcher.match(AuditEvents.DEVICE, event(2))).hasSize(1);
    }

    /** The last record is the one that the rule is about. */
    private static Event event(int records) {
        List<Map<String, String>> all =
                new ArrayList<>(Collections.nCopies(records - 1, Map.of("type", "PATH")));
        all.add(Map.of("type", "PATH", "name", "needle"));
        return AuditEvents.event(all);
    }
}
