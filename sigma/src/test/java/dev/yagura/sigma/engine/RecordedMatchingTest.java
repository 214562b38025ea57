package dev.yagura.sigma.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.LogSource;
import dev.yagura.sigma.SigmaRule;
import dev.yagura.sigma.pack.Rule;
import dev.yagura.sigma.pack.RuleLoader;
import dev.yagura.sigma.pack.RulePackReader;
import dev.yagura.sigma.taxonomy.EventKind;
import dev.yagura.sigma.taxonomy.EventSource;
import dev.yagura.sigma.taxonomy.Taxonomy;
import dev.yagura.telemetry.recording.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
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

    /** One rule on one of its sources. */
    private record Plain(String id, EventSource source, ReferenceInterpreter interpreter) {}

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
        PlainRules plain = new PlainRules(active);
        long[] matches = {0};
        for (Path file : files) {
            Recording.detect(file)
                    .orElseThrow()
                    .read(
                            Clock.systemUTC(),
                            (line, reason) -> {},
                            event -> {
                                List<String> compiled =
                                        matcher.match(DEVICE, event).stream()
                                                .map(match -> match.rule().getId())
                                                .toList();
                                matches[0] += compiled.size();
                                assertThat(compiled)
                                        .as(() -> file + ": " + event)
                                        .containsExactlyElementsOf(plain.match(event));
                            });
        }
        return matches[0];
    }

    /** Every rule of an event's sources, one after the other. */
    private static final class PlainRules {
        private final List<Plain> rules = new ArrayList<>();
        private final Map<EventKind, List<Plain>> byKind = new HashMap<>();

        PlainRules(List<Rule> active) {
            for (Rule rule : active) {
                SigmaRule sigma = rule.input(1).rule();
                LogSource logSource = sigma.logSource();
                for (EventSource source : Taxonomy.sources(logSource)) {
                    rules.add(new Plain(sigma.id(), source, new ReferenceInterpreter(sigma)));
                }
            }
        }

        SortedSet<String> match(Event event) {
            Map<EventSource, List<FieldValues>> views = new LinkedHashMap<>();
            SortedSet<String> matched = new TreeSet<>();
            for (Plain rule : byKind.computeIfAbsent(EventKind.of(DEVICE, event), this::of)) {
                List<FieldValues> seen =
                        views.computeIfAbsent(
                                rule.source(), source -> FieldValues.of(source, event));
                if (rule.interpreter().matches(seen)) {
                    matched.add(rule.id());
                }
            }
            return matched;
        }

        private List<Plain> of(EventKind kind) {
            return rules.stream().filter(rule -> rule.source().accepts(kind)).toList();
        }
    }

    private static Stream<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList().stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
