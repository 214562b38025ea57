package dev.yagura.cli.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.cli.connection.UsageException;
import dev.yagura.proto.detection.v1.Rule;
import dev.yagura.proto.detection.v1.RuleStatistics;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleCommandsTest {
    private static final Instant NOW = Instant.parse("2026-11-24T04:20:00Z");

    @Test
    void anEndIsATimeOrCountsFromNow() {
        assertThat(ExceptCommand.end("P90D", NOW)).isEqualTo("2027-02-22T04:20:00Z");
        assertThat(ExceptCommand.end("PT8H", NOW)).isEqualTo("2026-11-24T12:20:00Z");
        assertThat(ExceptCommand.end("2026-12-31T00:00:00Z", NOW))
                .isEqualTo("2026-12-31T00:00:00Z");
        assertThatThrownBy(() -> ExceptCommand.end("soon", NOW))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--expires");
    }

    @Test
    void rulesAreOrderedByWhatIsAskedFor() {
        Rule busy = rule("busy", RuleStatistics.newBuilder().setMatches(5).setCostNs(10));
        Rule shadow =
                rule(
                        "shadow",
                        RuleStatistics.newBuilder()
                                .setShadowMatches(9)
                                .setShadowAlertsLastDay(1)
                                .setCostNs(90));
        Rule silent = rule("silent", RuleStatistics.newBuilder().setCostNs(50));
        List<Rule> all = List.of(silent, busy, shadow);
        assertThat(StatsCommand.sorted(all, StatsCommand.Order.matches))
                .containsExactly(shadow, busy, silent);
        assertThat(StatsCommand.sorted(all, StatsCommand.Order.alerts).getFirst())
                .isEqualTo(shadow);
        assertThat(StatsCommand.sorted(all, StatsCommand.Order.cost))
                .containsExactly(shadow, silent, busy);
        assertThat(StatsCommand.sorted(all, StatsCommand.Order.never)).containsExactly(silent);
    }

    private static Rule rule(String name, RuleStatistics.Builder statistics) {
        return Rule.newBuilder().setName(name).setStatistics(statistics).build();
    }
}
