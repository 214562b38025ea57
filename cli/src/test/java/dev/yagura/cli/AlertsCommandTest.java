package dev.yagura.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.yagura.proto.detection.v1.AlertCorrelation;
import dev.yagura.proto.detection.v1.AssetSnapshot;
import io.grpc.BindableService;
import java.util.List;
import org.junit.jupiter.api.Test;

/** yagura alerts. */
class AlertsCommandTest extends CommandTest {
    private final CannedAlerts alerts = new CannedAlerts();

    @Override
    List<BindableService> services() {
        return List.of(alerts);
    }

    @Test
    void printsATableForPeople() {
        alerts.add(CannedAlerts.alert("a-1", "Web server spawned a shell", "web-1"));

        assertThat(run("alerts", "list")).isZero();

        assertThat(out)
                .contains("SEVERITY")
                .contains("high")
                .contains("Web server spawned a shell")
                .contains("T1059.004")
                .contains("alerts/a-1");
        assertThat(authorizations).containsOnly("Bearer ygr_test");
    }

    @Test
    void anAlertOfACorrelationNamesItsHostsAndWhetherItHolds() {
        AlertCorrelation.Builder correlation =
                AlertCorrelation.newBuilder()
                        .addHosts(AssetSnapshot.newBuilder().setHostname("web-1"))
                        .addHosts(AssetSnapshot.newBuilder().setHostname("web-2"));
        alerts.add(
                CannedAlerts.alert("a-1", "Guessed password", "web-1").toBuilder()
                        .setCorrelation(correlation)
                        .setWithdrawTime(Timestamp.newBuilder().setSeconds(1))
                        .build());
        assertThat(run("alerts", "list")).isZero();
        assertThat(out).contains("web-1 and 1 more").contains("Guessed password (withdrawn)");
    }

    @Test
    void printsOneJsonObjectALineForPrograms() {
        alerts.add(CannedAlerts.alert("a-1", "First", "web-1"));
        alerts.add(CannedAlerts.alert("a-2", "Second", "web-2"));

        assertThat(run("alerts", "list", "--output", "json")).isZero();

        assertThat(out.lines()).hasSize(2);
        assertThat(out)
                .contains("\"id\":\"rule-1\"")
                .contains("\"techniques\":[\"T1059.004\"]")
                .contains("\"hostname\":\"web-1\"");
    }

    @Test
    void followsPagesUpToTheLimit() {
        for (int i = 0; i < 7; i++) {
            alerts.add(CannedAlerts.alert("a-" + i, "Alert " + i, "web-1"));
        }

        assertThat(run("alerts", "list", "--limit", "5", "--output", "json")).isZero();

        assertThat(out.lines()).hasSize(5);
        assertThat(alerts.calls).isEqualTo(3);
    }

    @Test
    void keepsControlCharactersOfTelemetryFromTheTerminal() {
        alerts.add(CannedAlerts.alert("a-1", "Alert", "web\u001b[2J\u202e-1"));

        run("alerts", "list");

        assertThat(out).doesNotContain("\u001b").doesNotContain("\u202e").contains("web·[2J·-1");
    }
}
