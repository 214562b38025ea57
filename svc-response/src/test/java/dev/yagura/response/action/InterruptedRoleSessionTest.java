package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.response.TestService;
import dev.yagura.sandbox.control.CredentialsView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** contain_role_session with runners that die, answers that are lost, calls that are throttled. */
class InterruptedRoleSessionTest {
    @RegisterExtension
    static final IdleService IDLE =
            IdleService.with(
                    // Over at once: the sandbox's agents report by a clock of their own.
                    Map.of("yagura.response.credentials.ssm-wait", "PT0.001S"),
                    Duration.ofSeconds(1));

    private static final TestService SERVICE = IDLE.service();

    private static final String ROLE = "app-instance";
    private static final String REPLACE = "ec2:ReplaceIamInstanceProfileAssociation";
    private static final List<String> READS =
            List.of(
                    "ec2:DescribeInstances",
                    "ec2:DescribeIamInstanceProfileAssociations",
                    "iam:GetInstanceProfile",
                    "iam:GetRolePolicy",
                    "iam:ListRolePolicies");
    private static final List<String> WRITES =
            List.of(REPLACE, "iam:PutRolePolicy", "iam:DeleteRolePolicy");

    @Test
    void survivesAKillAtEveryStep() throws Exception {
        IDLE.dieAtEveryStep(
                InterruptedRoleSessionTest::create,
                InterruptedRoleSessionTest::assertContained,
                InterruptedRoleSessionTest::assertRestored);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void survivesLostRepliesThrottlesAndKills(long seed) {
        Random random = new Random(seed);
        UUID id = create();

        WRITES.forEach(SERVICE.sandbox()::loseReply);
        spoil(random);
        IDLE.runners().killAt(1 + random.nextInt(12), random.nextBoolean());
        IDLE.runners().runToTheEnd();
        assertContained(id);

        IDLE.undo(id);
        WRITES.forEach(SERVICE.sandbox()::loseReply);
        spoil(random);
        IDLE.runners().killAt(1 + random.nextInt(8), random.nextBoolean());
        IDLE.runners().runToTheEnd();
        assertRestored(id);
    }

    @Test
    void deniesWhatTheInstanceGotUntilItsNewProfileWasThere() {
        UUID id = create();
        for (int step = 1; policies().isEmpty(); step++) {
            IDLE.backToTheSeed();
            id = create();
            IDLE.runners().killAt(step, true);
        }
        // Time stands still in EC2: the former profile is the one that is served.
        CredentialsView late = SERVICE.sandbox().takeCredentials("app-1");
        Instant end = Instant.now().plus(Duration.ofSeconds(30));
        while (!SERVICE.isAllowed(late)) {
            assertThat(Instant.now()).as("a session later than the first limit").isBefore(end);
            late = SERVICE.sandbox().takeCredentials("app-1");
        }

        IDLE.runners().runToTheEnd();

        assertContained(id);
        assertThat(SERVICE.isAllowed(late)).isFalse();
        IDLE.undo(id);
        IDLE.runners().runToTheEnd();
        assertRestored(id);
    }

    @Test
    void saysWhenSystemsManagerHasNotAnswered() {
        UUID id = create();
        IDLE.runners().runToTheEnd();
        assertThat(IDLE.action(id).getVerificationsList().getLast().getDetail())
                .contains("has not heard it since its profile was replaced");
    }

    @Test
    void endsClearlyWhenTheInstanceIsTerminatedMeanwhile() {
        UUID id = create();
        IDLE.runners().runToTheEnd();
        SERVICE.sandbox().terminate("app-1");
        SERVICE.sandbox().advance(Duration.ofSeconds(10));

        IDLE.undo(id);
        IDLE.runners().runToTheEnd();

        assertThat(IDLE.action(id).getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(IDLE.action(id).getDriftList())
                .singleElement()
                .asString()
                .contains("is terminated");
        assertThat(policies()).isEmpty();
    }

    private static UUID create() {
        return IDLE.create(ActionKind.ACTION_KIND_CONTAIN_ROLE_SESSION, TestService.APP);
    }

    private static void spoil(Random random) {
        SERVICE.sandbox().loseReply(READS.get(random.nextInt(READS.size())));
        SERVICE.sandbox().throttle(READS.get(random.nextInt(READS.size())), 1 + random.nextInt(5));
        SERVICE.sandbox()
                .throttle(WRITES.get(random.nextInt(WRITES.size())), 1 + random.nextInt(5));
    }

    private static void assertContained(UUID id) {
        IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(SERVICE.profile(TestService.APP)).isEqualTo("yagura-quarantine");
        assertThat(policies()).containsExactly("yagura-contain-" + id);
        assertThat(SERVICE.done(REPLACE)).isOne();
    }

    private static void assertRestored(UUID id) {
        Action action = IDLE.ended(id, ActionState.ACTION_STATE_UNDONE);
        assertThat(action.getDriftList()).isEmpty();
        assertThat(SERVICE.profile(TestService.APP)).isEqualTo(ROLE);
        assertThat(policies()).isEmpty();
        assertThat(SERVICE.done(REPLACE)).isEqualTo(2);
    }

    private static List<String> policies() {
        return SERVICE.iam().listRolePolicies(request -> request.roleName(ROLE)).policyNames();
    }
}
