package dev.yagura.sigma.pack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.RawRecord;
import dev.yagura.sigma.Diagnostic;
import dev.yagura.sigma.Placeholders;
import dev.yagura.sigma.Reference;
import dev.yagura.sigma.SigmaCorrelation;
import dev.yagura.sigma.SigmaDocument;
import dev.yagura.sigma.SigmaParser;
import dev.yagura.sigma.correlation.CorrelationGraph;
import dev.yagura.sigma.correlation.CorrelationMatch;
import dev.yagura.sigma.correlation.CorrelationSet;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.engine.RuleSetCompiler;
import dev.yagura.sigma.taxonomy.Mappings;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The cases of {@link SpecificationCases}, by the parser, the loader, the engine and correlations.
 */
class SpecificationCasesTest {
    private static final Device DEVICE =
            Device.newBuilder().setHostId("host").setOs("linux").build();
    private static final long SECOND = 1_000_000_000;
    private static final long START_NS = 1_700_000_000 * SECOND;

    static Stream<SpecificationCases.Case> refused() {
        return SpecificationCases.all().stream().filter(each -> each.has("refused"));
    }

    static Stream<SpecificationCases.Case> read() {
        return SpecificationCases.all().stream().filter(each -> each.has("reads"));
    }

    static Stream<SpecificationCases.Case> matched() {
        return SpecificationCases.all().stream().filter(each -> each.has("match"));
    }

    static Stream<SpecificationCases.Case> correlated() {
        return SpecificationCases.all().stream().filter(each -> each.has("matches"));
    }

    static Stream<SpecificationCases.Case> linked() {
        return SpecificationCases.all().stream().filter(each -> each.has("states"));
    }

    @Test
    void eachCaseQuotesTheSpecification() throws IOException {
        Map<String, String> sources = new LinkedHashMap<>();
        for (SpecificationCases.Case each : SpecificationCases.all()) {
            if (!sources.containsKey(each.source())) {
                sources.put(
                        each.source(),
                        oneLine(
                                Files.readString(
                                        SpecificationCases.SPECIFICATION.resolve(each.source()))));
            }
            assertThat(
                            Objects.requireNonNull(sources.get(each.source()))
                                    .contains(oneLine(each.says())))
                    .as("%s quotes %s: %s", each, each.source(), each.says())
                    .isTrue();
        }
        assertThat(SpecificationCases.all()).hasSizeGreaterThan(700);
        assertThat(refused().count()).isGreaterThan(200);
    }

    @Test
    void eachCaseIsOfAKindThatIsRun() {
        assertThat(SpecificationCases.all())
                .allSatisfy(each ->
                        assertThat(
                                        Stream.of("refused", "reads", "match", "matches", "states")
                                                .filter(each::has))
                                .isNotEmpty());
        assertThat(matched())
                .allSatisfy(each -> {
                    assertThat(each.list("match")).isNotEmpty();
                    assertThat(each.list("pass")).isNotEmpty();
                });
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refuses(SpecificationCases.Case each) {
        List<Diagnostic> diagnostics =
                parser(each).parse(each.file()).stream()
                        .filter(SigmaDocument.Invalid.class::isInstance)
                        .flatMap(d -> ((SigmaDocument.Invalid) d).diagnostics().stream())
                        .toList();
        assertThat(diagnostics)
                .singleElement()
                .satisfies(diagnostic -> {
                    assertThat(diagnostic.message()).contains(each.text("refused"));
                    assertThat(diagnostic.line()).isPositive();
                    assertThat(diagnostic.column()).isPositive();
                });
    }

    @ParameterizedTest
    @MethodSource("read")
    void reads(SpecificationCases.Case each) {
        List<SigmaDocument> documents = parser(each).parse(each.file());
        assertThat(documents).noneMatch(SigmaDocument.Invalid.class::isInstance);
        Map<String, String> found = new LinkedHashMap<>();
        found.put("documents", Integer.toString(documents.size()));
        components((Record) documents.getFirst(), found);
        each.map("reads")
                .forEach((key, value) -> assertThat(found).containsEntry(key, value.toString()));
        String warnings = Objects.requireNonNull(found.get("warnings"));
        if (each.has("warns")) {
            assertThat(warnings).contains(each.text("warns"));
        } else {
            assertThat(warnings).isEqualTo("[]");
        }
    }

    @ParameterizedTest
    @MethodSource("matched")
    void matches(SpecificationCases.Case each) {
        List<Rule> rules = load(each);
        Rule rule = rules.getFirst();
        assertThat(rule.state()).as("%s", rule.diagnostics()).isEqualTo(Rule.State.ACTIVE);
        EventMatcher matcher = RuleSetCompiler.compile(1, List.of(rule.input(1)));
        for (Object event : each.list("match")) {
            assertThat(matcher.match(DEVICE, event(event))).as("%s", event).hasSize(1);
        }
        for (Object event : each.list("pass")) {
            assertThat(matcher.match(DEVICE, event(event))).as("%s", event).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("linked")
    void links(SpecificationCases.Case each) {
        Map<String, Rule> rules = new LinkedHashMap<>();
        load(each).forEach(rule -> rules.put(rule.title(), rule));
        each.map("states")
                .forEach((title, state) ->
                        assertThat(rule(rules, title).state())
                                .as("%s: %s", title, rule(rules, title).diagnostics())
                                .hasToString(state.toString()));
        each.map("alerts")
                .forEach((title, raises) ->
                        assertThat(rule(rules, title).raisesAlerts()).as(title).isEqualTo(raises));
        each.map("says_of")
                .forEach((title, message) ->
                        assertThat(rule(rules, title).diagnostics())
                                .extracting(Diagnostic::message)
                                .anySatisfy(said -> assertThat(said).contains(message.toString())));
        each.map("levels")
                .forEach((title, level) ->
                        assertThat(rule(rules, title).correlation().orElseThrow().level())
                                .hasToString(level.toString()));
    }

    @ParameterizedTest
    @MethodSource("correlated")
    void correlates(SpecificationCases.Case each) {
        List<Rule> rules = load(each);
        assertThat(rules)
                .allSatisfy(rule ->
                        assertThat(rule.state())
                                .as("%s: %s", rule.title(), rule.diagnostics())
                                .isEqualTo(Rule.State.ACTIVE));
        EventMatcher matcher =
                RuleSetCompiler.compile(
                        1,
                        rules.stream()
                                .filter(rule -> rule.sigma().isPresent())
                                .map(rule -> rule.input(1))
                                .toList());
        CorrelationSet correlations =
                new CorrelationSet(
                        new CorrelationGraph(
                                rules.stream().flatMap(rule -> rule.linked().stream()).toList()));
        int index = 0;
        for (Object written : each.list("events")) {
            Map<String, Object> fields = SpecificationCases.fields(written);
            long timeNs =
                    START_NS
                            + ((Number) Objects.requireNonNull(fields.remove("at"))).longValue()
                                    * SECOND;
            String id = String.valueOf(Optional.ofNullable(fields.remove("id")).orElse(index++));
            matcher.match(DEVICE, event(fields))
                    .forEach(match ->
                            correlations.add(
                                    match.rule().getName(),
                                    id,
                                    timeNs,
                                    name -> (String) fields.get(name)));
        }
        List<String> found = new ArrayList<>();
        Map<String, List<CorrelationMatch>> byName = correlations.finish();
        rules.forEach(rule ->
                byName.getOrDefault(rule.name(), List.of())
                        .forEach(match -> found.add(describe(rule.title(), match))));
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected(each, byName));
    }

    private static Rule rule(Map<String, Rule> rules, String title) {
        return Objects.requireNonNull(rules.get(title), title);
    }

    private static String describe(String title, CorrelationMatch match) {
        return "%s from %d to %d, %d events"
                .formatted(
                        title,
                        (match.firstNs() - START_NS) / SECOND,
                        (match.lastNs() - START_NS) / SECOND,
                        match.events());
    }

    private static List<String> expected(
            SpecificationCases.Case each, Map<String, List<CorrelationMatch>> found) {
        List<String> expected = new ArrayList<>();
        for (Object written : each.list("matches")) {
            Map<String, Object> match = SpecificationCases.fields(written);
            expected.add(
                    "%s from %s to %s, %s events"
                            .formatted(
                                    match.get("rule"),
                                    match.get("first"),
                                    match.get("last"),
                                    match.get("events")));
            if (match.containsKey("ids")) {
                assertThat(found.values().stream().flatMap(List::stream))
                        .extracting(CorrelationMatch::firstEventIds)
                        .contains(
                                ((List<?>) Objects.requireNonNull(match.get("ids")))
                                        .stream().map(Object::toString).toList());
            }
        }
        return expected;
    }

    private static SigmaParser parser(SpecificationCases.Case each) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        each.map("placeholders")
                .forEach((name, list) ->
                        values.put(name, ((List<?>) list).stream().map(Object::toString).toList()));
        return new SigmaParser(new Placeholders(values));
    }

    private static List<Rule> load(SpecificationCases.Case each) {
        return new RuleLoader(parser(each), Mappings.standard())
                .load(
                        new RulePack(
                                "cases",
                                List.of(new RulePack.RuleFile("case.yaml", each.file(), ""))));
    }

    /** Components of a record and of the records in it, by name; the outer ones win. */
    private static void components(Record record, Map<String, String> found) {
        List<Record> inner = new ArrayList<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Object value;
            try {
                value = component.getAccessor().invoke(record);
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
            found.putIfAbsent(component.getName(), written(value));
            if (value instanceof Record next) {
                inner.add(next);
            }
        }
        inner.forEach(next -> components(next, found));
    }

    private static String written(Object value) {
        return switch (value) {
            case Reference reference -> reference.rule();
            case SigmaCorrelation.Bound bound -> bound.operator() + " " + bound.number();
            case List<?> list ->
                    list.stream().map(SpecificationCasesTest::written).toList().toString();
            default -> String.valueOf(value);
        };
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    /** An audit event, whose fields may have any name: one record, or several. */
    private static Event event(Object written) {
        Event.Builder event = Event.newBuilder().setSource("auditd");
        for (Object each : written instanceof List<?> list ? list : List.of(written)) {
            RawRecord.Builder raw = RawRecord.newBuilder();
            SpecificationCases.fields(each)
                    .forEach((name, value) -> {
                        if (name.equals("type")) {
                            raw.setType(value.toString());
                        } else {
                            raw.putFields(name, value.toString());
                        }
                    });
            event.addRawRecords(raw);
        }
        return event.build();
    }
}
