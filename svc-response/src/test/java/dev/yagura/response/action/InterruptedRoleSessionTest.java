package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.response.TestService;
import dev.yagura.sandbox.control.CredentialsView;
import dev.yagura.testkit.PostgresFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** contain_role_session with runners that die, answers that are lost, calls that are throttled. */
class InterruptedRoleSessionTest {
    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("response");

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

    @TempDir static Path folder;
    private static TestService service;
    private static ActionStore store;
    private static ActionCatalog catalog;
    private static DyingRunners runners;

    @BeforeAll
    static void startService() throws Exception {
        IdleService idle =
                IdleService.start(
                        POSTGRES,
                        folder,
                        Map.of(
                                "yagura.response.action.attempts",
                                "20",
                                // Over at once: the sandbox's agents report by a clock of their
                                // own.
                                "yagura.response.credentials.ssm-wait",
                                "PT0.001S"));
        service = idle.service();
        store = idle.store();
        runners =
                new DyingRunners(
                        store,
                        idle.procedures(),
                        idle.config(),
                        POSTGRES,
                        () -> service.sandbox().advance(Duration.ofSeconds(1)));
        catalog = idle.catalog();
    }

    @AfterAll
    static void stopService() {
        service.close();
    }

    @BeforeEach
    void backToTheSeed() {
        POSTGRES.execute("DELETE FROM action");
        service.sandbox().reset();
        service.sandbox().freezeClock();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void survivesAKillAtEveryStep(boolean afterTheWrite) {
        boolean killed = true;
        for (int step = 1; killed; step++) {
            backToTheSeed();
            UUID id = create();

            killed = runners.killAt(step, afterTheWrite);
            runners.runToTheEnd();
            assertContained(id);

            undo(id);
            killed |= runners.killAt(step, afterTheWrite);
            runners.runToTheEnd();
            assertRestored(id);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void survivesLostRepliesThrottlesAndKills(long seed) {
        Random random = new Random(seed);
        UUID id = create();

        WRITES.forEach(service.sandbox()::loseReply);
        spoil(random);
        runners.killAt(1 + random.nextInt(12), random.nextBoolean());
        runners.runToTheEnd();
        assertContained(id);

        undo(id);
        WRITES.forEach(service.sandbox()::loseReply);
        spoil(random);
        runners.killAt(1 + random.nextInt(8), random.nextBoolean());
        runners.runToTheEnd();
        assertRestored(id);
    }

    @Test
    void deniesWhatTheInstanceGotUntilItsNewProfileWasThere() {
        UUID id = create();
        for (int step = 1; policies().isEmpty(); step++) {
            backToTheSeed();
            id = create();
            runners.killAt(step, true);
        }
        // Time stands still in EC2: the former profile is the one that is served.
        CredentialsView late = service.sandbox().takeCredentials("app-1");
        Instant end = Instant.now().plus(Duration.ofSeconds(30));
        while (!service.isAllowed(late)) {
            assertThat(Instant.now()).as("a session later than the first limit").isBefore(end);
            late = service.sandbox().takeCredentials("app-1");
        }

        runners.runToTheEnd();

        assertContained(id);
        assertThat(service.isAllowed(late)).isFalse();
        undo(id);
        runners.runToTheEnd();
        assertRestored(id);
    }

    @Test
    void saysWhenSystemsManagerHasNotAnswered() {
        UUID id = create();
        runners.runToTheEnd();
        assertThat(action(id).getVerificationsList().getLast().getDetail())
                .contains("has not heard it since its profile was replaced");
    }

    @Test
    void endsClearlyWhenTheInstanceIsTerminatedMeanwhile() {
        UUID id = create();
        runners.runToTheEnd();
        service.sandbox().terminate("app-1");
        service.sandbox().advance(Duration.ofSeconds(10));

        undo(id);
        runners.runToTheEnd();

        assertThat(action(id).getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(action(id).getDriftList()).singleElement().asString().contains("is terminated");
        assertThat(policies()).isEmpty();
    }

    private static UUID create() {
        Action created =
                catalog.create(
                        new ActionCatalog.Order(
                                ActionKind.ACTION_KIND_CONTAIN_ROLE_SESSION,
                                TestService.target(TestService.APP),
                                "role used elsewhere",
                                ""),
                        UUID.randomUUID(),
                        Principal.service("token-1"));
        return ResourceName.parse("actions", created.getName());
    }

    private static void undo(UUID id) {
        catalog.undo(id, "clean", Principal.service("gateway"));
    }

    private static void spoil(Random random) {
        service.sandbox().loseReply(READS.get(random.nextInt(READS.size())));
        service.sandbox().throttle(READS.get(random.nextInt(READS.size())), 1 + random.nextInt(5));
        service.sandbox()
                .throttle(WRITES.get(random.nextInt(WRITES.size())), 1 + random.nextInt(5));
    }

    private static void assertContained(UUID id) {
        Action action = action(id);
        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(service.profile(TestService.APP)).isEqualTo("yagura-quarantine");
        assertThat(policies()).containsExactly("yagura-contain-" + id);
        assertThat(action.getCallsList()).allMatch(call -> call.hasEndTime());
        assertThat(replaced()).isOne();
    }

    private static void assertRestored(UUID id) {
        Action action = action(id);
        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(action.getDriftList()).isEmpty();
        assertThat(service.profile(TestService.APP)).isEqualTo(ROLE);
        assertThat(policies()).isEmpty();
        assertThat(replaced()).isEqualTo(2);
    }

    /** However often it was asked for. */
    private static long replaced() {
        return service.sandbox().journal(0).stream()
                .filter(entry -> entry.operation().equals(REPLACE))
                .filter(entry -> entry.result().equals("ok"))
                .count();
    }

    private static List<String> policies() {
        return service.iam().listRolePolicies(request -> request.roleName(ROLE)).policyNames();
    }

    private static Action action(UUID id) {
        return store.find(id).orElseThrow();
    }
}
