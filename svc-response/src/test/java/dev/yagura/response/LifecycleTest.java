package dev.yagura.response;

import static dev.yagura.response.ActionOutcome.assertState;
import static dev.yagura.response.ActionOutcome.check;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ApproveActionRequest;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.PreflightCheck;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ec2.model.Volume;

/**
 * stop_instance and terminate_instance through the public contract, against the sandbox, with the
 * product's role.
 */
class LifecycleTest {
    @RegisterExtension
    static final TestService SERVICE =
            TestService.with(
                    Map.of(
                            "yagura.response.lifecycle.poll", "PT0.02S",
                            "yagura.response.forensics.poll", "PT0.02S",
                            "yagura.response.action.poll", "PT0.02S"));

    private static final TestResponder RESPONDER =
            new TestResponder(SERVICE, Duration.ofSeconds(5));
    private static final String GROUP = "web-asg";
    private static final String STANDBY = "autoscaling:EnterStandby";
    private static final String STOP = "ec2:StopInstances";
    private static final String DB_ROOT = "vol-0bc9e846f0bc09ea7";
    private static final String DB_DATA = "vol-0a81c4d7e2f6b9350";

    /** Everything that a stop and its undo may touch. */
    private record Place(String state, Map<String, List<String>> groups, Standing standing) {
        static Place of(String instanceId) {
            return new Place(
                    LifecycleTest.state(instanceId),
                    SERVICE.groups(instanceId),
                    Standing.of(SERVICE, instanceId).settled());
        }
    }

    @BeforeAll
    static void twoOfAGroup() {
        SERVICE.sandbox().freezeClock();
        SERVICE.sandbox().joinAutoScalingGroup("web-1", GROUP);
        SERVICE.sandbox().joinAutoScalingGroup("app-1", GROUP);
    }

    @Test
    void stopsWhatAPersonUnprotectedOutOfItsGroupAndStartsItAgain() throws Exception {
        SERVICE.operator()
                .modifyInstanceAttribute(
                        r -> r.instanceId(TestService.WEB).disableApiStop(v -> v.value(true)));
        Place before = Place.of(TestService.WEB);
        long since = SERVICE.lastCall();

        Action planned = RESPONDER.plan(stop(TestService.WEB));

        assertThat(refused(planned))
                .singleElement()
                .satisfies(check -> assertThat(check.getGuard()).isEqualTo("stop-protection"));
        assertThat(planned.getPlan().getCallsList())
                .extracting(PlannedCall::getOperation)
                .containsExactly(
                        STANDBY,
                        "ec2:ModifyInstanceAttribute",
                        STOP,
                        "ec2:ModifyInstanceAttribute");
        assertThat(planned.getPlan().getUndoCallsList())
                .extracting(PlannedCall::getOperation)
                .containsExactly("ec2:StartInstances", "autoscaling:ExitStandby");
        assertThat(planned.getPlan().getResidualRisksList())
                .anyMatch(risk -> risk.contains("in memory is lost"));
        assertThat(SERVICE.sandbox().journal(since))
                .allMatch(call ->
                        call.dryRun() || call.operation().matches("[a-z2]+:(Describe|Assume).*"));

        Action stopped =
                RESPONDER.apply(stop(TestService.WEB).addOverrideGuards("stop-protection"));

        assertState(stopped, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(Place.of(TestService.WEB))
                .satisfies(place -> {
                    assertThat(place.state()).isEqualTo("stopped");
                    assertThat(place.standing().lifecycle()).isEqualTo("Standby");
                    assertThat(place.standing().stopProtection()).isTrue();
                });
        assertThat(stopped.getPowerState().getPublicAddressesList()).hasSize(1);

        Action undone = RESPONDER.undo(stopped);

        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(undone.getVerificationsList().getLast().getDetail())
                .contains("is running", "instead of", "back in service");
        assertThat(Place.of(TestService.WEB)).isEqualTo(before);
        SERVICE.sandbox().setPersistentSpot("web-1");
        assertThat(check(RESPONDER.plan(stop(TestService.WEB)), "EC2 can stop it").getOutcome())
                .isEqualTo(CheckOutcome.CHECK_OUTCOME_WARNING);
        SERVICE.sandbox().setSpot("web-1", false);
        PolicyFile.assertFits(SERVICE, "stop_instance", since, "kms:CreateGrant");
        SERVICE.operator()
                .modifyInstanceAttribute(
                        r -> r.instanceId(TestService.WEB).disableApiStop(v -> v.value(false)));
    }

    @Test
    void anIsolatedOneStopsAndBothAreUndoneInEitherOrder() {
        Place before = Place.of(TestService.APP);
        Action isolated = RESPONDER.apply(isolate(TestService.APP));
        assertState(isolated, ActionState.ACTION_STATE_SUCCEEDED);
        Action stopped = RESPONDER.apply(stop(TestService.APP));
        assertState(stopped, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(Standing.of(SERVICE, TestService.APP).stopProtection())
                .as("what the isolation protects")
                .isTrue();

        Action early = RESPONDER.undo(isolated);

        assertState(early, ActionState.ACTION_STATE_UNDO_FAILED);
        assertThat(early.getStateReason()).contains("stays in standby", "does not run");
        assertThat(SERVICE.groups(TestService.APP)).isEqualTo(before.groups());
        assertState(RESPONDER.undo(stopped), ActionState.ACTION_STATE_UNDONE);
        assertState(RESPONDER.undo(isolated), ActionState.ACTION_STATE_UNDONE);
        assertThat(Place.of(TestService.APP)).isEqualTo(before);

        Action first = RESPONDER.apply(stop(TestService.APP));
        Action second = RESPONDER.apply(isolate(TestService.APP));
        assertState(second, ActionState.ACTION_STATE_SUCCEEDED);

        Action tooEarly = RESPONDER.undo(first);

        assertState(tooEarly, ActionState.ACTION_STATE_UNDO_FAILED);
        assertThat(tooEarly.getStateReason()).contains("since it is isolated");
        assertThat(state(TestService.APP)).isEqualTo("running");
        assertState(RESPONDER.undo(second), ActionState.ACTION_STATE_UNDONE);
        assertState(RESPONDER.undo(first), ActionState.ACTION_STATE_UNDONE);
        assertThat(Place.of(TestService.APP)).isEqualTo(before);
    }

    @Test
    void refusesWhatLosesMoreThanItMay() {
        SERVICE.sandbox().setType("db-1", "m6id.large");
        assertThat(refused(RESPONDER.plan(stop(TestService.DB))))
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.getGuard()).isEqualTo("instance-store");
                    assertThat(check.getDetail()).contains("118 GB");
                });
        assertThat(
                        refused(
                                RESPONDER.plan(
                                        stop(TestService.DB).addOverrideGuards("instance-store"))))
                .isEmpty();
        SERVICE.sandbox().setType("db-1", "r6i.large");
        SERVICE.sandbox().setSpot("db-1", true);
        assertThat(refused(RESPONDER.plan(stop(TestService.DB))))
                .extracting(PreflightCheck::getLabel)
                .containsExactly("EC2 can stop it");
        SERVICE.sandbox().setSpot("db-1", false);
        SERVICE.operator()
                .createTags(r ->
                        r.resources(TestService.DB)
                                .tags(t -> t.key("yagura:protected").value("true")));
        assertThat(refused(RESPONDER.plan(stop(TestService.DB))))
                .extracting(PreflightCheck::getLabel)
                .containsExactly("it is not protected");
        SERVICE.operator()
                .deleteTags(r -> r.resources(TestService.DB).tags(t -> t.key("yagura:protected")));
        SERVICE.sandbox().suspendProcesses(GROUP, List.of("Launch"));
        SERVICE.sandbox().resizeAutoScalingGroup(GROUP, 1, 1, 4);
        assertThat(refused(RESPONDER.plan(stop(TestService.WEB))))
                .extracting(PreflightCheck::getDetail)
                .singleElement()
                .asString()
                .contains("cannot go into standby");
        SERVICE.sandbox().suspendProcesses(GROUP, List.of());
        SERVICE.sandbox().resizeAutoScalingGroup(GROUP, 1, 2, 4);
    }

    @Test
    void terminatesWhatHasSnapshotsWhenTwoPersonsWantIt() throws Exception {
        assertThatThrownBy(() -> RESPONDER.create(terminate(TestService.DB)))
                .hasMessageContaining(DB_ROOT)
                .hasMessageContaining("snapshot_instance first")
                .hasMessageContaining("evidence-snapshot");
        Action snapshots =
                RESPONDER.apply(request(ActionKind.ACTION_KIND_SNAPSHOT_INSTANCE, TestService.DB));
        assertState(snapshots, ActionState.ACTION_STATE_SUCCEEDED);
        Action isolated = RESPONDER.apply(isolate(TestService.DB));
        assertState(isolated, ActionState.ACTION_STATE_SUCCEEDED);
        long since = SERVICE.lastCall();

        Action asked = RESPONDER.create(terminate(TestService.DB));

        assertState(asked, ActionState.ACTION_STATE_AWAITING_APPROVAL);
        assertThat(state(TestService.DB)).isEqualTo("running");
        assertThat(asked.getPlan().getCallsList())
                .last()
                .satisfies(call ->
                        assertThat(call.getBefore())
                                .contains(
                                        "deleted with it: " + DB_ROOT + " /dev/xvda",
                                        "left: " + DB_DATA + " /dev/xvdb"));
        assertThat(check(asked, "what is deleted has snapshots").getDetail())
                .contains("snap-", snapshots.getName());
        assertThat(check(asked, "it is not protected from termination").getDetail())
                .contains(isolated.getName());
        assertThatThrownBy(() -> approve(asked, false)).hasMessageContaining("needs two persons");
        approve(asked, true);
        Action terminated = RESPONDER.settled(asked);

        assertState(terminated, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(state(TestService.DB)).isEqualTo("terminated");
        assertThat(SERVICE.operator().describeVolumes().volumes())
                .extracting(Volume::volumeId)
                .contains(DB_DATA)
                .doesNotContain(DB_ROOT);
        assertThat(terminated.getVerificationsList().getLast().getDetail()).contains(DB_DATA);
        assertThatThrownBy(() -> RESPONDER.undo(terminated))
                .hasMessageContaining("cannot be undone");
        SERVICE.sandbox().setPersistentSpot("web-1");
        assertThat(
                        check(
                                        RESPONDER.plan(terminate(TestService.WEB)),
                                        "no Spot request launches another one")
                                .getOutcome())
                .isEqualTo(CheckOutcome.CHECK_OUTCOME_WARNING);
        SERVICE.sandbox().setSpot("web-1", false);
        PolicyFile.assertFits(SERVICE, "terminate_instance", since);
        assertThat(RESPONDER.undo(isolated).getDriftList())
                .anyMatch(drift -> drift.contains("is terminated"));
    }

    private static void approve(Action action, boolean another) {
        ApproveActionRequest request =
                ApproveActionRequest.newBuilder().setName(action.getName()).build();
        (another ? SERVICE.actionsOfAnother() : SERVICE.actions()).approveAction(request);
    }

    private static CreateActionRequest.Builder stop(String instanceId) {
        return request(ActionKind.ACTION_KIND_STOP_INSTANCE, instanceId);
    }

    private static CreateActionRequest.Builder terminate(String instanceId) {
        return request(ActionKind.ACTION_KIND_TERMINATE_INSTANCE, instanceId);
    }

    private static CreateActionRequest.Builder isolate(String instanceId) {
        return request(ActionKind.ACTION_KIND_ISOLATE_INSTANCE, instanceId);
    }

    private static CreateActionRequest.Builder request(ActionKind kind, String instanceId) {
        return TestResponder.request(kind, TestService.target(instanceId));
    }

    private static List<PreflightCheck> refused(Action planned) {
        return planned.getPlan().getChecksList().stream()
                .filter(check -> check.getOutcome() == CheckOutcome.CHECK_OUTCOME_REFUSED)
                .toList();
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
