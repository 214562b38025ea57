package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionFilter;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.response.Standing;
import dev.yagura.response.TestService;
import dev.yagura.response.evidence.Replay;
import dev.yagura.testkit.PostgresFixture;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runners that die, answers that are lost, calls that are throttled: the action has its one effect,
 * and undo brings back what was, field by field.
 */
class InterruptedActionTest {
    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("response");

    private static final List<String> CALLS =
            List.of(
                    "ec2:DescribeInstances",
                    "ec2:DescribeNetworkInterfaces",
                    "ec2:DescribeSecurityGroups",
                    "ec2:CreateSecurityGroup",
                    "ec2:RevokeSecurityGroupEgress",
                    "ec2:AuthorizeSecurityGroupEgress",
                    "ec2:ModifyNetworkInterfaceAttribute",
                    "ec2:ModifyInstanceAttribute",
                    "ec2:DeleteSecurityGroup",
                    "autoscaling:EnterStandby",
                    "autoscaling:ExitStandby",
                    "elasticloadbalancing:DescribeTargetHealth",
                    "elasticloadbalancing:DeregisterTargets",
                    "elasticloadbalancing:RegisterTargets");

    private static final String GROUP = "web-asg";

    @TempDir static Path folder;
    private static TestService service;
    private static ActionStore store;
    private static Procedures procedures;
    private static ActionConfig config;
    private static RunnerLoop idleLoop;
    private static ActionCatalog catalog;
    private static DyingRunners runners;

    @BeforeAll
    static void startService() throws Exception {
        IdleService idle =
                IdleService.start(
                        POSTGRES, folder, Map.of("yagura.response.action.attempts", "20"));
        service = idle.service();
        store = idle.store();
        procedures = idle.procedures();
        config = idle.config();
        runners = new DyingRunners(store, procedures, config, POSTGRES, () -> {});
        idleLoop = idle.loop();
        catalog = idle.catalog();
    }

    @AfterAll
    static void stopService() {
        service.close();
    }

    @BeforeEach
    void backToTheSeed() {
        POSTGRES.execute("DELETE FROM action");
        POSTGRES.execute("DELETE FROM action_section");
        service.sandbox().reset();
        service.sandbox().freezeClock();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void survivesAKillAtEveryStep(boolean afterTheWrite) {
        boolean killed = true;
        for (int step = 1; killed; step++) {
            backToTheSeed();
            joinGroups();
            Before before = Before.of(TestService.APP);
            UUID id = create(TestService.APP);

            killed = runners.killAt(step, afterTheWrite);
            runners.runToTheEnd();
            assertIsolated(id);

            undo(id);
            killed |= runners.killAt(step, afterTheWrite);
            runners.runToTheEnd();
            assertRestored(id, before);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void survivesLostRepliesThrottlesAndKills(long seed) {
        Random random = new Random(seed);
        joinGroups();
        if (random.nextBoolean()) {
            service.sandbox().attachTargetGroups(GROUP, List.of("web"));
        }
        Before before = Before.of(TestService.APP);
        UUID id = create(TestService.APP);

        spoil(random);
        runners.killAt(1 + random.nextInt(24), random.nextBoolean());
        spoil(random);
        runners.killAt(1 + random.nextInt(24), random.nextBoolean());
        runners.runToTheEnd();
        assertIsolated(id);

        // Standby is complete only when the connections have drained.
        service.sandbox().advance(Duration.ofSeconds(300));
        undo(id);
        spoil(random);
        runners.killAt(1 + random.nextInt(16), random.nextBoolean());
        runners.runToTheEnd();
        assertRestored(id, before);
    }

    @Test
    void runnerThatLostItsLeaseDoesNothingMore() {
        Map<String, List<String>> before = service.groups(TestService.WEB);
        UUID id = create(TestService.WEB);
        ActionRunner runner = new ActionRunner(store, procedures, config, Clock.systemUTC());
        ActionStore.Lease old = runner.take().orElseThrow();
        runners.endLeases();
        ActionStore.Lease current = runner.take().orElseThrow();

        runner.run(old);

        assertThat(service.groups(TestService.WEB)).isEqualTo(before);
        assertThat(action(id).getState()).isEqualTo(ActionState.ACTION_STATE_APPROVED);
        runner.run(current);
        assertIsolated(id);
    }

    @Test
    void entersASectionAloneUntilItLeavesOrItsTimeIsOver() {
        create(TestService.WEB);
        create(TestService.APP);
        ActionStore.Lease one = store.claim(config.lease()).orElseThrow();
        ActionStore.Lease other = store.claim(config.lease()).orElseThrow();

        assertThat(store.enter(one, "vpc", config.lease())).isTrue();
        assertThat(store.enter(one, "vpc", config.lease())).isTrue();
        assertThat(store.enter(other, "vpc", config.lease())).isFalse();
        assertThat(store.enter(other, "another vpc", config.lease())).isTrue();
        store.leave(other, "vpc");
        assertThat(store.enter(other, "vpc", config.lease())).isFalse();
        store.leave(one, "vpc");
        assertThat(store.enter(other, "vpc", config.lease())).isTrue();

        POSTGRES.execute("UPDATE action_section SET held_until = now() - interval '1 second'");
        assertThat(store.enter(one, "vpc", config.lease())).isTrue();
        assertThat(store.enter(other, "vpc", config.lease())).isFalse();
    }

    @Test
    void failsWithACauseWhenItsTimeIsOver() {
        UUID id = create(TestService.WEB);
        POSTGRES.execute("UPDATE action SET due_at = now() - interval '1 second'");

        runners.runToTheEnd();

        assertThat(action(id).getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(action(id).getStateReason())
                .contains("not done within")
                .contains("nothing was changed");
        assertThat(store.holder(HoldSubject.of(action(id)))).isEmpty();
    }

    @Test
    void failureSaysWhatIsLeftAndCanBeUndone() {
        Before before = Before.of(TestService.APP);
        UUID id = create(TestService.APP);
        // Prepared, and not planned again: what comes next are the calls themselves.
        runners.killAt(1, true);
        service.sandbox()
                .planFault(
                        Map.of(
                                "operation", "ec2:ModifyNetworkInterfaceAttribute",
                                "kind", "error",
                                "code", "OperationNotPermitted",
                                "status", 400,
                                "message", "not this interface",
                                "skip", 1));

        runners.runToTheEnd();

        Action failed = action(id);
        assertThat(failed.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason())
                .contains("not this interface")
                .contains("is isolated")
                .contains("has its own groups");
        undo(id);
        runners.runToTheEnd();
        assertRestored(id, before);
    }

    @Test
    void undoThatFailedCanBeTriedAgain() {
        Before before = Before.of(TestService.APP);
        UUID id = create(TestService.APP);
        runners.runToTheEnd();
        service.sandbox().fail("ec2:ModifyNetworkInterfaceAttribute", "OperationNotPermitted", 400);
        undo(id);
        runners.runToTheEnd();
        assertThat(action(id).getState()).isEqualTo(ActionState.ACTION_STATE_UNDO_FAILED);
        assertThat(action(id).getStateReason()).contains("is isolated");

        undo(id);
        runners.runToTheEnd();

        assertRestored(id, before);
    }

    @Test
    void undoReportsAGroupThatWasDeletedMeanwhile() {
        String extra =
                service.operator()
                        .createSecurityGroup(request ->
                                request.groupName("extra")
                                        .description("Extra")
                                        .vpcId("vpc-0dfc69755784eaab6"))
                        .groupId();
        service.operator()
                .modifyNetworkInterfaceAttribute(request ->
                        request.networkInterfaceId("eni-03ea12bc061917508")
                                .groups("sg-02f1086a7759c4179", extra));
        UUID id = create(TestService.WEB);
        runners.runToTheEnd();
        service.operator().deleteSecurityGroup(request -> request.groupId(extra));

        undo(id);
        runners.runToTheEnd();

        assertThat(action(id).getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(action(id).getDriftList())
                .singleElement()
                .asString()
                .contains(extra, "does not exist any more");
        assertThat(service.groups(TestService.WEB).values())
                .containsExactly(List.of("sg-02f1086a7759c4179"));
    }

    @Test
    void proposalsExpire() {
        ActionCatalog.Order order = order(TestService.WEB);
        assertThat(catalog.propose(order, UUID.randomUUID(), Set.of()))
                .isEqualTo(ActionCatalog.Proposal.MADE);
        assertThat(catalog.propose(order, UUID.randomUUID(), Set.of()))
                .as("one that waits for the same instance is enough")
                .isEqualTo(ActionCatalog.Proposal.MADE_BEFORE);
        POSTGRES.execute("UPDATE action SET due_at = now() - interval '1 second'");

        idleLoop.expireProposals();

        assertThat(store.list(ActionFilter.getDefaultInstance(), Set.of(), null, 10))
                .singleElement()
                .satisfies(action -> {
                    assertThat(action.getState()).isEqualTo(ActionState.ACTION_STATE_EXPIRED);
                    assertThat(action.getStateReason()).contains("not approved within PT24H");
                });
    }

    private static UUID create(String instance) {
        Action created =
                catalog.create(order(instance), UUID.randomUUID(), Principal.service("token-1"));
        return ResourceName.parse("actions", created.getName());
    }

    private static ActionCatalog.Order order(String instance) {
        return new ActionCatalog.Order(
                ActionKind.ACTION_KIND_ISOLATE_INSTANCE,
                TestService.target(instance),
                "beacon",
                "",
                Set.of(Guards.MINIMUM_HEALTHY));
    }

    private static void undo(UUID id) {
        catalog.undo(id, "clean", Principal.service("gateway"));
    }

    private static void spoil(Random random) {
        service.sandbox().loseReply(CALLS.get(random.nextInt(CALLS.size())));
        service.sandbox().loseReply(CALLS.get(3 + random.nextInt(CALLS.size() - 3)));
        service.sandbox().throttle(CALLS.get(random.nextInt(CALLS.size())), 1 + random.nextInt(5));
    }

    private static Action action(UUID id) {
        return store.find(id).orElseThrow();
    }

    private static void assertIsolated(UUID id) {
        Action action = action(id);
        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        String group = Objects.requireNonNull(service.isolationGroup());
        assertThat(service.groups(action.getTarget().getInstanceId()).values())
                .allMatch(List.of(group)::equals);
        Standing standing = Standing.of(service, action.getTarget().getInstanceId());
        assertThat(standing.terminationProtection() && standing.stopProtection()).isTrue();
        assertThat(standing.targets()).isEmpty();
        assertThat(standing.lifecycle()).isIn("", "Standby", "EnteringStandby");
        assertThat(standing.desired()).isIn(0, 1);
        assertThat(action.getCallsList()).allMatch(call -> call.hasEndTime());
        assertThat(service.sandbox().journal(0))
                .allMatch(entry -> entry.widened().isEmpty())
                .filteredOn(entry -> entry.operation().equals("ec2:CreateSecurityGroup"))
                .filteredOn(entry -> entry.result().equals("ok"))
                .hasSize(1);
    }

    /** What undo must bring back, field by field. */
    private record Before(Map<String, List<String>> groups, Standing standing) {
        static Before of(String instance) {
            return new Before(service.groups(instance), Standing.of(service, instance).settled());
        }
    }

    /** One of two in an Auto Scaling group with room, and behind two target groups. */
    private static void joinGroups() {
        service.sandbox().joinAutoScalingGroup("app-1", GROUP);
        service.sandbox().joinAutoScalingGroup("db-1", GROUP);
        service.sandbox().registerTarget("app-1", "web");
        service.sandbox().registerTarget("app-1", "web-ip");
    }

    private static void assertRestored(UUID id, Before before) {
        Action action = action(id);
        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(action.getDriftList()).isEmpty();
        assertThat(Replay.of(Replay.entries(POSTGRES.dataSource(), id)))
                .as("the evidence of every write, whoever died after it")
                .isEqualTo(Replay.comparable(action));
        assertThat(Before.of(action.getTarget().getInstanceId())).isEqualTo(before);
        assertThat(service.isolationGroup()).isNull();
        assertThat(service.sandbox().journal(0))
                .allMatch(entry -> entry.beyondBaseline().isEmpty());
    }
}
