package dev.yagura.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.BindableService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** yagura rules canaries, yagura attack. */
class CoverageCommandsTest extends CommandTest {

    @Override
    List<BindableService> services() {
        return List.of(new CannedCoverage());
    }

    @Test
    void tellsWhichLogSourcesAreNotProven() {
        assertThat(run("rules", "canaries", "--state", "failing")).isZero();

        assertThat(out)
                .contains("failing")
                .contains("linux/process_creation/*")
                .contains("appended")
                .contains("2,5")
                .doesNotContain("aws");
    }

    @Test
    void writesALayerForTheNavigator() throws Exception {
        Path file = folder.resolve("layer.json");

        assertThat(run("attack", "layer", "--window", "P1D", file.toString())).isZero();

        assertThat(Files.readString(file))
                .contains("\"layer\" : \"4.5\"")
                .contains("\"techniqueID\" : \"T1053.003\"")
                .contains("within 24 hours");
        assertThat(err)
                .contains("1 techniques are covered")
                .contains("not counted: 3 rules, no telemetry of their log source");
        assertThat(run("attack", "layer")).isZero();
        assertThat(out).startsWith("{").contains("within 168 hours");
        assertThat(run("attack", "coverage")).isZero();
        assertThat(out).contains("T1053.003").contains("cases").contains("not counted: 3 rules");
        assertThat(run("attack", "layer", "--window", "week")).isEqualTo(2);
        assertThat(err).contains("--window");
    }
}
