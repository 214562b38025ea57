package dev.yagura.bench.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.detection.v1.Alert;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlertSetTest {
    private final AlertSet calm =
            AlertSet.of(List.of(alert("alerts/1", "p1", 3), alert("alerts/2", "p2", 4)));

    @Test
    void isEqualToTheSameAlertsInAnyOrder() {
        AlertSet other =
                AlertSet.of(List.of(alert("alerts/2", "p2", 4), alert("alerts/1", "p1", 3)));

        assertThat(other.differencesFrom(calm)).isEmpty();
        assertThat(calm.matchesOf("rule")).isEqualTo(7);
        assertThat(calm.matchesOf("other rule")).isZero();
    }

    @Test
    void namesWhatIsMissingWhatIsNewAndWhatCountsOtherwise() {
        AlertSet other =
                AlertSet.of(List.of(alert("alerts/1", "p1", 2), alert("alerts/3", "p3", 1)));

        assertThat(other.differencesFrom(calm))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("differs: alerts/1"),
                        line -> assertThat(line).startsWith("missing: alerts/2"),
                        line -> assertThat(line).startsWith("only here: alerts/3"));
    }

    @Test
    void refusesAnAlertTwice() {
        assertThatThrownBy(() ->
                        AlertSet.of(
                                List.of(alert("alerts/1", "p1", 3), alert("alerts/1", "p2", 3))))
                .hasMessageContaining("alerts/1 is listed twice");
    }

    @Test
    void refusesTwoAlertsOfTheSameThing() {
        assertThatThrownBy(() ->
                        AlertSet.of(
                                List.of(alert("alerts/1", "p1", 3), alert("alerts/2", "p1", 3))))
                .hasMessageContaining("alerts/1 and alerts/2 are of the same thing");
    }

    private static Alert alert(String name, String process, long matches) {
        Alert.Builder alert = Alert.newBuilder().setName(name).setMatchCount(matches);
        alert.getRuleBuilder().setId("rule");
        alert.getAssetBuilder().setHostId("host");
        alert.getEntityBuilder().setId(process);
        return alert.build();
    }
}
