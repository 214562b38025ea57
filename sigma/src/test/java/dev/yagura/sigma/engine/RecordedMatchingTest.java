package dev.yagura.sigma.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.sigma.pack.Rule;
import dev.yagura.sigma.pack.RuleLoader;
import dev.yagura.sigma.pack.RulePackReader;
import dev.yagura.telemetry.recording.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The compiled engine and the plain interpreter agree on every recorded event with every rule: the
 * project's own, and those that are beside the repository.
 */
class RecordedMatchingTest {
    private static final Path SCENARIO = Path.of("../sandbox/scenario");
    private static final Path DATA = Path.of("../../shared/data");
    private static final Device DEVICE = Device.getDefaultInstance();

    @Test
    void agreeOnTheOwnRecording() throws IOException {
        List<Rule> rules = new RuleLoader().load(RulePackReader.own());
        compare(rules, files(SCENARIO).filter(file -> file.toString().endsWith(".log")).toList());
    }

    @Test
    void agreeOnPublicRecordings() throws IOException {
        assumeTrue(
                Files.isDirectory(DATA),
                () -> "no public rules and recordings at " + DATA.toAbsolutePath().normalize());
        List<Rule> rules = new RuleLoader().load(RulePackReader.folder(DATA.resolve("sigma")));
        List<Path> recordings =
                Stream.of("telemetry", "regression", "cloudtrail")
                        .flatMap(folder -> files(DATA.resolve(folder)))
                        .filter(file -> !file.toString().endsWith(".tsv"))
                        .toList();
        assertThat(compare(rules, recordings)).isGreaterThan(100);
    }

    /** How many matches there were. */
    private static long compare(List<Rule> rules, List<Path> files) throws IOException {
        List<Rule> active =
                rules.stream().filter(rule -> rule.state() == Rule.State.ACTIVE).toList();
        EventMatcher matcher =
                RuleSetCompiler.compile(1, active.stream().map(rule -> rule.input(1)).toList());
        PlainRules plain =
                new PlainRules(active.stream().map(rule -> rule.input(1).rule()).toList());
        long[] matches = {0};
        for (Path file : files) {
            Recording.detect(file)
                    .orElseThrow()
                    .read(
                            Clock.systemUTC(),
                            (line, reason) -> {},
                            event -> {
                                List<String> compiled =
                                        matcher.match(DEVICE, AuditEvents.encoded(event)).stream()
                                                .map(match -> match.rule().getId())
                                                .toList();
                                matches[0] += compiled.size();
                                assertThat(compiled)
                                        .as(() -> file + ": " + event)
                                        .containsExactlyElementsOf(plain.match(DEVICE, event));
                            });
        }
        return matches[0];
    }

    private static Stream<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList().stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
