package dev.yagura.detection.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.identity.Principal;
import dev.yagura.detection.TestEvents;
import dev.yagura.detection.alert.LogRecord;
import dev.yagura.proto.detection.v1.Backtest;
import dev.yagura.proto.ingest.v1.LogEntry;
import dev.yagura.proto.ingest.v1.Position;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.sigma.engine.RuleSetCompiler;
import dev.yagura.sigma.pack.ParsedPack;
import dev.yagura.sigma.pack.RulePack;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CorrelationRulesTest {
    private static final Device HOST = TestEvents.host("i-000000000000000a");
    private static final String BASE = "c0000000-0000-4000-8000-000000000001";
    private static final String MANY = "c0000000-0000-4000-8000-000000000002";

    private static final String RULE =
            """
            title: Base
            id: %s
            logsource: {product: linux, category: process_creation}
            detection: {sel: {CommandLine|contains: needle}, condition: sel}
            """
                    .formatted(BASE);

    private static final String CORRELATION =
            """
            title: Many
            id: %s
            correlation:
                type: event_count
                rules: [%s]
                group-by: [User]
                timespan: 10m
                condition: {gte: 5}
            """
                    .formatted(MANY, BASE);

    @Test
    void aTakenRuleRaisesNoAlertsWhileItsCorrelationDoes() {
        assertThat(outcome(CORRELATION, DeploymentState.ALERTING)).isEqualTo(MatchOutcome.TAKEN);
    }

    @Test
    void aCorrelationThatRaisesNoneLeavesTheRuleItsAlerts() {
        assertThat(outcome(CORRELATION, DeploymentState.SHADOW)).isEqualTo(MatchOutcome.ALERTING);
        assertThat(outcome(CORRELATION, DeploymentState.DISABLED)).isEqualTo(MatchOutcome.ALERTING);
        assertThat(outcome(CORRELATION + "generate: true\n", DeploymentState.ALERTING))
                .isEqualTo(MatchOutcome.ALERTING);
    }

    @Test
    void aDisabledCorrelationTakesNoPart() {
        assertThat(snapshot(CORRELATION, DeploymentState.DISABLED).correlations().isEmpty())
                .isTrue();
        assertThat(parts(snapshot(CORRELATION, DeploymentState.DISABLED))).isEmpty();
    }

    @Test
    void anEventIsAPartByTheFieldsOfItsLogSource() {
        assertThat(parts(snapshot(CORRELATION, DeploymentState.SHADOW)))
                .singleElement()
                .satisfies(part -> {
                    assertThat(part.member().group().values()).containsExactly("alice");
                    assertThat(part.member().match().eventId()).isEqualTo("event");
                    assertThat(part.correlation().alerting()).isFalse();
                });
    }

    @Test
    void anotherTextIsAnotherState() {
        String key = key(CORRELATION);
        assertThat(key(CORRELATION)).isEqualTo(key);
        assertThat(key(CORRELATION.replace("gte: 5", "gte: 6"))).isNotEqualTo(key);
    }

    @Test
    void aBacktestMatchesTheRulesOfACorrelation() {
        RuleBook book = book(CORRELATION.replace("gte: 5", "gte: 3"), DeploymentState.SHADOW);
        CorrelationBacktesting testing =
                new CorrelationBacktesting(
                        Objects.requireNonNull(book.rules().get("rules/test/" + MANY)).rule(),
                        book,
                        RuleSets.STANDARD,
                        Principal.service("test"),
                        Instant.EPOCH);
        for (int batch = 1; batch <= 2; batch++) {
            testing.take(
                    new LogRecord(
                            Position.getDefaultInstance(),
                            LogEntry.newBuilder()
                                    .setAgentId("agent")
                                    .setSpoolId("spool")
                                    .setSequence(batch)
                                    .setDevice(HOST)
                                    .build(),
                            UUID.fromString(HOST.getHostId())),
                    List.of(event(), event()));
        }
        Backtest result = testing.result().build();
        assertThat(result.getEvents()).isEqualTo(4);
        assertThat(result.getLogsourceEvents()).isEqualTo(4);
        assertThat(result.getMatches()).isEqualTo(1);
        assertThat(result.getAlertsPerDay()).isEqualTo(24);
        assertThat(result.getSamples(0).getHostname()).isEqualTo(HOST.getHostname());
        assertThat(result.getSamples(0).getEventId()).isEqualTo("agent/spool/1/0");
        assertThat(result.getSamples(0).getMatchedFields(0).getValue()).isEqualTo("alice");
    }

    private static String key(String correlation) {
        return snapshot(correlation, DeploymentState.ALERTING)
                .correlations()
                .keys()
                .iterator()
                .next();
    }

    private static List<CorrelationRules.Part> parts(RuleSnapshot snapshot) {
        return snapshot.correlations().parts("rules/test/" + BASE, HOST, event(), "event", 7);
    }

    private static MatchOutcome outcome(String correlation, DeploymentState state) {
        RuleSnapshot snapshot = snapshot(correlation, state);
        return snapshot.outcome(
                snapshot.match(HOST, event()).getFirst(), HOST, event(), Instant.EPOCH);
    }

    private static SensorEvent event() {
        return SensorEvent.of(
                new TestEvents().exec(7, 1, "/bin/tool", "needle", "Alice").all().getFirst());
    }

    private static RuleSnapshot snapshot(String correlation, DeploymentState state) {
        return new RuleCompiler(RuleSets.STANDARD, RuleSetCompiler::compile)
                .compile(book(correlation, state), 1)
                .snapshot();
    }

    private static RuleBook book(String correlation, DeploymentState state) {
        ParsedPack pack =
                RuleSets.STANDARD
                        .loader()
                        .parse(
                                new RulePack(
                                        "test",
                                        List.of(
                                                new RulePack.RuleFile("base.yml", RULE, ""),
                                                new RulePack.RuleFile(
                                                        "many.yml", correlation, ""))));
        StoredRules stored =
                new StoredRules(
                        1,
                        List.of(),
                        List.of(),
                        Map.of("rules/test/" + MANY, Deployment.ofPack(state)),
                        List.of());
        return RuleBook.of(
                stored,
                List.of(
                        new PackContent(
                                PackContent.Kind.FOLDER, DeploymentState.ALERTING, pack, "")),
                RuleSets.STANDARD);
    }
}
