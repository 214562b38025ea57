package dev.yagura.detection.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.error.AlreadyExistsException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.persistence.Transactions;
import dev.yagura.testkit.PostgresFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqlRuleStoreTest {
    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("detection");

    private static final Instant NOW = Instant.parse("2026-11-24T04:20:00Z");
    private static final String RULE = "rules/custom/r-1";
    private static final String OTHER = "rules/custom/r-2";

    private final RuleStore store = new SqlRuleStore(POSTGRES.transactions());

    @BeforeAll
    static void migrate() {
        POSTGRES.migrate();
    }

    @BeforeEach
    void forget() {
        POSTGRES.execute(
                "TRUNCATE custom_rule, rule_pack, rule_deployment, rule_exception, rule_request,"
                        + " rule_statistics, rule_hour");
    }

    @Test
    void whatWasPutIsRead() {
        CustomRule rule = rule("r-1", 1);
        Deployment deployment = new Deployment(DeploymentState.SHADOW, "quiet", 3, NOW, "token-1");
        ImportedPack pack = new ImportedPack("sigma", "ab12", DeploymentState.SHADOW, NOW, "t-2");
        StoredException exception = exception(RULE, Optional.of(NOW.plusSeconds(60)));
        store.change(
                request("first"),
                edits -> {
                    edits.put(rule);
                    edits.put(RULE, deployment);
                    edits.put(pack, new byte[] {1, 2, 3});
                    edits.insert(exception);
                    return RULE;
                });
        StoredRules read = store.read();
        assertThat(read.customRules()).containsExactly(rule);
        assertThat(read.deployments()).isEqualTo(Map.of(RULE, deployment));
        assertThat(read.packs()).containsExactly(pack);
        assertThat(read.exceptions()).containsExactly(exception);
        assertThat(store.exceptions(RULE)).containsExactly(exception);
        assertThat(store.exceptions(OTHER)).isEmpty();
        assertThat(store.archive("sigma")).contains(new byte[] {1, 2, 3});
        assertThat(store.archive("none")).isEmpty();
    }

    @Test
    void eachChangeIsANewGeneration() {
        long before = store.generation();
        store.change(request("one"), edits -> put(edits, "r-1"));
        assertThat(store.generation()).isEqualTo(before + 1);
        assertThat(store.read().generation()).isEqualTo(before + 1);
    }

    @Test
    void aRepeatedRequestIsAnsweredWithoutAChange() {
        RuleStore.Request request = request("one");
        assertThat(store.change(request, edits -> put(edits, "r-1"))).isEqualTo(RULE);
        long after = store.generation();
        assertThat(
                        store.change(
                                request,
                                edits -> {
                                    throw new AssertionError("ran twice");
                                }))
                .isEqualTo(RULE);
        assertThat(store.generation()).isEqualTo(after);
        RuleStore.Request other = new RuleStore.Request(request.requestId(), "something else", NOW);
        assertThatThrownBy(() -> store.change(other, edits -> put(edits, "r-2")))
                .isInstanceOf(AlreadyExistsException.class);
    }

    @Test
    void aChangeThatThrowsDoesNothing() {
        long before = store.generation();
        RuleStore.Request request = request("one");
        assertThatThrownBy(() ->
                        store.change(
                                request,
                                edits -> {
                                    put(edits, "r-1");
                                    throw new NotFoundException("rule", RULE);
                                }))
                .isInstanceOf(NotFoundException.class);
        assertThat(store.read().customRules()).isEmpty();
        assertThat(store.generation()).isEqualTo(before);
        assertThat(store.change(request, edits -> put(edits, "r-1"))).isEqualTo(RULE);
    }

    @Test
    void aDeletedRuleLeavesNothingAndItsNeighbourEverything() {
        store.change(
                request("one"),
                edits -> {
                    for (String id : List.of("r-1", "r-2")) {
                        String name = put(edits, id);
                        edits.put(name, Deployment.ofPack(DeploymentState.SHADOW));
                        edits.insert(exception(name, Optional.empty()));
                    }
                    return RULE;
                });
        count(RULE, new MatchOutcome.Alerting(), 1, NOW);
        count(OTHER, new MatchOutcome.Alerting(), 1, NOW);
        store.change(
                request("two"),
                edits -> {
                    edits.deleteCustomRule("r-1");
                    return RULE;
                });
        StoredRules read = store.read();
        assertThat(read.customRules()).extracting(CustomRule::id).containsExactly("r-2");
        assertThat(read.deployments()).containsOnlyKeys(OTHER);
        assertThat(read.exceptions()).extracting(StoredException::ruleName).containsExactly(OTHER);
        assertThat(store.statistics(List.of(RULE, OTHER), NOW)).containsOnlyKeys(OTHER);
    }

    @Test
    void aDeletedPackTakesWhatBelongsToItsRulesOnly() {
        store.change(
                request("one"),
                edits -> {
                    edits.put(
                            new ImportedPack("s_gma", "ab", DeploymentState.SHADOW, NOW, "t"),
                            new byte[1]);
                    edits.put("rules/s_gma/a", Deployment.ofPack(DeploymentState.DISABLED));
                    edits.put("rules/sigma/a", Deployment.ofPack(DeploymentState.DISABLED));
                    return "rulePacks/s_gma";
                });
        store.change(
                request("two"),
                edits -> {
                    edits.deletePack("s_gma");
                    return "rulePacks/s_gma";
                });
        assertThat(store.read().packs()).isEmpty();
        assertThat(store.read().deployments()).containsOnlyKeys("rules/sigma/a");
    }

    @Test
    void countsOfReplicasAreSummed() {
        StoredException exception = exception(RULE, Optional.empty());
        store.change(
                request("one"),
                edits -> {
                    edits.insert(exception);
                    return RULE;
                });
        Instant yesterday = NOW.minus(Duration.ofHours(26));
        count(RULE, new MatchOutcome.Alerting(), 4, yesterday);
        count(RULE, new MatchOutcome.Alerting(), 2, NOW);
        count(RULE, new MatchOutcome.Shadow(), 0, NOW.minusSeconds(5));
        count(RULE, new MatchOutcome.Excepted(exception.id()), 0, NOW.minusSeconds(9));
        POSTGRES.transactions()
                .run(transaction ->
                        SqlRuleCounts.addEvaluated(
                                transaction.connection(),
                                Map.of(RULE, 1_000L, OTHER, 5L),
                                Map.of(RULE, 80),
                                NOW));
        POSTGRES.transactions()
                .run(transaction ->
                        SqlRuleCounts.addEvaluated(
                                transaction.connection(), Map.of(RULE, 1L), Map.of(), NOW));
        assertThat(store.statistics(List.of(RULE), NOW))
                .isEqualTo(
                        Map.of(
                                RULE,
                                new RuleTotals(1_001, 2, 6, 1, 1, 2, 1, Optional.of(NOW), 80)));
        assertThat(store.exceptions(RULE))
                .extracting(StoredException::matchCount)
                .containsExactly(1L);
    }

    @Test
    void changesAtTheSameTimeComeOneAfterTheOther() throws Exception {
        store.change(request("one"), edits -> put(edits, "r-1"));
        long before = store.generation();
        List<Callable<String>> changes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            RuleStore.Request request = request("change " + i);
            changes.add(() ->
                    store.change(
                            request,
                            edits -> {
                                long version = edits.customRule("r-1").orElseThrow().version();
                                edits.put(rule("r-1", version + 1));
                                return RULE;
                            }));
        }
        try (ExecutorService replicas = Executors.newFixedThreadPool(4)) {
            for (Future<String> done : replicas.invokeAll(changes)) {
                assertThat(done.get()).isEqualTo(RULE);
            }
        }
        assertThat(store.read().customRules()).containsExactly(rule("r-1", 21));
        assertThat(store.generation()).isEqualTo(before + 20);
    }

    private static void count(String rule, MatchOutcome outcome, int alerts, Instant time) {
        RuleCounts counts = new RuleCounts();
        counts.add(rule, outcome);
        if (outcome instanceof MatchOutcome.Shadow) {
            counts.addShadowAlert(rule);
        }
        Transactions transactions = POSTGRES.transactions();
        transactions.run(transaction ->
                SqlRuleCounts.add(transaction.connection(), counts, Map.of(rule, alerts), time));
    }

    private static String put(RuleEdits edits, String id) {
        edits.put(rule(id, 1));
        return CustomPack.ruleName(id);
    }

    private static CustomRule rule(String id, long version) {
        return new CustomRule(id, "title: x", version, NOW, NOW, "token-1");
    }

    private static StoredException exception(String rule, Optional<Instant> end) {
        return new StoredException(
                UUID.randomUUID(),
                rule,
                "User: ansible",
                "configuration management",
                "token-1",
                NOW,
                end,
                0,
                Optional.empty());
    }

    private static RuleStore.Request request(String fingerprint) {
        return new RuleStore.Request(UUID.randomUUID(), fingerprint, NOW);
    }
}
