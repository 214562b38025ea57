package dev.yagura.inventory.posture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.inventory.v1.PosturePolicy;
import dev.yagura.proto.inventory.v1.PostureVerdict;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostureDecisionTest {
    private static final PosturePolicy POLICY =
            PolicySource.read(
                            """
                            name: p
                            rules:
                              - check: disks-encrypted
                                on_unknown: unknown
                              - check: agent-healthy
                                on_unknown: deny
                              - check: imdsv2-required
                                on_fail: allow
                                on_unknown: allow
                              - check: os-supported
                                tags: {Environment: production}
                            """)
                    .policy();
    private static final CheckResult PASS = CheckResult.pass("fine", Instant.EPOCH);
    private static final CheckResult FAIL = CheckResult.fail("bad", "mend it", Instant.EPOCH);
    private static final CheckResult UNKNOWN = CheckResult.unknown("who knows", "look", null);

    @Test
    void allowsWhatPassesAndWhatNoRuleAsksFor() {
        PostureDecision decision =
                decide(
                        Map.of(),
                        Map.of(
                                "agent-healthy",
                                PASS,
                                "disks-encrypted",
                                PASS,
                                "not-exposed-to-internet",
                                FAIL));
        assertThat(decision.verdict()).isEqualTo(PostureVerdict.POSTURE_VERDICT_ALLOW);
        assertThat(decision.reasons()).isEmpty();
    }

    @Test
    void unknownIsWhatTheRuleSaysAndDenialComesFirst() {
        assertThat(decide(Map.of(), Map.of("disks-encrypted", UNKNOWN)).verdict())
                .isEqualTo(PostureVerdict.POSTURE_VERDICT_UNKNOWN);
        PostureDecision both =
                decide(Map.of(), Map.of("disks-encrypted", UNKNOWN, "agent-healthy", UNKNOWN));
        assertThat(both.verdict()).isEqualTo(PostureVerdict.POSTURE_VERDICT_DENY);
        assertThat(both.reasons())
                .containsExactly("agent-healthy: who knows", "disks-encrypted: who knows");
        assertThat(decide(Map.of(), Map.of("imdsv2-required", FAIL)).verdict())
                .isEqualTo(PostureVerdict.POSTURE_VERDICT_ALLOW);
    }

    @Test
    void ruleWithTagsIsForThoseThatHaveThem() {
        Map<String, CheckResult> old = Map.of("os-supported", FAIL);
        assertThat(decide(Map.of("Environment", "test"), old).verdict())
                .isEqualTo(PostureVerdict.POSTURE_VERDICT_ALLOW);
        assertThat(decide(Map.of("Environment", "production", "Owner", "shop"), old).verdict())
                .isEqualTo(PostureVerdict.POSTURE_VERDICT_DENY);
    }

    private static PostureDecision decide(
            Map<String, String> tags, Map<String, CheckResult> results) {
        return PostureDecision.of(POLICY, tags, results);
    }
}
