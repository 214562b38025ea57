package dev.yagura.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.BindableService;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/** yagura rules, changes. */
class RulesCommandTest extends CommandTest {
    private final CannedRules rules = new CannedRules();

    @Override
    List<BindableService> services() {
        return List.of(rules);
    }

    @Test
    void sendsARuleOfAFileAndSaysWhatBecameOfIt() throws Exception {
        Path file = Files.writeString(folder.resolve("rule.yml"), "title: Needle");

        assertThat(run("rules", "create", file.toString(), "--state", "alerting")).isZero();

        assertThat(rules.text).isEqualTo("title: Needle");
        assertThat(out).contains("alerting").contains("rules/custom/r-1");
        assertThat(run("rules", "create", "no-such-file.yml")).isEqualTo(2);
        assertThat(err).contains("no-such-file.yml");
    }

    @Test
    void sendsAFolderOfRulesAsOneArchive() throws Exception {
        Path pack = folder.resolve("pack");
        Files.createDirectories(pack.resolve("linux"));
        Files.writeString(pack.resolve("linux/a.yml"), "title: A");
        Files.write(pack.resolve("b.yaml"), new byte[300_000]);
        Files.writeString(pack.resolve("LICENSE"), "DRL");

        assertThat(run("rules", "import", pack.toString(), "--pack", "mine")).isZero();

        assertThat(out)
                .contains("rulePacks/mine")
                .contains("invalid  linux/a.yml:1:1: the rule has no logsource");
        List<String> sent = new ArrayList<>();
        try (ZipInputStream zip =
                new ZipInputStream(new ByteArrayInputStream(rules.archive.toByteArray()))) {
            for (ZipEntry one = zip.getNextEntry(); one != null; one = zip.getNextEntry()) {
                sent.add(one.getName());
            }
        }
        assertThat(sent).containsExactly("b.yaml", "linux/a.yml");
    }

    @Test
    void aRuleThatCannotFireIsSeenByAScript() throws Exception {
        Path file = Files.writeString(folder.resolve("rule.yml"), "title: Needle");

        assertThat(run("rules", "backtest", file.toString())).isEqualTo(1);

        assertThat(out).contains("state  cannot_fire").contains("no sensor delivers it");
    }
}
