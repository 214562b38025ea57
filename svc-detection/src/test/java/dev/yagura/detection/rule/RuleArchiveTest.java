package dev.yagura.detection.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.sigma.pack.RulePack;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class RuleArchiveTest {
    private static final byte[] TEXT = "title: é".getBytes(StandardCharsets.UTF_8);

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ZipOutputStream zip = new ZipOutputStream(bytes);

    @Test
    void readsRulesAtAnyDepthInOrderAndSkipsTheRest() throws IOException {
        add("rules/windows/b.yml", TEXT);
        add("rules/linux/a.YAML", TEXT);
        add("LICENSE", TEXT);
        add("version.txt", TEXT);
        RuleArchive archive = read();
        assertThat(archive.pack().files())
                .extracting(RulePack.RuleFile::path)
                .containsExactly("rules/linux/a.YAML", "rules/windows/b.yml");
        assertThat(archive.pack().files())
                .extracting(RulePack.RuleFile::text)
                .containsOnly("title: é");
        assertThat(archive.skippedFiles()).isEqualTo(2);
        assertThat(archive.refused()).isEmpty();
    }

    @Test
    void pathsThatLeadOutAreRefusedByName() throws IOException {
        add("good.yml", TEXT);
        add("../../etc/cron.d/x.yml", TEXT);
        add("rules/../../x.yml", TEXT);
        add("..\\..\\windows\\x.yml", TEXT);
        add("/etc/x.yml", TEXT);
        add("C:\\x.yml", TEXT);
        add("rules/\u001b[2J.yml", TEXT);
        RuleArchive archive = read();
        assertThat(archive.pack().files())
                .extracting(RulePack.RuleFile::path)
                .containsExactly("good.yml");
        assertThat(archive.refused())
                .extracting(RuleArchive.Refused::path)
                .containsExactly(
                        "../../etc/cron.d/x.yml",
                        "rules/../../x.yml",
                        "../../windows/x.yml",
                        "/etc/x.yml",
                        "C:/x.yml",
                        "rules/\u001b[2J.yml");
    }

    @Test
    void aFileThatIsNoTextOrTooLargeIsAProblemOfItsOwn() throws IOException {
        add("good.yml", TEXT);
        add("latin.yml", "title: é".getBytes(StandardCharsets.ISO_8859_1));
        add("large.yml", new byte[4 << 20]);
        assertThat(read().pack().files())
                .extracting(RulePack.RuleFile::problem)
                .satisfiesExactly(
                        good -> assertThat(good).isEmpty(),
                        large -> assertThat(large).contains("more than"),
                        latin -> assertThat(latin).isEqualTo("the file is not UTF-8"));
    }

    @Test
    void aBombIsRefusedWithoutUnpackingIt() throws IOException {
        byte[] zeros = new byte[1 << 20];
        zip.putNextEntry(new ZipEntry("notes.txt"));
        for (int i = 0; i < 40; i++) {
            zip.write(zeros);
        }
        zip.closeEntry();
        assertThatThrownBy(this::read)
                .isInstanceOf(RuleArchive.UnusableArchiveException.class)
                .hasMessage("unpacks to more than 32 MiB");
        assertThat(bytes.size()).isLessThan(1 << 20);
    }

    @Test
    void tooManyEntriesAreRefused() throws IOException {
        for (int i = 0; i < 20_001; i++) {
            zip.putNextEntry(new ZipEntry("d" + i + "/"));
            zip.closeEntry();
        }
        assertThatThrownBy(this::read).hasMessage("has more than 20000 entries");
    }

    @Test
    void whatIsNoArchiveIsRefused() {
        assertThatThrownBy(() -> RuleArchive.read("p", TEXT))
                .isInstanceOf(RuleArchive.UnusableArchiveException.class)
                .hasMessageContaining("no zip archive");
    }

    @Test
    void aTruncatedArchiveIsRefused() throws IOException {
        byte[] incompressible = new byte[50_000];
        new Random(7).nextBytes(incompressible);
        add("a.yml", incompressible);
        zip.close();
        byte[] half = Arrays.copyOf(bytes.toByteArray(), 10_000);
        assertThatThrownBy(() -> RuleArchive.read("p", half))
                .hasMessageContaining("no readable zip archive");
    }

    @Test
    void theSecondOfAPathIsRefused() throws IOException {
        add("a.yml", TEXT);
        add("b.yml", TEXT);
        zip.close();
        // ZipOutputStream refuses doubles, so one name is made into the other's.
        byte[] doubled =
                new String(bytes.toByteArray(), StandardCharsets.ISO_8859_1)
                        .replace("b.yml", "a.yml")
                        .getBytes(StandardCharsets.ISO_8859_1);
        RuleArchive archive = RuleArchive.read("p", doubled);
        assertThat(archive.pack().files())
                .extracting(RulePack.RuleFile::path)
                .containsExactly("a.yml");
        assertThat(archive.refused())
                .containsExactly(
                        new RuleArchive.Refused("a.yml", "is there twice; the first one counts"));
    }

    private void add(String path, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(path));
        zip.write(content);
        zip.closeEntry();
    }

    private RuleArchive read() throws IOException {
        zip.close();
        return RuleArchive.read("p", bytes.toByteArray());
    }
}
