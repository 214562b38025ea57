package dev.yagura.sigma.pack;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.engine.EventMatcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** The project's own rules: each fires on its positive events and on none of the negative ones. */
class CuratedRulesTest {
    private static final Path CASES = Path.of("src/main/resources/yagura-rule-cases");
    private static final Device DEVICE = Device.newBuilder().setOs("linux").build();

    static List<String> slugs() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("slugs")
    void firesExactlyWhereItSays(String slug) throws IOException {
        String id = rule(slug + "/rule.yaml").id();
        List<String> lines = Files.readAllLines(CASES.resolve(slug).resolve("events.jsonl"));
        Map<String, List<Integer>> expected =
                new Yaml().load(Files.readString(CASES.resolve(slug).resolve("expected.yaml")));
        EventMatcher matcher = OwnRules.matcher();
        List<Integer> matched = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            boolean fires =
                    matcher.match(DEVICE, event(lines.get(i))).stream()
                            .anyMatch(match -> match.rule().getId().equals(id));
            if (fires) {
                matched.add(i + 1);
            }
        }
        assertThat(matched).isNotEmpty().isEqualTo(expected.get("match"));
        List<Integer> passed = Objects.requireNonNull(expected.get("pass"));
        assertThat(passed).isNotEmpty();
        assertThat(matched.size() + passed.size()).isEqualTo(lines.size());
    }

    @Test
    void everyRuleIsActiveTestedAndUnique() throws IOException {
        List<Rule> rules = OwnRules.all();
        assertThat(rules).hasSizeGreaterThanOrEqualTo(30);
        assertThat(rules)
                .allSatisfy(rule -> {
                    assertThat(rule.state()).isEqualTo(Rule.State.ACTIVE);
                    assertThat(rule.diagnostics()).isEmpty();
                });
        assertThat(rules)
                .extracting(rule -> rule.sourcePath().replace("/rule.yaml", ""))
                .containsExactlyInAnyOrderElementsOf(slugs());
        assertThat(new HashSet<>(rules.stream().map(Rule::title).toList())).hasSameSizeAs(rules);
    }

    @Test
    void everyRuleTellsWhatAnAnalystNeeds() {
        for (Rule rule : OwnRules.all()) {
            Map<String, Object> fields = new Yaml().load(rule.text());
            assertThat(fields)
                    .as(rule.sourcePath())
                    .containsKeys("description", "references", "falsepositives", "level", "tags");
            AttackTags tags = AttackTags.of(rule.sigma().orElseThrow().tags());
            assertThat(tags.techniques()).as(rule.sourcePath()).isNotEmpty();
            assertThat(tags.tactics()).as(rule.sourcePath()).isNotEmpty();
        }
    }

    private static Rule rule(String path) {
        return OwnRules.all().stream()
                .filter(rule -> rule.sourcePath().equals(path))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no rule " + path));
    }

    private static Event event(String json) {
        Event.Builder event = Event.newBuilder();
        try {
            JsonFormat.parser().merge(json, event);
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
        return event.build();
    }
}
