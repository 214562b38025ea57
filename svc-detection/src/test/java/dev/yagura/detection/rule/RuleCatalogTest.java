package dev.yagura.detection.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.Process;
import dev.yagura.sigma.Diagnostic;
import dev.yagura.sigma.engine.RuleSetCompiler;
import dev.yagura.sigma.pack.Rule;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleCatalogTest {
    private static final String FIRST = "5b4a52ba-0000-4000-8000-000000000001";
    private static final String SECOND = "5b4a52ba-0000-4000-8000-000000000002";

    private static final Device LINUX = Device.newBuilder().setOs("linux").build();

    private final RuleSets.CountingStore store = new RuleSets.CountingStore();

    @TempDir Path parent;
    private Path folder = Path.of("");

    @BeforeEach
    void makeFolder() throws IOException {
        folder = parent.resolve("mine");
        Files.createDirectories(folder.resolve("deep/er"));
    }

    @Test
    void readsFoldersAtAnyDepth() throws IOException {
        write("deep/er/one.yml", rule(FIRST, "sel"));
        write("two.YAML", rule(SECOND, "sel"));
        write("notes.txt", "no rule");
        assertThat(mine()).extracting(Rule::id).containsExactly(FIRST, SECOND);
        assertThat(mine()).extracting(Rule::name).first().isEqualTo("rules/mine/" + FIRST);
    }

    @Test
    void aBrokenRuleIsNamedAndTheOthersLoad() throws IOException {
        write("bad.yml", rule(FIRST, "sel and nothing"));
        write("good.yml", rule(SECOND, "sel"));
        List<Rule> rules = mine();
        assertThat(rules)
                .extracting(Rule::state)
                .containsExactlyInAnyOrder(Rule.State.INVALID, Rule.State.ACTIVE);
        Rule bad = in(rules, "bad.yml");
        assertThat(bad.diagnostics())
                .containsExactly(
                        new Diagnostic(11, 24, "condition: there is no selection 'nothing'"));
        assertThat(bad.id()).isEqualTo(FIRST);
    }

    @Test
    void theSecondOfAnIdIsRefused() throws IOException {
        write("a.yml", rule(FIRST, "sel"));
        write("b.yml", rule(FIRST, "sel"));
        List<Rule> rules = mine();
        assertThat(in(rules, "a.yml").state()).isEqualTo(Rule.State.ACTIVE);
        assertThat(in(rules, "b.yml").state()).isEqualTo(Rule.State.INVALID);
        assertThat(in(rules, "b.yml").diagnostics().getFirst().message())
                .isEqualTo("id " + FIRST + " is already that of a.yml");
        assertThat(rules).extracting(Rule::name).doesNotHaveDuplicates();
    }

    @Test
    void aRuleThatNobodyCanFeedCannotFire() throws IOException {
        write(
                "log.yml",
                rule(FIRST, "sel").replace("category: process_creation", "service: modsecurity"));
        write("field.yml", rule(SECOND, "sel").replace("CommandLine", "TargetObject"));
        List<Rule> rules = mine();
        assertThat(rules).extracting(Rule::state).containsOnly(Rule.State.CANNOT_FIRE);
        assertThat(in(rules, "log.yml").diagnostics().getFirst().message())
                .isEqualTo("no sensor delivers the log source linux/*/modsecurity");
        assertThat(in(rules, "field.yml").diagnostics().getFirst().message())
                .contains("no sensor delivers TargetObject");
    }

    @Test
    void anUnknownFieldInAFilterIsToldButDoesNotStopTheRule() throws IOException {
        write(
                "one.yml",
                rule(FIRST, "sel and not other")
                        .replace(
                                "    condition",
                                "    other:\n        Signed: true\n    condition"));
        assertThat(mine())
                .singleElement()
                .satisfies(rule -> {
                    assertThat(rule.state()).isEqualTo(Rule.State.ACTIVE);
                    assertThat(rule.diagnostics().getFirst().message()).contains("Signed");
                });
    }

    @Test
    void unreadableTextIsNamed() throws IOException {
        Files.write(
                folder.resolve("latin.yml"), "title: \u00e9".getBytes(StandardCharsets.ISO_8859_1));
        write("empty.yml", "# nothing\n");
        assertThat(mine())
                .extracting(rule -> rule.diagnostics().getFirst().message())
                .containsExactlyInAnyOrder("the file is not UTF-8", "the file is empty");
    }

    @Test
    void theSameContentHasTheSameNumber() throws IOException {
        write("one.yml", rule(FIRST, "sel"));
        long first = RuleSets.load(store, folder).ruleSetVersion();
        assertThat(RuleSets.load(store, folder).ruleSetVersion()).isEqualTo(first);
        write("one.yml", rule(FIRST, "not sel"));
        assertThat(RuleSets.load(store, folder).ruleSetVersion()).isEqualTo(first + 1);
    }

    @Test
    void aMatchSaysWhichRuleAndWhy() throws IOException {
        write("one.yml", rule(FIRST, "sel"));
        RuleCatalog catalog = RuleSets.load(store, folder);
        SensorEvent event = needle();
        Device device = LINUX;
        assertThat(catalog.current().match(device, event))
                .singleElement()
                .satisfies(match -> {
                    assertThat(match.rule().getPack()).isEqualTo("mine");
                    assertThat(match.rule().getRuleSetVersion())
                            .isEqualTo(catalog.ruleSetVersion());
                    assertThat(match.rule().getTechniquesList()).containsExactly("T1059.004");
                    assertThat(match.rule().getTacticsList())
                            .containsExactly("privilege-escalation");
                    assertThat(match.condition()).isEqualTo("sel");
                    var field = match.matchedFields().getFirst();
                    assertThat(field.getField()).isEqualTo("CommandLine");
                    assertThat(field.getSelection()).isEqualTo("sel");
                    assertThat(field.getPattern()).isEqualTo("*needle*");
                    assertThat(field.getValue()).startsWith("x NEEDLE é");
                    assertThat(field.getValue().getBytes(StandardCharsets.UTF_8).length)
                            .isBetween(1000, 1024);
                });
        assertThat(catalog.current().match(device.toBuilder().setOs("windows").build(), event))
                .isEmpty();
    }

    @Test
    void aMissingFolderStopsTheStart() {
        assertThatThrownBy(() -> RuleSets.load(parent.resolve("absent")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("yagura.detection.rule.folders")
                .hasMessageContaining("absent");
    }

    @Test
    void twoPacksOfOneNameStopTheStart() throws IOException {
        Path other = Files.createDirectories(parent.resolve("other/mine"));
        assertThatThrownBy(() -> RuleSets.load(folder, other))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("'mine'");
    }

    @Test
    void aChangedFolderIsReadAgain() throws IOException {
        write("one.yml", rule(FIRST, "sel"));
        RuleCatalog catalog = RuleSets.load(store, folder);
        long before = catalog.ruleSetVersion();
        assertThat(catalog.catchUp()).isFalse();
        write("two.yml", rule(SECOND, "sel"));
        assertThat(catalog.catchUp()).isTrue();
        assertThat(catalog.get("rules/mine/" + SECOND).rule().state()).isEqualTo(Rule.State.ACTIVE);
        assertThat(catalog.ruleSetVersion()).isEqualTo(before + 1);
        Files.delete(folder.resolve("two.yml"));
        catalog.catchUp();
        assertThatThrownBy(() -> catalog.get("rules/mine/" + SECOND))
                .isInstanceOf(NotFoundException.class);
        assertThat(catalog.ruleSetVersion()).isEqualTo(before);
    }

    @Test
    void aFilterFollowsTheRuleOfAnotherFolder() throws IOException {
        Path filters = Files.createDirectories(parent.resolve("filters"));
        Files.writeString(
                filters.resolve("filter.yml"),
                """
                title: Trusted
                id: %s
                logsource: {product: linux, category: process_creation}
                filter:
                    rules: [%s]
                    selection: {CommandLine|contains: trusted}
                    condition: not selection
                """
                        .formatted(SECOND, FIRST));
        RuleCatalog catalog = RuleSets.load(store, folder, filters);
        String filter = "rules/filters/" + SECOND;
        assertThat(catalog.get(filter).rule().state()).isEqualTo(Rule.State.CANNOT_FIRE);
        write("one.yml", rule(FIRST, "sel"));
        assertThat(catalog.catchUp()).isTrue();
        assertThat(catalog.get(filter).rule().state()).isEqualTo(Rule.State.ACTIVE);
        assertThat(catalog.current().match(LINUX, needle())).hasSize(1);
        assertThat(catalog.current().match(LINUX, exec("needle trusted"))).isEmpty();
        Files.delete(folder.resolve("one.yml"));
        catalog.catchUp();
        assertThat(catalog.get(filter).rule())
                .satisfies(rule -> {
                    assertThat(rule.state()).isEqualTo(Rule.State.CANNOT_FIRE);
                    assertThat(rule.diagnostics().getFirst().message())
                            .startsWith("there is no rule with the id or name '" + FIRST);
                });
    }

    @Test
    void aDisabledFilterChangesNoRule() throws IOException {
        write("one.yml", rule(FIRST, "sel"));
        write(
                "filter.yml",
                """
                title: Nothing
                id: %s
                logsource: {product: linux, category: process_creation}
                filter:
                    rules: [%s]
                    selection: {CommandLine|contains: needle}
                    condition: not selection
                """
                        .formatted(SECOND, FIRST));
        RuleSets.GivenRules given = new RuleSets.GivenRules();
        RuleCatalog catalog = RuleSets.load(store, given, RuleSetCompiler::compile, folder);
        assertThat(catalog.current().match(LINUX, needle())).isEmpty();
        given.set(
                new StoredRules(
                        2,
                        List.of(),
                        List.of(),
                        Map.of(
                                "rules/mine/" + SECOND,
                                new Deployment(
                                        DeploymentState.DISABLED, "", 1, Instant.EPOCH, "me")),
                        List.of()));
        assertThat(catalog.catchUp()).isTrue();
        assertThat(catalog.current().match(LINUX, needle())).hasSize(1);
    }

    @Test
    void aFolderThatIsGoneKeepsItsRulesAndSaysSo() throws IOException {
        write("one.yml", rule(FIRST, "sel"));
        RuleCatalog catalog = RuleSets.load(store, folder);
        Files.move(folder, parent.resolve("away"));
        catalog.catchUp();
        assertThat(catalog.get("rules/mine/" + FIRST).rule().state()).isEqualTo(Rule.State.ACTIVE);
        assertThat(catalog.book().packs())
                .hasEntrySatisfying(
                        "mine", pack -> assertThat(pack.problem()).contains("no readable folder"));
    }

    @Test
    void aRuleThatTheEngineRefusesIsInvalidAndTheOthersAreInForce() throws IOException {
        write("one.yml", rule(FIRST, "sel"));
        write("two.yml", rule(SECOND, "sel"));
        RuleCatalog catalog =
                RuleSets.load(
                        store,
                        new RuleSets.GivenRules(),
                        (version, inputs) -> {
                            if (inputs.stream()
                                    .anyMatch(input -> input.reference().getId().equals(FIRST))) {
                                throw new IllegalStateException("too many states");
                            }
                            return RuleSetCompiler.compile(version, inputs);
                        },
                        folder);
        Rule refused = catalog.get("rules/mine/" + FIRST).rule();
        assertThat(refused.state()).isEqualTo(Rule.State.INVALID);
        assertThat(refused.diagnostics().getFirst().message()).contains("too many states");
        assertThat(catalog.current().match(LINUX, needle()))
                .extracting(match -> match.rule().getId())
                .containsExactly(SECOND);
        write("one.yml", rule(SECOND.replace('2', '3'), "sel"));
        catalog.catchUp();
        assertThat(mine(catalog)).extracting(Rule::state).containsOnly(Rule.State.ACTIVE);
    }

    @Test
    void anUnknownNameIsNotFound() {
        assertThatThrownBy(() -> RuleSets.load(folder).get("rules/mine/" + FIRST))
                .isInstanceOf(NotFoundException.class);
    }

    private List<Rule> mine() {
        return mine(RuleSets.load(store, folder));
    }

    private static List<Rule> mine(RuleCatalog catalog) {
        return catalog
                .list(
                        new RuleFilter(Optional.empty(), Optional.of("mine"), Optional.empty()),
                        "",
                        100)
                .stream()
                .map(BookedRule::rule)
                .toList();
    }

    private static SensorEvent needle() {
        return exec("x NEEDLE " + "é".repeat(2000));
    }

    private static SensorEvent exec(String command) {
        return SensorEvent.of(
                Event.newBuilder()
                        .setClassUid(1007)
                        .setActivityId(1)
                        .setProcess(Process.newBuilder().setCmdLine(command))
                        .build());
    }

    private static Rule in(List<Rule> rules, String path) {
        return rules.stream()
                .filter(rule -> rule.sourcePath().equals(path))
                .findFirst()
                .orElseThrow();
    }

    private void write(String path, String text) throws IOException {
        Files.writeString(folder.resolve(path), text);
    }

    private static String rule(String id, String condition) {
        return """
        title: Needle
        id: %s
        tags: [attack.t1059.004, attack.privilege_escalation, attack.g0016, car.2013-05-004]
        logsource:
            product: linux
            category: process_creation
        level: high
        detection:
            sel:
                CommandLine|contains: needle
            condition: %s
        """
                .formatted(id, condition);
    }
}
