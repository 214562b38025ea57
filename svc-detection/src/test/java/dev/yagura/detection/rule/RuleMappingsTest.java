package dev.yagura.detection.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.LogSource;
import dev.yagura.sigma.pack.Rule;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleMappingsTest {
    private static final String ID = "5b4a52ba-0000-4000-8000-000000000001";
    private static final LogSource OKTA = new LogSource("okta", "", "okta");
    private static final Device DEVICE = Device.getDefaultInstance();

    @TempDir Path parent;
    private Path tables = Path.of("");
    private Path rules = Path.of("");

    @BeforeEach
    void writesATable() throws IOException {
        tables = Files.createDirectory(parent.resolve("tables"));
        rules = Files.createDirectory(parent.resolve("mine"));
        Files.writeString(
                tables.resolve("okta.yaml"),
                """
                logsource: {product: okta, service: okta}
                events: {source: okta}
                unmapped: [eventType]
                ---
                placeholders: {types: [user.session.*, user.account.*]}
                """);
        Files.writeString(
                rules.resolve("one.yml"),
                """
                title: Okta
                id: %s
                logsource: {product: okta, service: okta}
                detection: {sel: {eventType|expand: '%%types%%'}, condition: sel}
                """
                        .formatted(ID));
    }

    @Test
    void aRuleIsReadJudgedAndCompiledByTheConfiguredTables() {
        RuleCatalog catalog = load(mappings());
        assertThat(catalog.get("rules/mine/" + ID).rule().state()).isEqualTo(Rule.State.ACTIVE);
        Event event =
                Event.newBuilder()
                        .setSource("okta")
                        .putUnmapped("eventType", "user.session.start")
                        .build();
        assertThat(catalog.current().match(DEVICE, SensorEvent.of(event))).hasSize(1);
        assertThat(catalog.current().canaries().find("canaries/okta.okta.okta"))
                .hasValueSatisfying(canary -> assertThat(canary.problem()).isEmpty());
        assertThat(RuleSets.load(rules).book().rules("mine"))
                .singleElement()
                .satisfies(rule -> {
                    assertThat(rule.state()).isEqualTo(Rule.State.INVALID);
                    assertThat(rule.diagnostics().getFirst().message())
                            .contains("the placeholder '%types%' has no values");
                });
    }

    @Test
    void otherTablesMakeAnotherRuleSet() throws IOException {
        RuleSets.CountingStore numbers = new RuleSets.CountingStore();
        long before = load(numbers, mappings()).ruleSetVersion();
        assertThat(load(numbers, mappings()).ruleSetVersion()).isEqualTo(before);
        Files.writeString(tables.resolve("more.yaml"), "placeholders: {other: x}\n");
        assertThat(load(numbers, mappings()).ruleSetVersion()).isEqualTo(before + 1);
    }

    @Test
    void withoutAKeyThereAreTheOwnTables() {
        RuleMappings own = new RuleMappings(Settings.of("yagura.detection", Map.of()));
        assertThat(own.addedText()).isEmpty();
        assertThat(own.sources(OKTA)).isEmpty();
        assertThat(own.sources(new LogSource("linux", "process_creation", ""))).isNotEmpty();
    }

    @Test
    void aBrokenTableStopsTheStartAndSaysWhere() throws IOException {
        Files.writeString(tables.resolve("okta.yaml"), "logsource: {product: x}\nevnts: x\n");
        assertThatThrownBy(this::mappings)
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith(
                        "yagura.detection.rule.mappings: in '"
                                + tables
                                + "', okta.yaml:2: unknown key 'evnts'; known are ")
                .hasMessageContaining("yagura rules verify --mappings");
        Files.delete(tables.resolve("okta.yaml"));
        assertThatThrownBy(this::mappings)
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("yagura.detection.rule.mappings")
                .hasMessageContaining("has no mapping");
    }

    private RuleMappings mappings() {
        return new RuleMappings(
                Settings.of(
                        "yagura.detection", Map.of(RuleConfig.MAPPINGS_KEY, tables.toString())));
    }

    private RuleCatalog load(RuleMappings mappings) {
        return load(new RuleSets.CountingStore(), mappings);
    }

    private RuleCatalog load(RuleSetStore numbers, RuleMappings mappings) {
        return RuleSets.load(
                numbers, new RuleSets.GivenRules(), mappings, mappings::compile, rules);
    }
}
