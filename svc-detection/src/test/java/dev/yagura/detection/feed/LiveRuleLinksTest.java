package dev.yagura.detection.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.detection.Await;
import dev.yagura.detection.TestEvents;
import dev.yagura.detection.rule.LiveRules;
import dev.yagura.proto.detection.v1.Backtest;
import dev.yagura.proto.detection.v1.DeleteRulePackRequest;
import dev.yagura.proto.detection.v1.DeploymentState;
import dev.yagura.proto.detection.v1.ImportRulePackHeader;
import dev.yagura.proto.detection.v1.ImportRulePackResponse;
import dev.yagura.proto.detection.v1.Rule;
import dev.yagura.proto.detection.v1.RuleDiagnostic;
import dev.yagura.proto.detection.v1.RuleState;
import dev.yagura.proto.detection.v1.VerifyRuleRequest;
import dev.yagura.proto.detection.v1.VerifyRuleResponse;
import dev.yagura.proto.telemetry.v1.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rules that depend on an installation's own tables, or on rules of other packs. */
class LiveRuleLinksTest extends LiveRulesFixture {
    private static final String FILTER = "5b4a52ba-0000-4000-8000-0000000000f1";
    private static final String CORRELATION = "5b4a52ba-0000-4000-8000-0000000000c1";

    private static final String TABLES =
            """
            logsource: {product: okta, service: okta}
            events: {source: okta}
            unmapped: [eventType, actor.id]
            ---
            placeholders: {admins: [root, 'ops-*'], contractors: ops-2}
            """;

    private static final String OKTA_RULE =
            """
            title: Session of an administrator
            id: %s
            logsource: {product: okta, service: okta}
            detection:
                sel: {eventType: user.session.start, actor.id|expand: '%%admins%%'}
                condition: sel
            level: high
            """;

    @Override
    LiveRules replica() throws IOException {
        Path tables = Files.writeString(folder.resolve("tables.yaml"), TABLES);
        return LiveRules.start(POSTGRES.transactions(), clock, List.of(), Optional.of(tables));
    }

    @Test
    void rulesOfAnOwnLogSourceAreTriedFireAndAreExcepted() throws Exception {
        read(first);
        create(OKTA_RULE.formatted(ID), DeploymentState.DEPLOYMENT_STATE_ALERTING);
        send(alertingPack(), zip(Map.of("rules/okta.yml", OKTA_RULE.formatted(STEADY))));
        except("actor.id|expand: '%contractors%'", end());
        Await.until(() -> matches(first, session("root")), matches -> matches.size() == 2);
        awaitExcepted(session("ops-2"));
        first.writeActivity();
        long before = statistics().getEvaluatedEvents();
        ingest.append(HOST, List.of(session("root"), session("guest"), session("ops-2")));
        Await.until(LiveRulesFixture::matchesOfAlerts, count -> count >= 3);
        assertThat(matchesOfAlerts()).isEqualTo(3);
        assertThat(statistics().getMatches()).isEqualTo(1);
        assertThat(statistics().getExceptedMatches()).isEqualTo(1);
        first.writeActivity();
        assertThat(statistics().getEvaluatedEvents() - before).isEqualTo(3);
        Backtest tried =
                server.stub()
                        .verifyRule(
                                VerifyRuleRequest.newBuilder()
                                        .setText(OKTA_RULE.formatted(STEADY))
                                        .build())
                        .getBacktest();
        assertThat(tried.getLogsourceEvents()).isEqualTo(3);
        assertThat(tried.getMatches()).isEqualTo(2);
    }

    @Test
    void aFilterFollowsTheRuleOfAnImportedPack() throws Exception {
        read(first);
        Rule alone = create(filter(), DeploymentState.DEPLOYMENT_STATE_ALERTING);
        assertThat(alone.getState()).isEqualTo(RuleState.RULE_STATE_CANNOT_FIRE);
        assertThat(alone.getDiagnosticsList())
                .extracting(RuleDiagnostic::getMessage)
                .containsExactly("there is no rule with the id or name '" + ID + "'");
        create(rule(STEADY, "straw"), DeploymentState.DEPLOYMENT_STATE_ALERTING);
        send(alertingPack(), zip(Map.of("needle.yml", rule(ID, "needle"))));
        assertThat(get(alone.getName()).getState()).isEqualTo(RuleState.RULE_STATE_ACTIVE);
        awaitInForce(first, "needle");
        awaitInForce(second, "needle");
        ingest.append(HOST, List.of(exec(7, "needle trusted"), exec(8, "needle")));
        Await.until(LiveRulesFixture::matchesOfAlerts, count -> count >= 1);
        ingest.append(HOST, List.of(exec(9, "straw")));
        Await.until(LiveRulesFixture::matchesOfAlerts, count -> count >= 2);
        assertThat(matchesOfAlerts()).isEqualTo(2);

        server.stub()
                .deleteRulePack(
                        DeleteRulePackRequest.newBuilder()
                                .setName("rulePacks/sigma")
                                .setRequestId(newId())
                                .build());
        Rule left = get(alone.getName());
        assertThat(left.getState()).isEqualTo(RuleState.RULE_STATE_CANNOT_FIRE);
        assertThat(left.getDiagnostics(0).getMessage()).contains("no rule with the id or name");
        assertThat(get("rules/custom/" + STEADY).getState()).isEqualTo(RuleState.RULE_STATE_ACTIVE);
        Await.until(() -> matches(second, exec(1, "needle")), List::isEmpty);
        awaitInForce(second, "straw");
    }

    @Test
    void aTextIsReadAsIfItWereInItsPack() throws Exception {
        create(rule(ID, "needle"), DeploymentState.DEPLOYMENT_STATE_ALERTING);
        ImportRulePackResponse report =
                send(
                        alertingPack().toBuilder().setValidateOnly(true).build(),
                        zip(Map.of("filter.yml", filter(), "far.yml", correlation("nowhere"))));
        assertThat(report.getPack().getActiveCount()).isEqualTo(1);
        assertThat(report.getRulesList())
                .singleElement()
                .satisfies(rule -> {
                    assertThat(rule.getState()).isEqualTo(RuleState.RULE_STATE_CANNOT_FIRE);
                    assertThat(rule.getDiagnostics(0).getMessage())
                            .startsWith("there is no rule with the id or name 'nowhere'");
                });
        VerifyRuleResponse inShadow =
                server.stub().verifyRule(VerifyRuleRequest.newBuilder().setText(filter()).build());
        assertThat(inShadow.getState()).isEqualTo(RuleState.RULE_STATE_ACTIVE);
        assertThat(inShadow.hasBacktest()).isFalse();
        assertThat(inShadow.getDiagnostics(0).getMessage())
                .startsWith("this filter is in shadow and the rule '" + ID + "' alerts");
        create(filter(), DeploymentState.DEPLOYMENT_STATE_ALERTING);
        ingest.append(HOST, List.of(exec(7, "needle trusted"), exec(8, "needle")));
        assertThat(
                        server.stub()
                                .verifyRule(
                                        VerifyRuleRequest.newBuilder()
                                                .setName(NAME)
                                                .setText(rule(ID, "needle").replace("high", "low"))
                                                .build())
                                .getBacktest()
                                .getMatches())
                .isEqualTo(1);
    }

    private static ImportRulePackHeader alertingPack() {
        return ImportRulePackHeader.newBuilder()
                .setPack("sigma")
                .setRequestId(newId())
                .setDefaultState(DeploymentState.DEPLOYMENT_STATE_ALERTING)
                .build();
    }

    private static Instant end() {
        return NOW.plus(Duration.ofHours(1));
    }

    private static Event session(String actor) {
        return Event.newBuilder()
                .setTimeNs(TestEvents.START_NS)
                .setSource("okta")
                .putUnmapped("eventType", "user.session.start")
                .putUnmapped("actor.id", actor)
                .build();
    }

    private static String filter() {
        return """
        title: Trusted
        id: %s
        logsource: {product: linux, category: process_creation}
        filter:
            rules: [%s]
            selection: {CommandLine|contains: trusted}
            condition: not selection
        """
                .formatted(FILTER, ID);
    }

    private static String correlation(String rule) {
        return """
        title: Many
        id: %s
        correlation:
            type: event_count
            rules: [%s]
            group-by: [User]
            timespan: 10s
            condition: {gte: 3}
        """
                .formatted(CORRELATION, rule);
    }
}
