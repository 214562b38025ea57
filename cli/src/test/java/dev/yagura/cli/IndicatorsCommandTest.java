package dev.yagura.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.BindableService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** yagura indicators import. */
class IndicatorsCommandTest extends CommandTest {

    @Override
    List<BindableService> services() {
        return List.of(new CannedIndicators());
    }

    @Test
    void sendsAFileOfIndicatorsInPiecesAndPrintsWhatWasLeftOut() throws Exception {
        Path feed = folder.resolve("feed.csv");
        Files.writeString(feed, "type,value\n" + "ip,203.0.113.1\n".repeat(20_000));

        assertThat(run("indicators", "import", feed.toString(), "--list", "abuse")).isZero();

        assertThat(out)
                .contains("indicatorLists/abuse version 1: %d added".formatted(Files.size(feed)))
                .contains("7     value  is no address");
    }

    @Test
    void saysWhyAnImportWasRefused() throws Exception {
        Path feed = folder.resolve("feed.csv");
        Files.writeString(feed, "type,value\n");

        assertThat(run("indicators", "import", feed.toString(), "--list", "refused")).isEqualTo(4);
        assertThat(err).contains("refused");

        assertThat(run("indicators", "import", "missing.csv", "--list", "abuse")).isEqualTo(2);
        assertThat(err).contains("FILE: missing.csv does not exist");
    }
}
