package dev.yagura.detection.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.detection.Await;
import dev.yagura.proto.detection.v1.Backtest;
import dev.yagura.proto.detection.v1.DeploymentState;
import dev.yagura.proto.detection.v1.RuleException;
import dev.yagura.proto.detection.v1.RuleState;
import dev.yagura.proto.detection.v1.VerifyRuleRequest;
import dev.yagura.proto.detection.v1.VerifyRuleResponse;
import dev.yagura.proto.ingest.v1.Position;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules are tried on the kept log, excepted and counted. */
class LiveRuleTrialsTest extends LiveRulesFixture {
    @Test
    void anExceptionCoversMatchesUntilItEnds() {
        read(first);
        create(rule(ID, "needle"), DeploymentState.DEPLOYMENT_STATE_ALERTING);
        RuleException exception =
                except("CommandLine|contains: trusted", NOW.plus(Duration.ofHours(1)));
        awaitExcepted("needle trusted");
        ingest.append(HOST, List.of(exec(7, "needle trusted"), exec(8, "needle")));
        assertThat(Await.until(LiveRulesFixture::alerts, all -> !all.isEmpty())).hasSize(1);
        assertThat(statistics().getExceptedMatches()).isEqualTo(1);
        assertThat(exceptions())
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.getName()).isEqualTo(exception.getName());
                    assertThat(one.getMatchCount()).isEqualTo(1);
                    assertThat(one.getExpired()).isFalse();
                    assertThat(one.getCreator()).isEqualTo("token-1");
                });
        clock.advance(Duration.ofHours(1));
        ingest.append(HOST, List.of(exec(9, "needle trusted")));
        assertThat(Await.until(LiveRulesFixture::alerts, all -> all.size() > 1)).hasSize(2);
        assertThat(exceptions()).extracting(RuleException::getExpired).containsExactly(true);
        assertThat(statistics().getExceptedMatches()).isEqualTo(1);
    }

    @Test
    void aRuleIsTriedOnWhatTheLogKeeps() {
        ingest.append(HOST, List.of(exec(7, "needle"), exec(7, "needle"), exec(8, "straw")));
        ingest.append(OTHER, List.of(exec(7, "needle"), network()));
        VerifyRuleRequest request =
                VerifyRuleRequest.newBuilder().setText(rule(ID, "needle")).build();
        Map<Integer, Position> floors = Map.copyOf(ingest.floors());
        VerifyRuleResponse all = server.stub().verifyRule(request);
        assertThat(all.getState()).isEqualTo(RuleState.RULE_STATE_ACTIVE);
        Backtest test = all.getBacktest();
        assertThat(test.getBatches()).isEqualTo(2);
        assertThat(test.getKeptBatches()).isEqualTo(2);
        assertThat(test.getIncompleteReason()).isEmpty();
        assertThat(test.getEvents()).isEqualTo(5);
        assertThat(test.getLogsourceEvents()).isEqualTo(4);
        assertThat(test.getMatches()).isEqualTo(3);
        assertThat(test.getSamplesList())
                .allMatch(match -> match.getMatchedFields(0).getValue().contains("needle"));
        assertThat(test.getAlerts()).isEqualTo(2);
        assertThat(test.getAlertsPerDay()).isEqualTo(48.0);
        assertThat(test.getCostNs()).isPositive();
        assertThat(ingest.floors()).isEqualTo(floors);
        server.callAs(Set.of("999999999999"));
        assertThat(server.stub().verifyRule(request).getBacktest().getEvents()).isZero();
    }

    @Test
    void aTryCountsWhatExceptionsCoverAndSaysWhatItLeftOut() {
        create(rule(ID, "needle"), DeploymentState.DEPLOYMENT_STATE_SHADOW);
        except("CommandLine|contains: trusted", NOW.plus(Duration.ofHours(1)));
        for (int i = 0; i < 20; i++) {
            ingest.append(HOST, List.of(exec(i, "needle trusted")));
        }
        VerifyRuleRequest request = VerifyRuleRequest.newBuilder().setName(NAME).build();
        Backtest test = server.stub().verifyRule(request).getBacktest();
        assertThat(test.getExceptedMatches()).isEqualTo(20);
        assertThat(test.getMatches()).isZero();
        assertThat(test.getSamples(0).getException()).startsWith(NAME + "/exceptions/");
        Backtest less =
                server.stub()
                        .verifyRule(request.toBuilder().setMaxBytes(300).build())
                        .getBacktest();
        assertThat(less.getBatches()).isLessThan(20);
        assertThat(less.getKeptBatches()).isEqualTo(20);
        assertThat(less.getIncompleteReason()).contains("bytes");
        VerifyRuleResponse broken =
                server.stub()
                        .verifyRule(
                                VerifyRuleRequest.newBuilder()
                                        .setText("title: x\nid: y\n")
                                        .build());
        assertThat(broken.getState()).isEqualTo(RuleState.RULE_STATE_INVALID);
        assertThat(broken.getDiagnosticsList()).isNotEmpty();
        assertThat(broken.hasBacktest()).isFalse();
    }

    @Test
    void evaluatedEventsAndCostAreCounted() {
        read(first);
        create(rule(ID, "needle"), DeploymentState.DEPLOYMENT_STATE_SHADOW);
        awaitInForce(first, "needle");
        first.writeActivity();
        long before = statistics().getEvaluatedEvents();
        for (int i = 0; i < 10; i++) {
            ingest.append(HOST, List.of(exec(i, "straw"), network(), exec(i, "needle")));
        }
        Await.until(this::statistics, one -> one.getShadowMatches() == 10);
        first.writeActivity();
        assertThat(statistics().getEvaluatedEvents() - before).isEqualTo(20);
        assertThat(statistics().getCostNs()).isPositive();
    }
}
