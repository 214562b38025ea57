package dev.yagura.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.sandbox.SandboxOptions;
import dev.yagura.sandbox.SandboxServer;
import dev.yagura.sandbox.control.SandboxClient;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlantedWorldTest {
    private static final Path BUILT_IN =
            Path.of("..", "sandbox/src/main/resources/dev/yagura/sandbox/seed.yaml");

    @TempDir Path folder;

    @Test
    void everyPlaceOfTheStandInHasItsShare() throws Exception {
        Path seed = folder.resolve("organization.yaml");
        Map<String, String> environment = PlantedWorld.environment(BUILT_IN, seed);

        SandboxOptions options = SandboxOptions.anyPort();
        try (SandboxServer server =
                        SandboxServer.start(
                                new SandboxOptions(
                                        options.address(), options.port(), Optional.of(seed)),
                                Clock.systemUTC());
                SandboxClient sandbox = new SandboxClient(server.endpoint())) {
            PlantedWorld.plant(sandbox, 9_000);

            // Of interfaces and volumes four in each of nine places, of security groups one.
            assertThat(PlantedWorld.deleteOneInHundred(sandbox, 9_000)).isEqualTo(9 * (4 + 4 + 1));
        }
        assertThat(environment).containsEntry("YAGURA_SANDBOX_SEED", seed.toString());
    }
}
