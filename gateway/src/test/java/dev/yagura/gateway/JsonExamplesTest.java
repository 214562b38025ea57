package dev.yagura.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.testkit.DocumentedCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the page are run as they stand there. */
class JsonExamplesTest {
    @RegisterExtension static final GatewayFixture GATEWAY = GatewayFixture.with(Map.of());

    private static final DocumentedCode PAGE =
            DocumentedCode.of(Path.of("..", "docs", "how-to", "use-the-json-api.md"));

    @TempDir Path folder;

    @Test
    void pythonIsolatesAndReleases() throws Exception {
        DocumentedCode.Result result = PAGE.run("python", "python3", environment());

        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(result.output())
                .containsSubsequence("ACTION_STATE_SUCCEEDED", "ACTION_STATE_UNDONE");
    }

    @Test
    void curlPlansListsAndWatches() throws Exception {
        DocumentedCode.Result result = PAGE.run("sh", "sh", environment());

        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(result.output())
                .contains("ec2:CreateSecurityGroup", "CHECK_OUTCOME_PASSED")
                .contains("{\"result\":{\"cursor\":\"1\"");
    }

    private Map<String, String> environment() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), GATEWAY.admin() + "\n");
        return Map.of(
                "YAGURA_URL", GATEWAY.rest().toString(),
                "YAGURA_CA", GATEWAY.authorityFile().toString(),
                "YAGURA_TOKEN_FILE", token.toString());
    }
}
