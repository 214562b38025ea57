package dev.yagura.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SandboxOptionsTest {
    @Test
    void listensOnLoopbackByItself() {
        SandboxOptions options = SandboxOptions.parse(List.of(), Map.of());

        assertThat(options.address().isLoopbackAddress()).isTrue();
        assertThat(options.port()).isEqualTo(18_500);
        assertThat(options.seed()).isEmpty();
    }

    @Test
    void flagsWinOverTheEnvironment() {
        SandboxOptions options =
                SandboxOptions.parse(
                        List.of("--port", "0"),
                        Map.of("YAGURA_SANDBOX_PORT", "9", "YAGURA_SANDBOX_SEED", "mine.yaml"));

        assertThat(options.port()).isZero();
        assertThat(options.seed()).contains(Path.of("mine.yaml"));
    }

    @Test
    void refusesToListenForOthers() {
        assertThatThrownBy(() -> parse("--address", "0.0.0.0"))
                .hasMessageContaining("loopback only");
        assertThatThrownBy(() -> parse("--address", "10.20.1.1"))
                .hasMessageContaining("loopback only");
    }

    @Test
    void namesWhatItDoesNotUnderstand() {
        assertThatThrownBy(() -> parse("--colour", "red")).hasMessageContaining("not --colour");
        assertThatThrownBy(() -> parse("--port")).hasMessageContaining("usage");
        assertThatThrownBy(() -> parse("--port", "x")).hasMessageContaining("not a port: x");
        assertThatThrownBy(() -> parse("--port", "70000")).hasMessageContaining("70000");
    }

    @Test
    void runsScriptsAndHasDocumentsOnlyWhenAsked() {
        assertThat(parse().runScripts()).isFalse();
        assertThat(parse().documents()).isEmpty();

        SandboxOptions given = parse("--run-scripts", "--documents", "ours", "--port", "0");
        assertThat(given.runScripts()).isTrue();
        assertThat(given.documents()).contains(Path.of("ours"));
        assertThat(given.port()).isZero();

        SandboxOptions inherited =
                SandboxOptions.parse(
                        List.of(),
                        Map.of(
                                "YAGURA_SANDBOX_RUN_SCRIPTS", "true",
                                "YAGURA_SANDBOX_DOCUMENTS", "theirs"));
        assertThat(inherited.runScripts()).isTrue();
        assertThat(inherited.documents()).contains(Path.of("theirs"));
        assertThatThrownBy(() ->
                        SandboxOptions.parse(
                                List.of(), Map.of("YAGURA_SANDBOX_RUN_SCRIPTS", "yes")))
                .hasMessageContaining("must be true or false: yes");
    }

    private static SandboxOptions parse(String... arguments) {
        return SandboxOptions.parse(List.of(arguments), Map.of());
    }
}
