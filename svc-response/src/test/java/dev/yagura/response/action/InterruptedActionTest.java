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
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runners that die, answers that are lost, calls that are throttled: the action has its one effect,
 * and undo brings back what was, field by field.
 */
class InterruptedActionTest {
    @RegisterExtension static final IdleService IDLE = IdleService.with(Map.of());

    private static final TestService SERVICE = IDLE.service();

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

    @Test
    void survivesAKillAtEveryStep() throws Exception {
        AtomicReference<Before> before = new AtomicReference<>();
        IDLE.dieAtEveryStep(
                () -> {
                    joinGroups();
                    before.set(Before.of(TestService.APP));
                    return create(TestService.APP);
                },
                InterruptedActionTest::assertIsolated,
                id -> assertRestored(id, Objects.requireNonNull(before.get())));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void survivesLostRepliesThrottlesAndKills(long seed) {
        Random random = new Random(seed);
        joinGroups();
        if (random.nextBoolean()) {
            SERVICE.sandbox().attachTargetGroups(GROUP, List.of("web"));
        }
        Before before = Before.of(TestService.APP);
        UUID id = create(TestService.APP);

        spoil(random);
        IDLE.runners().killAt(1 + random.nextInt(24), random.nextBoolean());
        spoil(random);
        IDLE.runners().killAt(1 + random.nextInt(24), random.nextBoolean());
        IDLE.runners().runToTheEnd();
        assertIsolated(id);

        // Standby is complete only when the connections have drained.
        SERVICE.sandbox().advance(Duration.ofSeconds(300));
        IDLE.undo(id);
        spoil(random);
        IDLE.runners().killAt(1 + random.nextInt(16), random.nextBoolean());
        IDLE.runners().runToTheEnd();
        assertRestored(id, before);
    }

    @Test
    void runnerThatLostItsLeaseDoesNothingMore() {
        Map<String, List<String>> before = SERVICE.groups(TestService.WEB);
        UUID id = create(TestService.WEB);
        ActionRunner runner =
                new ActionRunner(IDLE.runs(), IDLE.procedures(), IDLE.config(), Clock.systemUTC());
        RunStore.Lease old = runner.take().orElseThrow();
        IDLE.runners().endLeases();
        RunStore.Lease current = runner.take().orElseThrow();

        runner.run(old);

        assertThat(SERVICE.groups(TestService.WEB)).isEqualTo(before);
        assertThat(IDLE.action(id).getState()).isEqualTo(ActionState.ACTION_STATE_APPROVED);
        runner.run(current);
        assertIsolated(id);
    }

    @Test
    void entersASectionAloneUntilItLeavesOrItsTimeIsOver() {
        create(TestService.WEB);
        create(TestService.APP);
        RunStore.Lease one = IDLE.runs().claim(IDLE.config().lease()).orElseThrow();
        RunStore.Lease other = IDLE.runs().claim(IDLE.config().lease()).orElseThrow();

        assertThat(IDLE.runs().enter(one, "vpc", IDLE.config().lease())).isTrue();
        assertThat(IDLE.runs().enter(one, "vpc", IDLE.config().lease())).isTrue();
        assertThat(IDLE.runs().enter(other, "vpc", IDLE.config().lease())).isFalse();
        assertThat(IDLE.runs().enter(other, "another vpc", IDLE.config().lease())).isTrue();
        IDLE.runs().leave(other, "vpc");
        assertThat(IDLE.runs().enter(other, "vpc", IDLE.config().lease())).isFalse();
        IDLE.runs().leave(one, "vpc");
        assertThat(IDLE.runs().enter(other, "vpc", IDLE.config().lease())).isTrue();

        SERVICE.postgres()
                .execute("UPDATE action_section SET held_until = now() - interval '1 second'");
        assertThat(IDLE.runs().enter(one, "vpc", IDLE.config().lease())).isTrue();
        assertThat(IDLE.runs().enter(other, "vpc", IDLE.config().lease())).isFalse();
    }

    @Test
    void failsWithACauseWhenItsTimeIsOver() {
        UUID id = create(TestService.WEB);
        SERVICE.postgres().execute("UPDATE action SET due_at = now() - interval '1 second'");

        IDLE.runners().runToTheEnd();

        assertThat(IDLE.action(id).getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(IDLE.action(id).getStateReason())
                .contains("not done within")
                .contains("nothing was changed");
        assertThat(IDLE.store().holder(HoldSubject.of(IDLE.action(id)))).isEmpty();
    }

    @Test
    void failureSaysWhatIsLeftAndCanBeUndone() {
        Before before = Before.of(TestService.APP);
        UUID id = create(TestService.APP);
        // Prepared, and not planned again: what comes next are the calls themselves.
        IDLE.runners().killAt(1, true);
        SERVICE.sandbox()
                .planFault(
                        Map.of(
                                "operation", "ec2:ModifyNetworkInterfaceAttribute",
                                "kind", "error",
                                "code", "OperationNotPermitted",
                                "status", 400,
                                "message", "not this interface",
                                "skip", 1));

        IDLE.runners().runToTheEnd();

        Action failed = IDLE.action(id);
        assertThat(failed.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason())
                .contains("not this interface")
                .contains("is isolated")
                .contains("has its own groups");
        IDLE.undo(id);
        IDLE.runners().runToTheEnd();
        assertRestored(id, before);
    }

    @Test
    void undoThatFailedCanBeTriedAgain() {
        Before before = Before.of(TestService.APP);
        UUID id = create(TestService.APP);
        IDLE.runners().runToTheEnd();
        SERVICE.sandbox().fail("ec2:ModifyNetworkInterfaceAttribute", "OperationNotPermitted", 400);
        IDLE.undo(id);
        IDLE.runners().runToTheEnd();
        assertThat(IDLE.action(id).getState()).isEqualTo(ActionState.ACTION_STATE_UNDO_FAILED);
        assertThat(IDLE.action(id).getStateReason()).contains("is isolated");

        IDLE.undo(id);
        IDLE.runners().runToTheEnd();

        assertRestored(id, before);
    }

    @Test
    void undoReportsAGroupThatWasDeletedMeanwhile() {
        String extra =
                SERVICE.operator()
                        .createSecurityGroup(request ->
                                request.groupName("extra")
                                        .description("Extra")
                                        .vpcId("vpc-0dfc69755784eaab6"))
                        .groupId();
        SERVICE.operator()
                .modifyNetworkInterfaceAttribute(request ->
                        request.networkInterfaceId("eni-03ea12bc061917508")
                                .groups("sg-02f1086a7759c4179", extra));
        UUID id = create(TestService.WEB);
        IDLE.runners().runToTheEnd();
        SERVICE.operator().deleteSecurityGroup(request -> request.groupId(extra));

        IDLE.undo(id);
        IDLE.runners().runToTheEnd();

        assertThat(IDLE.action(id).getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(IDLE.action(id).getDriftList())
                .singleElement()
                .asString()
                .contains(extra, "does not exist any more");
        assertThat(SERVICE.groups(TestService.WEB).values())
                .containsExactly(List.of("sg-02f1086a7759c4179"));
    }

    @Test
    void proposalsExpire() {
        ActionCatalog.Order order = order(TestService.WEB);
        assertThat(IDLE.catalog().propose(order, UUID.randomUUID(), Set.of()))
                .isEqualTo(ActionCatalog.Proposal.MADE);
        assertThat(IDLE.catalog().propose(order, UUID.randomUUID(), Set.of()))
                .as("one that waits for the same instance is enough")
                .isEqualTo(ActionCatalog.Proposal.MADE_BEFORE);
        SERVICE.postgres().execute("UPDATE action SET due_at = now() - interval '1 second'");

        IDLE.loop().expireProposals();

        assertThat(IDLE.store().list(ActionFilter.getDefaultInstance(), Set.of(), null, 10))
                .singleElement()
                .satisfies(action -> {
                    assertThat(action.getState()).isEqualTo(ActionState.ACTION_STATE_EXPIRED);
                    assertThat(action.getStateReason()).contains("not approved within PT24H");
                });
    }

    private static UUID create(String instance) {
        Action created =
                IDLE.catalog()
                        .create(order(instance), UUID.randomUUID(), Principal.service("token-1"));
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

    private static void spoil(Random random) {
        SERVICE.sandbox().loseReply(CALLS.get(random.nextInt(CALLS.size())));
        SERVICE.sandbox().loseReply(CALLS.get(3 + random.nextInt(CALLS.size() - 3)));
        SERVICE.sandbox().throttle(CALLS.get(random.nextInt(CALLS.size())), 1 + random.nextInt(5));
    }

    private static void assertIsolated(UUID id) {
        Action action = IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
        String group = Objects.requireNonNull(SERVICE.isolationGroup());
        assertThat(SERVICE.groups(action.getTarget().getInstanceId()).values())
                .allMatch(List.of(group)::equals);
        Standing standing = Standing.of(SERVICE, action.getTarget().getInstanceId());
        assertThat(standing.terminationProtection() && standing.stopProtection()).isTrue();
        assertThat(standing.targets()).isEmpty();
        assertThat(standing.lifecycle()).isIn("", "Standby", "EnteringStandby");
        assertThat(standing.desired()).isIn(0, 1);
        assertThat(SERVICE.sandbox().journal(0))
                .allMatch(entry -> entry.widened().isEmpty())
                .filteredOn(entry -> entry.operation().equals("ec2:CreateSecurityGroup"))
                .filteredOn(entry -> entry.result().equals("ok"))
                .hasSize(1);
    }

    /** What undo must bring back, field by field. */
    private record Before(Map<String, List<String>> groups, Standing standing) {
        static Before of(String instance) {
            return new Before(SERVICE.groups(instance), Standing.of(SERVICE, instance).settled());
        }
    }

    /** One of two in an Auto Scaling group with room, and behind two target groups. */
    private static void joinGroups() {
        SERVICE.sandbox().joinAutoScalingGroup("app-1", GROUP);
        SERVICE.sandbox().joinAutoScalingGroup("db-1", GROUP);
        SERVICE.sandbox().registerTarget("app-1", "web");
        SERVICE.sandbox().registerTarget("app-1", "web-ip");
    }

    private static void assertRestored(UUID id, Before before) {
        Action action = IDLE.ended(id, ActionState.ACTION_STATE_UNDONE);
        assertThat(action.getDriftList()).isEmpty();
        assertThat(Replay.of(Replay.entries(SERVICE.postgres().dataSource(), id)))
                .as("the evidence of every write, whoever died after it")
                .isEqualTo(Replay.comparable(action));
        assertThat(Before.of(action.getTarget().getInstanceId())).isEqualTo(before);
        assertThat(SERVICE.isolationGroup()).isNull();
        assertThat(SERVICE.sandbox().journal(0))
                .allMatch(entry -> entry.beyondBaseline().isEmpty());
    }
}
