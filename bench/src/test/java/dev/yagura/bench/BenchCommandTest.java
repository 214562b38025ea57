package dev.yagura.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine command =
            BenchCommand.commandLine()
                    .setOut(new PrintWriter(out, true))
                    .setErr(new PrintWriter(err, true));

    @Test
    void showsExamplesInItsHelp() {
        assertThat(command.execute("--help")).isZero();
        assertThat(out.toString()).contains("./yagura bench latency");
    }

    @Test
    void measuresIndicatorsWithoutAPlatform() {
        assertThat(command.execute("indicators", "--quick")).isZero();
        assertThat(out.toString())
                .contains("indicators in memory")
                .contains("0 bytes allocated")
                .contains(" 0 mistaken for one");
    }

    @Test
    void refusesAFigureThatItDoesNotKnow() {
        assertThat(command.execute("speed")).isEqualTo(2);
        assertThat(err.toString()).contains("speed");
    }

    @Test
    void refusesToWriteAPageOfOneFigure() {
        assertThat(command.execute("latency", "--output", "page.md")).isEqualTo(2);
        assertThat(err.toString()).contains("--output");
    }
}
