package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.sandbox.control.SandboxClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.Instance;
import software.amazon.awssdk.services.autoscaling.model.SuspendedProcess;

/** Standby, scale-in protection and suspended processes, as the Auto Scaling documents say. */
class StandbyTest {
    private static final String GROUP = "web-asg";

    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private static final AutoScalingClient SCALING = SANDBOX.autoScaling();
    private final SandboxClient control = SANDBOX.control();

    @AfterAll
    static void closeClient() {
        SCALING.close();
    }

    @BeforeEach
    void twoMembers() {
        control.joinAutoScalingGroup("web-1", GROUP);
        control.joinAutoScalingGroup("db-1", GROUP);
    }

    @Test
    void standbyTakesOneOfTheDesiredCapacityAndGivesItBack() {
        enter(true);
        assertThat(group().desiredCapacity()).isEqualTo(1);
        assertThat(stateOf(Seeded.WEB)).isEqualTo("Standby");

        exit();
        assertThat(group().desiredCapacity()).isEqualTo(2);
        assertThat(stateOf(Seeded.WEB)).isEqualTo("Pending");
        control.advance(Duration.ofMinutes(5));
        assertThat(stateOf(Seeded.WEB)).isEqualTo("InService");
    }

    @Test
    void standbyIsRefusedBelowTheMinimum() {
        control.resizeAutoScalingGroup(GROUP, 2, 2, 4);
        refused(() -> enter(true), "ValidationError");
        assertThat(stateOf(Seeded.WEB)).isEqualTo("InService");
    }

    @Test
    void withoutDecrementAReplacementIsLaunched() {
        control.resizeAutoScalingGroup(GROUP, 2, 2, 4);
        enter(false);

        assertThat(group().desiredCapacity()).isEqualTo(2);
        assertThat(group().instances())
                .hasSize(3)
                .filteredOn(member -> member.lifecycleStateAsString().equals("Pending"))
                .hasSize(1);
        control.advance(Duration.ofMinutes(5));
        assertThat(group().instances())
                .filteredOn(member -> member.lifecycleStateAsString().equals("InService"))
                .hasSize(2);
    }

    @Test
    void aGroupThatMayNotLaunchDoesNotReplace() {
        control.suspendProcesses(GROUP, List.of("Launch"));
        enter(false);
        assertThat(group().instances()).hasSize(2);
    }

    @Test
    void leavesItsTargetGroupsAndReturns() {
        control.attachTargetGroups(GROUP, List.of("web"));
        control.registerTarget("web-1", "web");
        enter(true);

        assertThat(stateOf(Seeded.WEB)).isEqualTo("EnteringStandby");
        refused(this::exit, "ValidationError");
        control.advance(Duration.ofSeconds(300));
        assertThat(stateOf(Seeded.WEB)).isEqualTo("Standby");
        exit();
        assertThat(stateOf(Seeded.WEB)).isEqualTo("Pending");
    }

    @Test
    void refusesWhatIsNotInTheRightState() {
        refused(this::exit, "ValidationError");
        enter(true);
        refused(() -> enter(false), "ValidationError");
        control.leaveAutoScalingGroup("db-1");
        refused(
                () ->
                        SCALING.setInstanceProtection(request ->
                                request.autoScalingGroupName(GROUP)
                                        .instanceIds(Seeded.DB)
                                        .protectedFromScaleIn(true)),
                "ValidationError");
        refused(
                () -> SCALING.suspendProcesses(request -> request.autoScalingGroupName("nobody")),
                "ValidationError");
    }

    @Test
    void exitIsRefusedAboveTheMaximum() {
        control.resizeAutoScalingGroup(GROUP, 2, 2, 2);
        enter(false);
        refused(this::exit, "ValidationError");
    }

    @Test
    void protectsFromScaleIn() {
        SCALING.setInstanceProtection(request ->
                request.autoScalingGroupName(GROUP)
                        .instanceIds(Seeded.WEB)
                        .protectedFromScaleIn(true));
        assertThat(member(Seeded.WEB).protectedFromScaleIn()).isTrue();
        assertThat(member(Seeded.DB).protectedFromScaleIn()).isFalse();
    }

    @Test
    void suspendsAndResumesSingleProcesses() {
        control.suspendProcesses(GROUP, List.of("AZRebalance"));
        SCALING.suspendProcesses(request ->
                request.autoScalingGroupName(GROUP).scalingProcesses("ReplaceUnhealthy"));
        assertThat(suspended()).containsExactly("AZRebalance", "ReplaceUnhealthy");
        SCALING.resumeProcesses(request ->
                request.autoScalingGroupName(GROUP).scalingProcesses("ReplaceUnhealthy"));
        assertThat(suspended()).containsExactly("AZRebalance");
        refused(
                () ->
                        SCALING.suspendProcesses(request ->
                                request.autoScalingGroupName(GROUP).scalingProcesses("Sleep")),
                "ValidationError");
    }

    private static void enter(boolean decrement) {
        SCALING.enterStandby(request ->
                request.autoScalingGroupName(GROUP)
                        .instanceIds(Seeded.WEB)
                        .shouldDecrementDesiredCapacity(decrement));
    }

    private void exit() {
        SCALING.exitStandby(request -> request.autoScalingGroupName(GROUP).instanceIds(Seeded.WEB));
    }

    private static AutoScalingGroup group() {
        return SCALING.describeAutoScalingGroups(request -> request.autoScalingGroupNames(GROUP))
                .autoScalingGroups()
                .getFirst();
    }

    private static Instance member(String id) {
        return group().instances().stream()
                .filter(member -> member.instanceId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static String stateOf(String id) {
        return member(id).lifecycleStateAsString();
    }

    private static List<String> suspended() {
        return group().suspendedProcesses().stream().map(SuspendedProcess::processName).toList();
    }
}
