package dev.yagura.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private enum Mode {
        AOF_ALWAYS,
        WAIT
    }

    @Test
    void readsTypedValuesAndDefaults() {
        Settings settings =
                Settings.of(
                        "yagura.ingest",
                        Map.of(
                                "yagura.ingest.log.partitions", "64",
                                "yagura.ingest.log.wait", "PT0.5S",
                                "yagura.ingest.log.mode", "wait",
                                "yagura.ingest.log.hosts", "a:1, b:2"));
        Settings log = settings.section("log");

        assertThat(log.integer("partitions", 1, 1, 1024, "")).isEqualTo(64);
        assertThat(log.duration("wait", Duration.ofSeconds(1), "")).hasMillis(500);
        assertThat(log.choice("mode", Mode.class, Mode.AOF_ALWAYS, "")).isEqualTo(Mode.WAIT);
        assertThat(log.addresses("hosts", "")).hasSize(2);
        assertThat(log.flag("verify", true, "")).isTrue();
    }

    @Test
    void namesTheKeyAndTheRemedyOfABadValue() {
        Settings settings =
                Settings.of(
                        "yagura.ingest",
                        Map.of("yagura.ingest.count", "many", "yagura.ingest.wait", "5 s"));

        assertThatThrownBy(() -> settings.integer("count", 1, 1, 10, ""))
                .hasMessage("yagura.ingest.count: expected integer 1 to 10, got 'many'");
        assertThatThrownBy(() -> settings.duration("wait", Duration.ofSeconds(1), ""))
                .hasMessage(
                        "yagura.ingest.wait: expected an ISO-8601 duration such as PT30S, got '5 s'");
        assertThatThrownBy(() -> settings.requiredText("url", ""))
                .hasMessageContaining("yagura.ingest.url")
                .hasMessageContaining("YAGURA_INGEST_URL");
        assertThat(
                        Settings.of("yagura.ingest", Map.of("yagura.ingest.mode", "required"))
                                .requiredText("mode", ""))
                .as("a value like any other")
                .isEqualTo("required");
    }

    @Test
    void refusesKeysThatNobodyRead() {
        Settings settings = Settings.of("yagura.ingest", Map.of());
        settings.section("log").integer("max-wait", 1, 1, 10, "");

        settings.refuseUnknown(
                List.of("yagura.ingest.log.max-wait", "YAGURA_INGEST_LOG_MAX_WAIT", "PATH"));
        assertThatThrownBy(() -> settings.refuseUnknown(List.of("yagura.ingest.log.max-wiat")))
                .hasMessageContaining("yagura.ingest.log.max-wiat")
                .hasMessageContaining("unknown key");
        assertThatThrownBy(() -> settings.refuseUnknown(List.of("YAGURA_INGEST_LOG_MAXWAIT")))
                .isInstanceOf(InvalidSettingException.class);
    }
}
