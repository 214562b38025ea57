package dev.yagura.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.inventory.v1.HostReport;
import dev.yagura.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HostReportsTest {
    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-24T08:00:00Z"));
    private HostReport host = HostReport.newBuilder().setSocketsUnread("first").build();

    @Test
    void reportIsDueWhenItIsNewAndEveryFiveMinutes() {
        try (HostReports reports = new HostReports(() -> host, clock)) {
            assertThat(reports.due()).as("it has not looked yet").isEmpty();
            reports.look();
            assertThat(reports.due()).contains(host);
            assertThat(reports.due()).isEmpty();

            clock.advance(Duration.ofMinutes(4));
            reports.look();
            assertThat(reports.due()).as("the same").isEmpty();
            host = HostReport.newBuilder().setSocketsUnread("second").build();
            reports.look();
            assertThat(reports.due()).contains(host);

            clock.advance(Duration.ofMinutes(5));
            assertThat(reports.due()).as("it has not looked since").isEmpty();
            reports.look();
            assertThat(reports.due()).contains(host);

            reports.again();
            assertThat(reports.due()).as("on a new stream").contains(host);
        }
    }
}
