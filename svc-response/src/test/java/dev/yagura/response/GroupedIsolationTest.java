package dev.yagura.response;

import static dev.yagura.response.ActionOutcome.assertState;
import static dev.yagura.response.ActionOutcome.check;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.CallRecord;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.CreateActionRequest;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

/** isolate_instance of members of Auto Scaling groups and target groups, against the sandbox. */
class GroupedIsolationTest {
    @RegisterExtension
    static final TestService SERVICE =
            TestService.withoutRole(Map.of("yagura.response.action.attempts", "3"));

    private static final TestResponder RESPONDER = TestResponder.of(SERVICE);

    private static final String GROUP = "web-asg";
    private static final String SCALING = "no Auto Scaling group ends or replaces it";
    private static final String HEALTHY = "enough healthy ones remain";
    private static final String TARGETS = "clients are sent to others";

    @BeforeEach
    void twoOfAGroup() {
        SERVICE.postgres().execute("DELETE FROM action");
        SERVICE.sandbox().reset();
        SERVICE.sandbox().freezeClock();
        SERVICE.sandbox().joinAutoScalingGroup("web-1", GROUP);
        SERVICE.sandbox().joinAutoScalingGroup("db-1", GROUP);
    }

    @Test
    void goesIntoStandbyWhereTheGroupHasRoomAndReturnsExactly() {
        Standing before = standing();
        Map<String, List<String>> groups = SERVICE.groups(TestService.WEB);

        Action action = isolate();

        assertState(action, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(check(action, SCALING))
                .satisfies(check -> {
                    assertThat(check.getOutcome()).isEqualTo(CheckOutcome.CHECK_OUTCOME_PASSED);
                    assertThat(check.getDetail())
                            .contains("desired capacity from 2 to 1")
                            .contains("1 healthy instances remain");
                });
        assertThat(standing())
                .isEqualTo(
                        new Standing("Standby", false, 1, List.of(), before.targets(), true, true));
        assertThat(action.getVerifications(0).getDetail())
                .contains("Standby in web-asg", "protected from termination and stop");

        Action undone = RESPONDER.undo(action);

        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(standing().settled()).isEqualTo(before);
        assertThat(SERVICE.groups(TestService.WEB)).isEqualTo(groups);
    }

    @Test
    void aGroupAtItsMinimumLaunchesAReplacement() {
        SERVICE.sandbox().resizeAutoScalingGroup(GROUP, 2, 2, 4);

        Action action = isolate();

        assertState(action, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(check(action, SCALING).getDetail()).contains("a replacement is launched");
        assertThat(standing().lifecycle()).isEqualTo("Standby");
        assertThat(standing().desired()).isEqualTo(2);

        Action undone = RESPONDER.undo(action);

        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getVerificationsList().getLast().getDetail())
                .as("the replacement stays, and undo says so")
                .contains("desired capacity is 3");
        assertThat(standing().settled().lifecycle()).isEqualTo("InService");
    }

    @Test
    void undoAtTheMaximumRestoresTheRestAndSaysWhatToDo() {
        SERVICE.sandbox().resizeAutoScalingGroup(GROUP, 2, 2, 2);
        Map<String, List<String>> groups = SERVICE.groups(TestService.WEB);
        Action action = isolate();
        assertThat(check(action, SCALING))
                .satisfies(check -> {
                    assertThat(check.getOutcome()).isEqualTo(CheckOutcome.CHECK_OUTCOME_WARNING);
                    assertThat(check.getRemedy()).contains("raise the maximum");
                });

        Action stuck = RESPONDER.undo(action);

        assertState(stuck, ActionState.ACTION_STATE_UNDO_FAILED);
        assertThat(stuck.getStateReason()).contains("raise the maximum", "Standby in web-asg");
        assertThat(SERVICE.groups(TestService.WEB)).isEqualTo(groups);
        assertThat(standing().terminationProtection()).isFalse();

        SERVICE.sandbox().resizeAutoScalingGroup(GROUP, 2, 2, 3);
        Action undone = RESPONDER.undo(action);

        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(standing().settled().lifecycle()).isEqualTo("InService");
    }

    @Test
    void aGroupThatCannotLaunchIsKeptFromEndingIt() {
        SERVICE.sandbox().resizeAutoScalingGroup(GROUP, 2, 2, 4);
        SERVICE.sandbox().joinAutoScalingGroup("app-1", GROUP);
        SERVICE.sandbox().suspendProcesses(GROUP, List.of("Launch"));
        Standing before = standing();

        Action action = isolate();

        assertState(action, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(standing())
                .isEqualTo(
                        new Standing(
                                "InService",
                                true,
                                2,
                                List.of("Launch", "ReplaceUnhealthy"),
                                before.targets(),
                                true,
                                true));

        Action undone = RESPONDER.undo(action);

        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(standing()).isEqualTo(before);
    }

    @Test
    void resumesOnlyWhatItSuspended() {
        SERVICE.sandbox().resizeAutoScalingGroup(GROUP, 2, 2, 4);
        SERVICE.sandbox().joinAutoScalingGroup("app-1", GROUP);
        SERVICE.sandbox().suspendProcesses(GROUP, List.of("Launch", "ReplaceUnhealthy"));
        Standing before = standing();

        Action action = isolate();
        RESPONDER.undo(action);

        assertThat(operations(action)).doesNotContain("autoscaling:SuspendProcesses");
        assertThat(standing()).isEqualTo(before);
    }

    @Test
    void refusesWhereTooFewWouldRemainAndNoneIsLaunched() {
        SERVICE.sandbox().resizeAutoScalingGroup(GROUP, 2, 2, 4);
        SERVICE.sandbox().suspendProcesses(GROUP, List.of("Launch"));

        assertThatThrownBy(() -> SERVICE.actions().createAction(request()))
                .hasMessageContaining("FAILED_PRECONDITION")
                .hasMessageContaining("1 healthy instances in service, fewer than its minimum of 2")
                .hasMessageContaining("resume Launch of web-asg");
    }

    @Test
    void anIsolatedInstanceDoesNotCountAndKeepsItsGroupFromHealing() {
        SERVICE.sandbox().resizeAutoScalingGroup(GROUP, 2, 2, 4);
        SERVICE.sandbox().joinAutoScalingGroup("app-1", GROUP);
        SERVICE.sandbox().suspendProcesses(GROUP, List.of("Launch"));
        Action first = isolate();

        assertThatThrownBy(() ->
                        SERVICE.actions()
                                .createAction(
                                        request().toBuilder()
                                                .setTarget(TestService.target(TestService.DB))
                                                .build()))
                .hasMessageContaining("1 healthy instances in service, fewer than its minimum");

        SERVICE.sandbox().resizeAutoScalingGroup(GROUP, 1, 1, 4);
        Action second =
                RESPONDER.settled(
                        SERVICE.actions()
                                .createAction(
                                        request().toBuilder()
                                                .setTarget(TestService.target(TestService.DB))
                                                .build())
                                .getName());
        assertState(second, ActionState.ACTION_STATE_SUCCEEDED);

        Action undone = RESPONDER.undo(first);

        assertThat(undone.getDriftList())
                .singleElement()
                .asString()
                .contains("ReplaceUnhealthy of web-asg stays suspended");
    }

    @Test
    void leavesAnInstanceInStandbyThatWasThere() {
        SERVICE.sandbox().joinAutoScalingGroup("web-1", GROUP, "Standby");
        Standing before = standing();
        Action action = isolate();
        Action undone = RESPONDER.undo(action);
        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(standing()).isEqualTo(before);
    }

    @Test
    void leavesAHealthyTargetUnlessAPersonOverrides() {
        SERVICE.sandbox().registerTarget("web-1", "web");
        SERVICE.sandbox().registerTarget("web-1", "web-admin", 8081);
        SERVICE.sandbox().registerTarget("app-1", "web-admin", 8081);
        CreateActionRequest asked = request(TestService.WEB);

        assertThatThrownBy(() -> SERVICE.actions().createAction(asked))
                .hasMessageContaining("fewer than 1 healthy would be left in target group web;")
                .hasMessageContaining("override the guard minimum-healthy");
        CreateActionRequest unknown = asked.toBuilder().addOverrideGuards("no-such").build();
        assertThatThrownBy(() -> SERVICE.actions().createAction(unknown))
                .hasMessageContaining("override_guards: has no-such, which is no guard");

        Action action = isolate();

        assertState(action, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(check(action, HEALTHY).getOutcome())
                .isEqualTo(CheckOutcome.CHECK_OUTCOME_WARNING);
        assertThat(check(action, HEALTHY).getDetail()).endsWith("overridden");
        assertThat(action.getOverriddenGuardsList()).containsExactly("minimum-healthy");
        RESPONDER.undo(action);
    }

    @Test
    void ofTheLastTwoThatAreIsolatedAtTheSameTimeOneStays() {
        SERVICE.sandbox().registerTarget("web-1", "web");
        SERVICE.sandbox().registerTarget("app-1", "web");

        List<Action> asked =
                Stream.of(TestService.WEB, TestService.APP)
                        .flatMap(instance -> created(request(instance)).stream())
                        .toList();
        List<Action> ended = asked.stream().map(each -> RESPONDER.settled(each.getName())).toList();

        assertThat(ended)
                .filteredOn(each -> each.getState() == ActionState.ACTION_STATE_SUCCEEDED)
                .hasSize(1);
        assertThat(ended)
                .filteredOn(each -> each.getState() != ActionState.ACTION_STATE_SUCCEEDED)
                .allSatisfy(each ->
                        assertThat(each.getStateReason())
                                .contains("target group web")
                                .contains("nothing was changed"));
        assertThat(
                        Stream.of(TestService.WEB, TestService.APP)
                                .filter(each ->
                                        SERVICE.groups(each)
                                                .containsValue(
                                                        List.of(
                                                                String.valueOf(
                                                                        SERVICE.isolationGroup()))))
                                .count())
                .isEqualTo(1);
    }

    /** Empty when it is refused as it is planned. */
    private static Optional<Action> created(CreateActionRequest request) {
        try {
            return Optional.of(SERVICE.actions().createAction(request));
        } catch (StatusRuntimeException e) {
            assertThat(e).hasMessageContaining("minimum-healthy");
            return Optional.empty();
        }
    }

    @Test
    void isTakenOutOfEveryTargetGroupAfterTheCut() {
        SERVICE.sandbox().registerTarget("web-1", "web");
        SERVICE.sandbox().registerTarget("web-1", "web-admin", 8081);
        SERVICE.sandbox().registerTarget("web-1", "web-ip");
        Standing before = standing();

        Action action = isolate();

        assertState(action, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(before.targets()).hasSize(3);
        assertThat(standing().targets()).isEmpty();
        assertThat(action.getVerifications(0).getDetail()).contains("port 8081) draining");
        assertThat(operations(action))
                .containsSubsequence(
                        "ec2:ModifyNetworkInterfaceAttribute",
                        "autoscaling:EnterStandby",
                        "elasticloadbalancing:DeregisterTargets",
                        "elasticloadbalancing:DeregisterTargets",
                        "elasticloadbalancing:DeregisterTargets");
        assertThat(check(action, TARGETS).getOutcome())
                .isEqualTo(CheckOutcome.CHECK_OUTCOME_WARNING);

        Action undone = RESPONDER.undo(action);

        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(standing().settled()).isEqualTo(before);
    }

    @Test
    void standbyTakesItOutOfTheTargetGroupsOfItsGroup() {
        SERVICE.sandbox().attachTargetGroups(GROUP, List.of("web"));
        SERVICE.sandbox().registerTarget("web-1", "web");
        Standing before = standing();

        Action action = isolate();

        assertState(action, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(standing().lifecycle()).isEqualTo("EnteringStandby");
        assertThat(operations(action)).doesNotContain("elasticloadbalancing:DeregisterTargets");

        Action early = RESPONDER.undo(action);
        assertState(early, ActionState.ACTION_STATE_UNDO_FAILED);
        assertThat(early.getStateReason()).contains("still entering standby");

        SERVICE.sandbox().advance(Duration.ofSeconds(300));
        Action undone = RESPONDER.undo(action);
        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(standing().settled()).isEqualTo(before);
    }

    @Test
    void saysThatASpotInstanceCannotBeProtected() {
        SERVICE.sandbox().setSpot("web-1", true);
        Action action = isolate();
        assertState(action, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(check(action, "it is kept from termination and stop").getDetail())
                .contains("Spot Instance");
        assertThat(operations(action)).doesNotContain("ec2:ModifyInstanceAttribute");
        assertState(RESPONDER.undo(action), ActionState.ACTION_STATE_UNDONE);
    }

    @Test
    void keepsProtectionsThatWereThere() {
        SERVICE.operator()
                .modifyInstanceAttribute(r ->
                        r.instanceId(TestService.WEB).disableApiTermination(v -> v.value(true)));
        Standing before = standing();
        Action action = isolate();
        assertThatThrownBy(() ->
                        SERVICE.operator().terminateInstances(r -> r.instanceIds(TestService.WEB)))
                .isInstanceOf(Ec2Exception.class);
        assertState(RESPONDER.undo(action), ActionState.ACTION_STATE_UNDONE);
        assertThat(standing().settled()).isEqualTo(before);
    }

    @Test
    void reportsWhatOthersChangedMeanwhile() {
        SERVICE.sandbox().registerTarget("web-1", "web");
        Action action = isolate();
        SERVICE.scaling()
                .exitStandby(r -> r.autoScalingGroupName(GROUP).instanceIds(TestService.WEB));
        SERVICE.operator()
                .modifyInstanceAttribute(r ->
                        r.instanceId(TestService.WEB).disableApiTermination(v -> v.value(false)));
        SERVICE.sandbox().deregisterTarget("web-1", "web");
        SERVICE.sandbox().registerTarget("web-1", "web", 81);

        Action undone = RESPONDER.undo(action);

        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList())
                .hasSize(3)
                .anyMatch(each -> each.contains("taken out of standby by somebody else"))
                .anyMatch(each -> each.contains("protection from termination was taken away"))
                .anyMatch(each -> each.contains("port 81 was registered by somebody else"));
        assertThat(standing().targets()).hasSize(2);
    }

    @Test
    void reportsThatItIsNotInTheGroupAnyMore() {
        Action action = isolate();
        SERVICE.sandbox().leaveAutoScalingGroup("web-1");

        Action undone = RESPONDER.undo(action);

        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList())
                .singleElement()
                .asString()
                .contains("not in Auto Scaling group web-asg any more");
    }

    @Test
    void cutsAlsoWhenAutoScalingDoesNotAnswer() {
        SERVICE.sandbox()
                .planFault(
                        Map.of(
                                "operation", "autoscaling:EnterStandby",
                                "kind", "error",
                                "code", "AccessDenied",
                                "status", 403,
                                "message", "not you",
                                "times", 100));

        Action action = isolate();

        assertState(action, ActionState.ACTION_STATE_FAILED);
        assertThat(action.getStateReason())
                .contains("deploy/policies/isolate_instance.json", "is isolated");
        assertThat(SERVICE.groups(TestService.WEB).values())
                .allMatch(List.of(String.valueOf(SERVICE.isolationGroup()))::equals);
        Action undone = RESPONDER.undo(action);
        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
    }

    private static Standing standing() {
        return Standing.of(SERVICE, TestService.WEB);
    }

    private static List<String> operations(Action action) {
        return action.getCallsList().stream().map(CallRecord::getOperation).toList();
    }

    private static Action isolate() {
        return RESPONDER.settled(SERVICE.actions().createAction(request()).getName());
    }

    private static CreateActionRequest request() {
        return request(TestService.WEB).toBuilder().addOverrideGuards("minimum-healthy").build();
    }

    private static CreateActionRequest request(String instance) {
        return CreateActionRequest.newBuilder()
                .setKind(ActionKind.ACTION_KIND_ISOLATE_INSTANCE)
                .setTarget(TestService.target(instance))
                .setReason("beacon to 203.0.113.66")
                .setRequestId(UUID.randomUUID().toString())
                .build();
    }
}
