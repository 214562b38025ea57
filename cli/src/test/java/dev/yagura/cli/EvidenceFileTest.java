package dev.yagura.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.evidence.EvidenceLink;
import dev.yagura.common.evidence.EvidenceLink.Head;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** `yagura evidence verify FILE`, with nothing running. */
class EvidenceFileTest {
    private static final int LENGTH = 5;

    private static final CommandLine COMMAND = YaguraCommand.commandLine();

    private @TempDir Path folder;
    private final List<String> lines = new ArrayList<>();
    private Head head = Head.EMPTY;
    private String out = "";
    private String err = "";

    @BeforeEach
    void writeAChain() {
        for (int i = 1; i <= LENGTH; i++) {
            String record =
                    "{\"action\":\"actions/a-%d\",\"change\":{\"reason\":\"für \\\"C2\\\"\"},\"event\":\"EVIDENCE_EVENT_REQUESTED\"}"
                            .formatted(i);
            EvidenceLink link = EvidenceLink.next(head, record);
            HexFormat hex = HexFormat.of();
            lines.add(
                    "{\"hash\":\"%s\",\"number\":%d,\"previousHash\":\"%s\",\"record\":%s}"
                            .formatted(
                                    hex.formatHex(link.hash().toByteArray()),
                                    i,
                                    hex.formatHex(head.hash().toByteArray()),
                                    record));
            head = link.head();
        }
    }

    @Test
    void acceptsWhatWasExported() throws IOException {
        assertThat(verify()).isZero();
        assertThat(out).contains("5 records verified").contains("head " + head);
        assertThat(verify("--expect-head", head.toString())).isZero();
    }

    /** One byte of the second line, wherever it is: in a hash, a number, a name or the content. */
    @Test
    void namesALineOfWhichAnyByteWasChanged() throws IOException {
        byte[] line = lines.get(1).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < line.length; i++) {
            byte[] changed = line.clone();
            changed[i] ^= 1;
            Path file = folder.resolve("changed.jsonl");
            Files.writeString(file, lines.getFirst() + "\n");
            Files.write(file, changed, java.nio.file.StandardOpenOption.APPEND);
            Files.writeString(
                    file,
                    "\n" + String.join("\n", lines.subList(2, LENGTH)) + "\n",
                    java.nio.file.StandardOpenOption.APPEND);

            assertThat(run("evidence", "verify", file.toString())).as("byte " + i).isEqualTo(1);
            assertThat(err).as("byte " + i).contains("record 2");
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "2, 3"})
    void namesALineThatIsMissing(int index, int number) throws IOException {
        lines.remove(index);
        assertThat(verify()).isEqualTo(1);
        assertThat(err).contains("record " + number + " is missing");
    }

    @Test
    void namesALineThatIsNotInItsPlace() throws IOException {
        lines.add(1, lines.remove(3));
        assertThat(verify()).isEqualTo(1);
        assertThat(err)
                .contains("record 2 (actions/a-2, requested) is not in its place: it stands");
    }

    @Test
    void namesTheFirstLineOfATailThatWasCut() throws IOException {
        lines.removeLast();
        assertThat(verify()).isZero();
        assertThat(verify("--expect-head", head.toString())).isEqualTo(1);
        assertThat(err).contains("record 5 is missing: the chain ends at 4");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"action\":\"actions/a-3\",\"action\":\"actions/a-3\",",
                "{ \"action\":\"actions/a-3\",",
                "{\"a\":0.5,\"action\":\"actions/a-3\",",
                "{\"a\":null,\"action\":\"actions/a-3\","
            })
    void namesALineThatTwoReadersCouldReadDifferently(String beginning) throws IOException {
        lines.set(2, lines.get(2).replace("{\"action\":\"actions/a-3\",", beginning));
        assertThat(verify()).isEqualTo(1);
        assertThat(err).contains("record 3 ");
    }

    @Test
    void namesALineThatSaysMoreThanIsProven() throws IOException {
        lines.set(2, lines.get(2).replace("\"number\":3,", "\"note\":\"by Rei\",\"number\":3,"));
        assertThat(verify()).isEqualTo(1);
        assertThat(err).contains("record 3 has other members than export writes");
    }

    @Test
    void saysWhichFileItCannotRead() {
        assertThat(run("evidence", "verify", "no-such-file.jsonl")).isEqualTo(2);
        assertThat(err).contains("FILE: cannot read no-such-file.jsonl");
    }

    private int verify(String... options) throws IOException {
        Path file = folder.resolve("evidence.jsonl");
        Files.writeString(file, String.join("\n", lines) + "\n");
        List<String> arguments = new ArrayList<>(List.of("evidence", "verify", file.toString()));
        arguments.addAll(List.of(options));
        return run(arguments.toArray(String[]::new));
    }

    private int run(String... arguments) {
        Invocation run = Invocation.of(COMMAND, arguments);
        out = run.out();
        err = run.err();
        return run.code();
    }
}
