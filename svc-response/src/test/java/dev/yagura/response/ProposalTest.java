package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentState;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ApproveActionRequest;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.ListActionsRequest;
import dev.yagura.proto.response.v1.RejectActionRequest;
import dev.yagura.proto.response.v1.UndoActionRequest;
import dev.yagura.proto.response.v1.WatchActionsRequest;
import dev.yagura.proto.response.v1.WatchActionsResponse;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From critical incidents to proposals, with the role that the service has in an account. */
class ProposalTest {
    @RegisterExtension static final TestService SERVICE = TestService.with(Map.of());

    private static final TestResponder RESPONDER = TestResponder.of(SERVICE);

    @Test
    void proposesOnceAndActsOnlyWhenApproved() throws Exception {
        SERVICE.sandbox().joinAutoScalingGroup("app-1", "web-asg");
        SERVICE.sandbox().joinAutoScalingGroup("db-1", "web-asg");
        SERVICE.sandbox().registerTarget("app-1", "web-admin");
        Iterator<WatchActionsResponse> watch = watch();
        Map<String, List<String>> before = SERVICE.groups(TestService.APP);
        Incident incident = incident(TestService.APP, Severity.SEVERITY_CRITICAL).build();
        SERVICE.detection().publish(incident);
        SERVICE.detection().publish(incident);

        Action proposal = next(watch);

        assertThat(proposal.getState()).isEqualTo(ActionState.ACTION_STATE_PROPOSED);
        assertThat(proposal.getIncident()).isEqualTo(incident.getName());
        assertThat(proposal.getRequestedBy()).isEqualTo("yagura");
        assertThat(proposal.getPlan().getCallsCount()).isEqualTo(9);
        assertThat(SERVICE.groups(TestService.APP)).isEqualTo(before);

        ApproveActionRequest approval =
                ApproveActionRequest.newBuilder().setName(proposal.getName()).build();
        assertThatThrownBy(() -> SERVICE.actions().approveAction(approval))
                .hasMessageContaining(
                        "fewer than 1 healthy would be left in target group web-admin")
                .hasMessageContaining("override the guard minimum-healthy");
        SERVICE.actions()
                .approveAction(approval.toBuilder().addOverrideGuards("minimum-healthy").build());
        Action done = RESPONDER.settled(proposal.getName());
        assertThat(done.getState())
                .as(done.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        SERVICE.actions()
                .undoAction(
                        UndoActionRequest.newBuilder()
                                .setName(proposal.getName())
                                .setReason("clean")
                                .build());
        assertThat(RESPONDER.settled(proposal.getName()).getState())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(SERVICE.groups(TestService.APP)).isEqualTo(before);
        isolateWhereTheGroupCannotLaunch();
        assertPolicyFits();

        mergedIncidentIsNotProposedAgain(incident);
    }

    /** The other way to keep a group from ending an instance, with calls of its own. */
    private static void isolateWhereTheGroupCannotLaunch() {
        List.of("web-1", "app-1", "db-1")
                .forEach(name -> SERVICE.sandbox().joinAutoScalingGroup(name, "web-asg"));
        SERVICE.sandbox().resizeAutoScalingGroup("web-asg", 2, 2, 4);
        SERVICE.sandbox().suspendProcesses("web-asg", List.of("Launch"));
        Action action =
                SERVICE.actions()
                        .createAction(
                                CreateActionRequest.newBuilder()
                                        .setKind(ActionKind.ACTION_KIND_ISOLATE_INSTANCE)
                                        .setTarget(TestService.target(TestService.WEB))
                                        .setReason("beacon")
                                        .setRequestId(UUID.randomUUID().toString())
                                        .build());
        assertThat(RESPONDER.settled(action.getName()).getState())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        SERVICE.actions()
                .undoAction(
                        UndoActionRequest.newBuilder()
                                .setName(action.getName())
                                .setReason("clean")
                                .build());
        assertThat(RESPONDER.settled(action.getName()).getState())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        SERVICE.sandbox().leaveAutoScalingGroup("web-1");
    }

    /** A merge keeps the older incident's proposal; an incident after it shows that it was read. */
    private static void mergedIncidentIsNotProposedAgain(Incident older) {
        Iterator<WatchActionsResponse> watch = watch();
        SERVICE.detection()
                .publish(
                        incident(TestService.APP, Severity.SEVERITY_CRITICAL)
                                .addMergedFrom(older.getName())
                                .build());
        SERVICE.detection().publish(incident(TestService.DB, Severity.SEVERITY_HIGH).build());
        SERVICE.detection()
                .publish(incident("i-0123456789abcdef0", Severity.SEVERITY_CRITICAL).build());
        SERVICE.detection().publish(incident(TestService.WEB, Severity.SEVERITY_CRITICAL).build());

        Action proposal = next(watch);

        assertThat(proposal.getTarget().getInstanceId()).isEqualTo(TestService.WEB);
        SERVICE.actions()
                .rejectAction(
                        RejectActionRequest.newBuilder()
                                .setName(proposal.getName())
                                .setReason("known test")
                                .build());
        assertThatThrownBy(() ->
                        SERVICE.actions()
                                .approveAction(
                                        ApproveActionRequest.newBuilder()
                                                .setName(proposal.getName())
                                                .build()))
                .hasMessageContaining("FAILED_PRECONDITION")
                .hasMessageContaining("known test");
    }

    /** The policy allows what was called, and nothing that is never called. */
    private static void assertPolicyFits() throws Exception {
        Set<String> allowed = PolicyFile.allowed("isolate_instance");
        Set<String> called = PolicyFile.called(SERVICE.sandbox().journal(0));

        assertThat(allowed).containsAll(called);
        // Tags are part of CreateSecurityGroup; the others need rules that the seed does not have.
        called.addAll(
                Set.of(
                        "ec2:CreateTags",
                        "ec2:GetManagedPrefixListEntries",
                        "ec2:RevokeSecurityGroupIngress"));
        assertThat(called).containsAll(allowed);
    }

    private static Iterator<WatchActionsResponse> watch() {
        String cursor =
                SERVICE.actions().listActions(ListActionsRequest.getDefaultInstance()).getCursor();
        return SERVICE.actions()
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .watchActions(WatchActionsRequest.newBuilder().setCursor(cursor).build());
    }

    private static Action next(Iterator<WatchActionsResponse> watch) {
        WatchActionsResponse change = watch.next();
        while (!change.hasAction()) {
            change = watch.next();
        }
        return change.getAction();
    }

    private static Incident.Builder incident(String instance, Severity severity) {
        return Incident.newBuilder()
                .setName("incidents/" + UUID.randomUUID())
                .setScope(TestService.TOKYO)
                .setState(IncidentState.INCIDENT_STATE_OPEN)
                .setSeverity(severity)
                .setTitle("web service spawned a shell")
                .setAsset(
                        AssetSnapshot.newBuilder()
                                .setInstanceId(instance)
                                .setScope(TestService.TOKYO));
    }
}
