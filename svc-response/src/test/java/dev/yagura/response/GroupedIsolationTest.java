package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.CallRecord;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.proto.response.v1.UndoActionRequest;
import dev.yagura.testkit.PostgresFixture;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

/** isolate_instance of members of Auto Scaling groups and target groups, against the sandbox. */
class GroupedIsolationTest {
    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("response");

    private static final String GROUP = "web-asg";
    private static final String SCALING = "no Auto Scaling group ends or replaces it";
    private static final String HEALTHY = "enough healthy ones remain";
    private static final String TARGETS = "clients are sent to others";

    @TempDir static Path folder;
    private static TestService service;

    @BeforeAll
    static void startService() throws Exception {
        Map<String, String> settings = new HashMap<>(TestService.WITHOUT_ROLE);
        settings.put("yagura.response.action.attempts", "3");
        service = TestService.start(POSTGRES, folder, settings);
    }

    @AfterAll
    static void stopService() {
        service.close();
    }

    @BeforeEach
    void twoOfAGroup() {
        POSTGRES.execute("DELETE FROM action");
        service.sandbox().reset();
        service.sandbox().freezeClock();
        service.sandbox().joinAutoScalingGroup("web-1", GROUP);
        service.sandbox().joinAutoScalingGroup("db-1", GROUP);
    }

    @Test
    void goesIntoStandbyWhereTheGroupHasRoomAndReturnsExactly() {
        Standing before = standing();
        Map<String, List<String>> groups = service.groups(TestService.WEB);

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

        Action undone = undo(action);

        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(standing().settled()).isEqualTo(before);
        assertThat(service.groups(TestService.WEB)).isEqualTo(groups);
    }

    @Test
    void aGroupAtItsMinimumLaunchesAReplacement() {
        service.sandbox().resizeAutoScalingGroup(GROUP, 2, 2, 4);

        Action action = isolate();

        assertState(action, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(check(action, SCALING).getDetail()).contains("a replacement is launched");
        assertThat(standing().lifecycle()).isEqualTo("Standby");
        assertThat(standing().desired()).isEqualTo(2);

        Action undone = undo(action);

        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getVerificationsList().getLast().getDetail())
                .as("the replacement stays, and undo says so")
                .contains("desired capacity is 3");
        assertThat(standing().settled().lifecycle()).isEqualTo("InService");
    }

    @Test
    void undoAtTheMaximumRestoresTheRestAndSaysWhatToDo() {
        service.sandbox().resizeAutoScalingGroup(GROUP, 2, 2, 2);
        Map<String, List<String>> groups = service.groups(TestService.WEB);
        Action action = isolate();
        assertThat(check(action, SCALING))
                .satisfies(check -> {
                    assertThat(check.getOutcome()).isEqualTo(CheckOutcome.CHECK_OUTCOME_WARNING);
                    assertThat(check.getRemedy()).contains("raise the maximum");
                });

        Action stuck = undo(action);

        assertState(stuck, ActionState.ACTION_STATE_UNDO_FAILED);
        assertThat(stuck.getStateReason()).contains("raise the maximum", "Standby in web-asg");
        assertThat(service.groups(TestService.WEB)).isEqualTo(groups);
        assertThat(standing().terminationProtection()).isFalse();

        service.sandbox().resizeAutoScalingGroup(GROUP, 2, 2, 3);
        Action undone = undo(action);

        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(standing().settled().lifecycle()).isEqualTo("InService");
    }

    @Test
    void aGroupThatCannotLaunchIsKeptFromEndingIt() {
        service.sandbox().resizeAutoScalingGroup(GROUP, 2, 2, 4);
        service.sandbox().joinAutoScalingGroup("app-1", GROUP);
        service.sandbox().suspendProcesses(GROUP, List.of("Launch"));
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

        Action undone = undo(action);

        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(standing()).isEqualTo(before);
    }

    @Test
    void resumesOnlyWhatItSuspended() {
        service.sandbox().resizeAutoScalingGroup(GROUP, 2, 2, 4);
        service.sandbox().joinAutoScalingGroup("app-1", GROUP);
        service.sandbox().suspendProcesses(GROUP, List.of("Launch", "ReplaceUnhealthy"));
        Standing before = standing();

        Action action = isolate();
        undo(action);

        assertThat(operations(action)).doesNotContain("autoscaling:SuspendProcesses");
        assertThat(standing()).isEqualTo(before);
    }

    @Test
    void refusesWhereTooFewWouldRemainAndNoneIsLaunched() {
        service.sandbox().resizeAutoScalingGroup(GROUP, 2, 2, 4);
        service.sandbox().suspendProcesses(GROUP, List.of("Launch"));

        assertThatThrownBy(() -> service.actions().createAction(request()))
                .hasMessageContaining("FAILED_PRECONDITION")
                .hasMessageContaining("1 healthy instances in service, fewer than its minimum of 2")
                .hasMessageContaining("resume Launch of web-asg");
    }

    @Test
    void anIsolatedInstanceDoesNotCountAndKeepsItsGroupFromHealing() {
        service.sandbox().resizeAutoScalingGroup(GROUP, 2, 2, 4);
        service.sandbox().joinAutoScalingGroup("app-1", GROUP);
        service.sandbox().suspendProcesses(GROUP, List.of("Launch"));
        Action first = isolate();

        assertThatThrownBy(() ->
                        service.actions()
                                .createAction(
                                        request().toBuilder()
                                                .setTarget(TestService.target(TestService.DB))
                                                .build()))
                .hasMessageContaining("1 healthy instances in service, fewer than its minimum");

        service.sandbox().resizeAutoScalingGroup(GROUP, 1, 1, 4);
        Action second =
                Settled.of(
                        service.actions(),
                        service.actions()
                                .createAction(
                                        request().toBuilder()
                                                .setTarget(TestService.target(TestService.DB))
                                                .build())
                                .getName());
        assertState(second, ActionState.ACTION_STATE_SUCCEEDED);

        Action undone = undo(first);

        assertThat(undone.getDriftList())
                .singleElement()
                .asString()
                .contains("ReplaceUnhealthy of web-asg stays suspended");
    }

    @Test
    void leavesAnInstanceInStandbyThatWasThere() {
        service.sandbox().joinAutoScalingGroup("web-1", GROUP, "Standby");
        Standing before = standing();
        Action action = isolate();
        Action undone = undo(action);
        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(standing()).isEqualTo(before);
    }

    @Test
    void leavesAHealthyTargetUnlessAPersonOverrides() {
        service.sandbox().registerTarget("web-1", "web");
        service.sandbox().registerTarget("web-1", "web-admin", 8081);
        service.sandbox().registerTarget("app-1", "web-admin", 8081);
        CreateActionRequest asked = request(TestService.WEB);

        assertThatThrownBy(() -> service.actions().createAction(asked))
                .hasMessageContaining("fewer than 1 healthy would be left in target group web;")
                .hasMessageContaining("override the guard minimum-healthy");
        CreateActionRequest unknown = asked.toBuilder().addOverrideGuards("no-such").build();
        assertThatThrownBy(() -> service.actions().createAction(unknown))
                .hasMessageContaining("override_guards: has no-such, which is no guard");

        Action action = isolate();

        assertState(action, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(check(action, HEALTHY).getOutcome())
                .isEqualTo(CheckOutcome.CHECK_OUTCOME_WARNING);
        assertThat(check(action, HEALTHY).getDetail()).endsWith("overridden");
        assertThat(action.getOverriddenGuardsList()).containsExactly("minimum-healthy");
        undo(action);
    }

    @Test
    void ofTheLastTwoThatAreIsolatedAtTheSameTimeOneStays() {
        service.sandbox().registerTarget("web-1", "web");
        service.sandbox().registerTarget("app-1", "web");

        List<Action> asked =
                Stream.of(TestService.WEB, TestService.APP)
                        .flatMap(instance -> created(request(instance)).stream())
                        .toList();
        List<Action> ended =
                asked.stream().map(each -> Settled.of(service.actions(), each.getName())).toList();

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
                                        service.groups(each)
                                                .containsValue(
                                                        List.of(
                                                                String.valueOf(
                                                                        service.isolationGroup()))))
                                .count())
                .isEqualTo(1);
    }

    /** Empty when it is refused as it is planned. */
    private static Optional<Action> created(CreateActionRequest request) {
        try {
            return Optional.of(service.actions().createAction(request));
        } catch (StatusRuntimeException e) {
            assertThat(e).hasMessageContaining("minimum-healthy");
            return Optional.empty();
        }
    }

    @Test
    void isTakenOutOfEveryTargetGroupAfterTheCut() {
        service.sandbox().registerTarget("web-1", "web");
        service.sandbox().registerTarget("web-1", "web-admin", 8081);
        service.sandbox().registerTarget("web-1", "web-ip");
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

        Action undone = undo(action);

        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(standing().settled()).isEqualTo(before);
    }

    @Test
    void standbyTakesItOutOfTheTargetGroupsOfItsGroup() {
        service.sandbox().attachTargetGroups(GROUP, List.of("web"));
        service.sandbox().registerTarget("web-1", "web");
        Standing before = standing();

        Action action = isolate();

        assertState(action, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(standing().lifecycle()).isEqualTo("EnteringStandby");
        assertThat(operations(action)).doesNotContain("elasticloadbalancing:DeregisterTargets");

        Action early = undo(action);
        assertState(early, ActionState.ACTION_STATE_UNDO_FAILED);
        assertThat(early.getStateReason()).contains("still entering standby");

        service.sandbox().advance(Duration.ofSeconds(300));
        Action undone = undo(action);
        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(standing().settled()).isEqualTo(before);
    }

    @Test
    void saysThatASpotInstanceCannotBeProtected() {
        service.sandbox().setSpot("web-1", true);
        Action action = isolate();
        assertState(action, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(check(action, "it is kept from termination and stop").getDetail())
                .contains("Spot Instance");
        assertThat(operations(action)).doesNotContain("ec2:ModifyInstanceAttribute");
        assertState(undo(action), ActionState.ACTION_STATE_UNDONE);
    }

    @Test
    void keepsProtectionsThatWereThere() {
        service.operator()
                .modifyInstanceAttribute(r ->
                        r.instanceId(TestService.WEB).disableApiTermination(v -> v.value(true)));
        Standing before = standing();
        Action action = isolate();
        assertThatThrownBy(() ->
                        service.operator().terminateInstances(r -> r.instanceIds(TestService.WEB)))
                .isInstanceOf(Ec2Exception.class);
        assertState(undo(action), ActionState.ACTION_STATE_UNDONE);
        assertThat(standing().settled()).isEqualTo(before);
    }

    @Test
    void reportsWhatOthersChangedMeanwhile() {
        service.sandbox().registerTarget("web-1", "web");
        Action action = isolate();
        service.scaling()
                .exitStandby(r -> r.autoScalingGroupName(GROUP).instanceIds(TestService.WEB));
        service.operator()
                .modifyInstanceAttribute(r ->
                        r.instanceId(TestService.WEB).disableApiTermination(v -> v.value(false)));
        service.sandbox().deregisterTarget("web-1", "web");
        service.sandbox().registerTarget("web-1", "web", 81);

        Action undone = undo(action);

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
        service.sandbox().leaveAutoScalingGroup("web-1");

        Action undone = undo(action);

        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList())
                .singleElement()
                .asString()
                .contains("not in Auto Scaling group web-asg any more");
    }

    @Test
    void cutsAlsoWhenAutoScalingDoesNotAnswer() {
        service.sandbox()
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
        assertThat(service.groups(TestService.WEB).values())
                .allMatch(List.of(String.valueOf(service.isolationGroup()))::equals);
        Action undone = undo(action);
        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
    }

    private static Standing standing() {
        return Standing.of(service, TestService.WEB);
    }

    private static List<String> operations(Action action) {
        return action.getCallsList().stream().map(CallRecord::getOperation).toList();
    }

    private static PreflightCheck check(Action action, String label) {
        return action.getPlan().getChecksList().stream()
                .filter(check -> check.getLabel().equals(label))
                .findFirst()
                .orElseThrow();
    }

    private static void assertState(Action action, ActionState state) {
        assertThat(action.getState()).as(action.getStateReason()).isEqualTo(state);
    }

    private static Action isolate() {
        return Settled.of(service.actions(), service.actions().createAction(request()).getName());
    }

    private static Action undo(Action action) {
        service.actions()
                .undoAction(
                        UndoActionRequest.newBuilder()
                                .setName(action.getName())
                                .setReason("clean")
                                .build());
        return Settled.of(service.actions(), action.getName());
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
