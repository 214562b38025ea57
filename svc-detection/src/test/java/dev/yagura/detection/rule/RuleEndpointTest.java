package dev.yagura.detection.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.detection.v1.GetRuleRequest;
import dev.yagura.proto.detection.v1.ListRulesRequest;
import dev.yagura.proto.detection.v1.ListRulesResponse;
import dev.yagura.proto.detection.v1.Rule;
import dev.yagura.proto.detection.v1.RuleState;
import dev.yagura.proto.detection.v1.Severity;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class RuleEndpointTest {
    private final RuleEndpoint endpoint =
            RuleSets.endpoint(
                    RuleSets.load(),
                    RuleSets.STANDARD,
                    new RuleSets.GivenRules(),
                    (limits, visitor) -> new KeptEvents.Extent(0, 0, ""),
                    Clock.systemUTC());

    @Test
    void pagesThroughAllRulesInOrder() {
        List<Rule> all = list(ListRulesRequest.newBuilder().setPageSize(1000)).getRulesList();
        List<Rule> paged = new ArrayList<>();
        String token = "";
        do {
            ListRulesResponse page =
                    list(ListRulesRequest.newBuilder().setPageSize(7).setPageToken(token));
            assertThat(page.getRulesCount()).isBetween(1, 7);
            assertThat(page.getRuleSetVersion()).isEqualTo(1);
            paged.addAll(page.getRulesList());
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        assertThat(paged).isEqualTo(all).hasSizeGreaterThan(30);
        assertThat(paged).extracting(Rule::getName).isSorted();
        assertThat(paged).extracting(Rule::getText).containsOnly("");
    }

    @Test
    void filtersByStateAndPack() {
        assertThat(list(ListRulesRequest.newBuilder().setState(RuleState.RULE_STATE_INVALID)))
                .extracting(ListRulesResponse::getRulesCount)
                .isEqualTo(0);
        assertThat(list(ListRulesRequest.newBuilder().setPack("other")).getRulesList()).isEmpty();
        assertThat(list(ListRulesRequest.newBuilder().setPack("yagura")).getRulesList())
                .isNotEmpty();
    }

    @Test
    void aTokenOfAnotherFilterIsRefused() {
        String token = list(ListRulesRequest.newBuilder().setPageSize(1)).getNextPageToken();
        assertThatThrownBy(() ->
                        list(ListRulesRequest.newBuilder().setPack("yagura").setPageToken(token)))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("page_token");
    }

    @Test
    void getsARuleWithItsText() {
        Rule listed =
                list(ListRulesRequest.newBuilder().setPageSize(1000)).getRulesList().stream()
                        .filter(rule -> rule.getSeverity() == Severity.SEVERITY_CRITICAL)
                        .findFirst()
                        .orElseThrow();
        Rule rule = get(listed.getName());
        assertThat(rule.getText()).contains("id: " + rule.getId()).contains("level: critical");
        assertThat(rule.toBuilder().clearText().build()).isEqualTo(listed);
        assertThat(rule.getPack()).isEqualTo("yagura");
        assertThat(rule.getState()).isEqualTo(RuleState.RULE_STATE_ACTIVE);
        assertThat(rule.getLogsource()).isEqualTo("linux/process_creation/*");
        assertThat(rule.getContentHash()).hasSize(64);
        assertThat(rule.getTechniquesList()).isNotEmpty();
    }

    @Test
    void refusesOtherNames() {
        assertThatThrownBy(() -> get("alerts/1")).isInstanceOf(InvalidFieldException.class);
        assertThatThrownBy(() -> get("rules/yagura/none")).isInstanceOf(NotFoundException.class);
    }

    private ListRulesResponse list(ListRulesRequest.Builder request) {
        return call(request.build(), endpoint::listRules);
    }

    private Rule get(String name) {
        return call(GetRuleRequest.newBuilder().setName(name).build(), endpoint::getRule);
    }

    private static <Q, A> A call(Q request, BiConsumer<Q, StreamObserver<A>> method) {
        List<A> answers = new ArrayList<>();
        method.accept(
                request,
                new StreamObserver<>() {
                    @Override
                    public void onNext(A answer) {
                        answers.add(answer);
                    }

                    @Override
                    public void onError(Throwable error) {
                        throw new AssertionError(error);
                    }

                    @Override
                    public void onCompleted() {
                        assertThat(answers).hasSize(1);
                    }
                });
        return answers.getFirst();
    }
}
