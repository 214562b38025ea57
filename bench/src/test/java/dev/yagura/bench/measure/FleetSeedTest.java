package dev.yagura.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.sandbox.SandboxOptions;
import dev.yagura.sandbox.SandboxServer;
import dev.yagura.sandbox.control.SandboxClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetSeedTest {
    private static final Path BUILT_IN =
            Path.of("..", "sandbox/src/main/resources/dev/yagura/sandbox/seed.yaml");

    @TempDir Path folder;

    @Test
    void theStandInStartsWithIt() throws Exception {
        Path seed = folder.resolve("fleet.yaml");
        List<String> ids = FleetSeed.write(BUILT_IN, seed, 400);

        SandboxOptions options = SandboxOptions.anyPort();
        try (SandboxServer server =
                        SandboxServer.start(
                                new SandboxOptions(
                                        options.address(), options.port(), Optional.of(seed)),
                                Clock.systemUTC());
                SandboxClient sandbox = new SandboxClient(server.endpoint())) {
            assertThat(ids).hasSize(400).doesNotHaveDuplicates();
            assertThat(sandbox.effectiveRules(ids.getLast()).toString()).contains("443");
        }
    }

    @Test
    void saysWhenThereIsNoRoom() {
        assertThatThrownBy(() -> FleetSeed.write(BUILT_IN, folder.resolve("fleet.yaml"), 401))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("401 instances");
    }
}
