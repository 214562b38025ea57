package dev.yagura.response.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.response.WebhookFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSecretsTest {
    /** Published with the convention's libraries. */
    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";

    private static final long TIME = 1614265330;
    private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
    private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    @Test
    void signsTheConventionsTestVector() throws Exception {
        assertThat(WebhookSecrets.of(List.of(WebhookFiles.SECRET)).sign(ID, TIME, BODY))
                .isEqualTo(SIGNATURE);
    }

    @Test
    void twoSecretsBothSign() throws Exception {
        Path file = WebhookFiles.secrets(WebhookFiles.NEXT_SECRET, "", WebhookFiles.SECRET);

        assertThat(WebhookSecrets.read(file).sign(ID, TIME, BODY).split(" "))
                .hasSize(2)
                .allMatch(each -> each.startsWith("v1,"))
                .contains(SIGNATURE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "whsec_MfKQ9r8G",
                "whsec_not base64",
                "whsec_",
                "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
            })
    void refusesAnotherFormWithoutShowingIt(String secret) {
        assertThatThrownBy(() -> WebhookSecrets.of(List.of(secret)))
                .isInstanceOf(UnusableSecretException.class)
                .hasMessageContaining("openssl rand -base64 32")
                .message()
                .doesNotContain("MfKQ9r8G", "not base64");
    }

    @Test
    void refusesNoneAndThree() {
        assertThatThrownBy(() -> WebhookSecrets.of(List.of(" "))).hasMessageContaining("found 0");
        assertThatThrownBy(() ->
                        WebhookSecrets.of(
                                List.of(
                                        WebhookFiles.SECRET,
                                        WebhookFiles.SECRET,
                                        WebhookFiles.SECRET)))
                .hasMessageContaining("found 3");
        assertThatThrownBy(() -> WebhookSecrets.read(Path.of("no", "such", "file")))
                .hasMessageContaining("cannot be read");
    }
}
