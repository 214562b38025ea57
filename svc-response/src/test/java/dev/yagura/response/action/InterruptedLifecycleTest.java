package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.InstanceProfileTarget;
import dev.yagura.proto.response.v1.VolumeTarget;
import dev.yagura.response.Standing;
import dev.yagura.response.TestService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * stop_instance, terminate_instance, replace_instance_profile and restore_volume with runners that
 * die, answers that are lost, calls that are throttled.
 */
class InterruptedLifecycleTest {
    @RegisterExtension
    static final IdleService IDLE =
            IdleService.with(
                    Map.of("yagura.response.lifecycle.poll", "PT0.001S"), Duration.ofSeconds(4));

    private static final TestService SERVICE = IDLE.service();
    private static final String GROUP = "web-asg";
    private static final String WEB_ROOT = "vol-0c6d1d6da20ac5bbc";
    private static final List<String> READS =
            List.of(
                    "ec2:DescribeInstances",
                    "ec2:DescribeInstanceAttribute",
                    "autoscaling:DescribeAutoScalingGroups");
    private static final List<String> WRITES =
            List.of(
                    "autoscaling:EnterStandby",
                    "ec2:StopInstances",
                    "ec2:StartInstances",
                    "autoscaling:ExitStandby");

    @Test
    void aStopSurvivesAKillAtEveryStep() throws Exception {
        IDLE.dieAtEveryStep(
                InterruptedLifecycleTest::askForStop,
                InterruptedLifecycleTest::assertStopped,
                InterruptedLifecycleTest::assertStarted);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void aStopSurvivesLostRepliesThrottlesAndKills(long seed) {
        Random random = new Random(seed);
        UUID id = askForStop();

        WRITES.forEach(SERVICE.sandbox()::loseReply);
        spoil(random);
        IDLE.runners().killAt(1 + random.nextInt(10), random.nextBoolean());
        IDLE.runners().runToTheEnd();
        assertStopped(id);

        IDLE.undo(id);
        spoil(random);
        IDLE.runners().killAt(1 + random.nextInt(8), random.nextBoolean());
        IDLE.runners().runToTheEnd();
        assertStarted(id);
    }

    @Test
    void aTerminationSurvivesAKillAtEveryStepAndALostReply() {
        boolean killed = true;
        for (int step = 1; killed; step++) {
            IDLE.backToTheSeed();
            UUID id = askForTermination();
            SERVICE.sandbox().loseReply("ec2:TerminateInstances");
            killed = IDLE.runners().killAt(step, step % 2 == 0);
            killed |= IDLE.runners().killAt(step, step % 2 == 1);
            IDLE.runners().runToTheEnd();

            assertThat(IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED).getDriftList()).isEmpty();
            assertThat(state(TestService.WEB)).isEqualTo("terminated");
        }
    }

    @Test
    void aReplacedProfileSurvivesAKillAtEveryStepAndLostReplies() throws Exception {
        ActionTarget target =
                TestService.target(TestService.WEB).toBuilder()
                        .setInstanceProfile(
                                InstanceProfileTarget.newBuilder().setName("app-instance"))
                        .build();
        IDLE.dieAtEveryStep(
                () -> {
                    SERVICE.sandbox().loseReply("ec2:ReplaceIamInstanceProfileAssociation");
                    return IDLE.create(ActionKind.ACTION_KIND_REPLACE_INSTANCE_PROFILE, target);
                },
                id -> {
                    IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
                    assertThat(SERVICE.profile(TestService.WEB)).isEqualTo("app-instance");
                    SERVICE.sandbox().loseReply("ec2:ReplaceIamInstanceProfileAssociation");
                },
                id -> {
                    IDLE.ended(id, ActionState.ACTION_STATE_UNDONE);
                    assertThat(SERVICE.profile(TestService.WEB)).isEqualTo("web-instance");
                });
    }

    /** Each step is the state, or the begin or end of a call. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 7})
    void aRestoredVolumeSurvivesKillsAndLostReplies(int step) {
        UUID id = askForRestore();
        // The plan is made once more before the first change, and asks for each call.
        List.of("ec2:CreateVolume", "ec2:DetachVolume", "ec2:AttachVolume")
                .forEach(operation ->
                        SERVICE.sandbox()
                                .planFault(
                                        Map.of(
                                                "operation",
                                                operation,
                                                "kind",
                                                "lost-reply",
                                                "skip",
                                                1)));

        assertThat(IDLE.runners().killAt(step, true)).isTrue();
        IDLE.runners().killAt(step, false);
        IDLE.runners().runToTheEnd();
        Action restored = IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(rootVolume())
                .isEqualTo(restored.getVolumeSwapState().getVolumeId())
                .isNotEqualTo(WEB_ROOT);
        assertThat(SERVICE.operator().describeVolumes().volumes()).hasSize(6);

        SERVICE.sandbox().loseReply("ec2:DeleteVolume");
        SERVICE.sandbox().loseReply("ec2:AttachVolume");
        IDLE.undo(id);
        assertThat(IDLE.runners().killAt(step, false)).isTrue();
        IDLE.runners().killAt(step, true);
        IDLE.runners().runToTheEnd();
        assertThat(IDLE.ended(id, ActionState.ACTION_STATE_UNDONE).getDriftList()).isEmpty();
        assertThat(rootVolume()).isEqualTo(WEB_ROOT);
        assertThat(SERVICE.operator().describeVolumes().volumes()).hasSize(5);
    }

    @Test
    void saysWhatOthersDidMeanwhile() {
        UUID id = askForStop();
        IDLE.runners().runToTheEnd();
        SERVICE.sandbox().start("web-1");
        SERVICE.sandbox().advance(Duration.ofSeconds(5));
        IDLE.undo(id);
        IDLE.runners().runToTheEnd();

        Action undone = IDLE.ended(id, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList())
                .containsExactly(TestService.WEB + " was started by somebody else");
        assertThat(Standing.of(SERVICE, TestService.WEB).settled().lifecycle())
                .isEqualTo("InService");

        UUID second = askForStop();
        IDLE.runners().runToTheEnd();
        SERVICE.sandbox().terminate("web-1");
        SERVICE.sandbox().advance(Duration.ofSeconds(5));
        IDLE.undo(second);
        IDLE.runners().runToTheEnd();
        assertThat(IDLE.ended(second, ActionState.ACTION_STATE_UNDONE).getDriftList())
                .containsExactly(
                        TestService.WEB + " is terminated: nothing of it is left to restore");
    }

    private static UUID askForStop() {
        SERVICE.sandbox().joinAutoScalingGroup("web-1", GROUP);
        SERVICE.sandbox().joinAutoScalingGroup("app-1", GROUP);
        return IDLE.create(ActionKind.ACTION_KIND_STOP_INSTANCE, TestService.WEB);
    }

    /** Of the root volume of a host that is stopped. */
    private static UUID askForRestore() {
        String snapshotId =
                SERVICE.operator()
                        .createSnapshots(
                                r -> r.instanceSpecification(i -> i.instanceId(TestService.WEB)))
                        .snapshots()
                        .getFirst()
                        .snapshotId();
        SERVICE.sandbox().stop("web-1");
        SERVICE.sandbox().advance(Duration.ofSeconds(15));
        return IDLE.create(
                ActionKind.ACTION_KIND_RESTORE_VOLUME,
                TestService.target(TestService.WEB).toBuilder()
                        .setVolume(
                                VolumeTarget.newBuilder()
                                        .setDeviceName("/dev/xvda")
                                        .setSnapshotId(snapshotId))
                        .build());
    }

    private static String rootVolume() {
        return SERVICE.operator()
                .describeInstances(r -> r.instanceIds(TestService.WEB))
                .reservations()
                .getFirst()
                .instances()
                .getFirst()
                .blockDeviceMappings()
                .getFirst()
                .ebs()
                .volumeId();
    }

    /** Of what has no snapshots, which a person overrides, and another one approves. */
    private static UUID askForTermination() {
        Action asked =
                IDLE.catalog()
                        .create(
                                new ActionCatalog.Order(
                                        ActionKind.ACTION_KIND_TERMINATE_INSTANCE,
                                        TestService.target(TestService.WEB),
                                        "rebuilt",
                                        "",
                                        Set.of(Guards.EVIDENCE_SNAPSHOT)),
                                UUID.randomUUID(),
                                Principal.service("token-1"));
        UUID id = ResourceName.parse("actions", asked.getName());
        IDLE.catalog().approve(id, Set.of(), Principal.service("token-2"));
        return id;
    }

    private static void spoil(Random random) {
        SERVICE.sandbox().loseReply(READS.get(random.nextInt(READS.size())));
        SERVICE.sandbox().throttle(READS.get(random.nextInt(READS.size())), 1 + random.nextInt(5));
        SERVICE.sandbox()
                .throttle(WRITES.get(random.nextInt(WRITES.size())), 1 + random.nextInt(5));
    }

    private static void assertStopped(UUID id) {
        assertThat(IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED).getDriftList()).isEmpty();
        assertThat(state(TestService.WEB)).isEqualTo("stopped");
        Standing standing = Standing.of(SERVICE, TestService.WEB);
        assertThat(standing.lifecycle()).isEqualTo("Standby");
        assertThat(standing.desired()).isEqualTo(1);
    }

    private static void assertStarted(UUID id) {
        assertThat(IDLE.ended(id, ActionState.ACTION_STATE_UNDONE).getDriftList()).isEmpty();
        assertThat(state(TestService.WEB)).isEqualTo("running");
        Standing standing = Standing.of(SERVICE, TestService.WEB).settled();
        assertThat(standing.lifecycle()).isEqualTo("InService");
        assertThat(standing.desired()).isEqualTo(2);
    }

    private static String state(String instanceId) {
        return SERVICE.operator()
                .describeInstances(r -> r.instanceIds(instanceId))
                .reservations()
                .getFirst()
                .instances()
                .getFirst()
                .state()
                .nameAsString();
    }
}
