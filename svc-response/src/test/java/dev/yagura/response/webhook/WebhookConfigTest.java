package dev.yagura.response.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.response.WebhookFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookConfigTest {
    private static final String PREFIX = "yagura.response.webhook.";
    private static final Path SECRETS = WebhookFiles.secrets(WebhookFiles.SECRET);

    @Test
    void nothingIsSentAnywhereAtFirst() {
        WebhookConfig config = WebhookConfig.from(Settings.of("yagura.response", Map.of()));

        assertThat(config.endpoints()).isEmpty();
        assertThat(config.pauses()).hasSize(9).endsWith(Duration.ofHours(24));
        assertThat(config.patience()).isGreaterThan(Duration.ofHours(75));
    }

    @Test
    void showsOfAUrlOnlyWhereItLeads() {
        EndpointConfig endpoint =
                read("url", "https://hooks.example:8443/T0123/secret?token=secret")
                        .endpoints()
                        .getFirst();

        assertThat(endpoint.origin()).isEqualTo("https://hooks.example:8443");
        assertThat(endpoint.takes("action.state_changed")).isTrue();
        assertThat(endpoint.takes("ticket.requested")).isFalse();
    }

    @Test
    void anotherConfigurationHasAnotherFingerprint() {
        String before = read("url", "https://hooks.example/1").endpoints().getFirst().fingerprint();

        assertThat(read("url", "https://hooks.example/1").endpoints().getFirst().fingerprint())
                .isEqualTo(before);
        assertThat(read("url", "https://hooks.example/2").endpoints().getFirst().fingerprint())
                .isNotEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://hooks.example/secret",
                "http://10.0.0.1/secret",
                "ftp://hooks.example/secret",
                "https://user:secret@hooks.example/",
                "https:///secret",
                "https://hooks.example/#secret",
                "ht tps://secret",
                "/secret"
            })
    void refusesAUrlWithoutShowingIt(String url) {
        assertThatThrownBy(() -> read("url", url))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(PREFIX + "endpoint.soar.url")
                .message()
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:80/", "http://127.0.0.1/", "http://[::1]:8099/x"})
    void httpIsForThisHostOnly(String url) {
        assertThat(read("url", url).endpoints()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "endpoints, Soar, is no name",
        "endpoints, 'soar,soar', names one twice",
        "endpoint.soar.events, action.deleted, action.deleted is no event",
        "private-networks, intranet, is no block of addresses",
        "pauses, 5s, is no ISO-8601 duration",
        "pauses, PT0S, is not positive",
        "timeout, PT31S, at most PT30S"
    })
    void refusesWhatCannotBe(String key, String value, String problem) {
        assertThatThrownBy(
                        () -> {
                            Map<String, String> pairs = pairs();
                            pairs.put(PREFIX + key, value);
                            WebhookConfig.from(Settings.of("yagura.response", pairs));
                        })
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void anAddressOrASecretThatCannotBeStopsTheStart() {
        for (String url : new String[] {"https://10.0.0.1/", "https://[fd00:ec2::254]/"}) {
            assertThatThrownBy(() -> check(read("url", url)))
                    .isInstanceOf(InvalidSettingException.class)
                    .hasMessageContaining("webhook.endpoint.soar.url")
                    .hasMessageContaining("which no webhook may be sent to");
        }
        assertThatThrownBy(() -> check(WebhookConfig.from(Settings.of("yagura.response", pairs()))))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("webhook.endpoint.soar.secret-file");
        check(read("secret-file", SECRETS.toString()));
    }

    private static void check(WebhookConfig config) {
        WebhookEndpoints.check(config, config.endpoints().getFirst());
    }

    private static WebhookConfig read(String key, String value) {
        Map<String, String> pairs = pairs();
        if (key.equals("url")) {
            pairs.put(PREFIX + "endpoint.soar.secret-file", SECRETS.toString());
        }
        pairs.put(PREFIX + "endpoint.soar." + key, value);
        return WebhookConfig.from(Settings.of("yagura.response", pairs));
    }

    private static Map<String, String> pairs() {
        Map<String, String> pairs = new HashMap<>();
        pairs.put(PREFIX + "endpoints", "soar");
        pairs.put(PREFIX + "endpoint.soar.url", "https://hooks.example/");
        pairs.put(PREFIX + "endpoint.soar.secret-file", "soar.secret");
        return pairs;
    }
}
