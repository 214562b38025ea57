package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.GetActionRequest;
import dev.yagura.proto.response.v1.ListActionsRequest;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.UndoActionRequest;
import dev.yagura.proto.response.v1.WatchActionsRequest;
import dev.yagura.proto.response.v1.WatchActionsResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** isolate_instance through the public contract, against the sandbox. */
class IsolationTest {
    @RegisterExtension static final TestService SERVICE = TestService.withoutRole(Map.of());

    private static final TestResponder RESPONDER = TestResponder.of(SERVICE);

    @BeforeEach
    void backToTheSeed() {
        SERVICE.postgres().execute("DELETE FROM action");
        SERVICE.sandbox().reset();
        SERVICE.sandbox().freezeClock();
    }

    @Test
    void planIsCompleteAndChangesNothing() {
        Map<String, List<String>> before = SERVICE.groups(TestService.APP);

        Action planned = RESPONDER.plan(request(TestService.APP));

        assertThat(planned.getName()).isEmpty();
        assertThat(planned.getPlan().getChecksList())
                .isNotEmpty()
                .allSatisfy(check ->
                        assertThat(check.getOutcome())
                                .isEqualTo(CheckOutcome.CHECK_OUTCOME_PASSED));
        assertThat(planned.getPlan().getCallsList())
                .extracting(PlannedCall::getOperation)
                .containsExactly(
                        "ec2:CreateSecurityGroup",
                        "ec2:RevokeSecurityGroupEgress",
                        "ec2:AuthorizeSecurityGroupEgress",
                        "ec2:ModifyNetworkInterfaceAttribute",
                        "ec2:ModifyNetworkInterfaceAttribute",
                        "ec2:ModifyInstanceAttribute",
                        "ec2:ModifyInstanceAttribute");
        assertThat(planned.getPlan().getCallsList())
                .filteredOn(call -> !call.getDryRun().startsWith("not supported"))
                .hasSize(5)
                .allSatisfy(call -> assertThat(call.getDryRun()).isEqualTo("allowed"));
        assertThat(planned.getPlan().getUndoCallsList()).hasSize(5);
        assertThat(String.join("\n", planned.getPlan().getResidualRisksList()))
                .contains("432,000 s", "network ACL", "DNS", "keepalives");
        assertThat(SERVICE.groups(TestService.APP)).isEqualTo(before);
        assertThat(SERVICE.isolationGroup()).isNull();
        assertThat(SERVICE.sandbox().journal(0))
                .filteredOn(entry -> entry.result().equals("ok"))
                .allMatch(entry -> isRead(entry.operation()));
        assertThat(
                        SERVICE.actions()
                                .listActions(ListActionsRequest.getDefaultInstance())
                                .getActionsList())
                .isEmpty();
    }

    @Test
    void isolatesEveryInterfaceAndRestoresEachExactly() {
        Map<String, List<String>> before = SERVICE.groups(TestService.APP);

        Action action = isolate(TestService.APP);

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        String group = Objects.requireNonNull(SERVICE.isolationGroup());
        assertThat(SERVICE.groups(TestService.APP).values())
                .hasSize(2)
                .allMatch(List.of(group)::equals);
        assertThat(action.getVerificationsList()).hasSize(1).allMatch(each -> each.getPassed());
        assertThat(action.getCallsList()).allMatch(call -> call.hasEndTime());
        assertThat(action.getCallsList()).noneMatch(call -> call.getAwsRequestId().isEmpty());
        assertThat(widened()).isEmpty();

        Action undone = RESPONDER.undo(action);

        assertThat(undone.getState())
                .as(undone.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(SERVICE.groups(TestService.APP)).isEqualTo(before);
        assertThat(SERVICE.isolationGroup()).isNull();
        assertThat(SERVICE.sandbox().journal(0))
                .allMatch(entry -> entry.beyondBaseline().isEmpty());
    }

    @Test
    void blocksNewConnectionsAndKeepsTheControlPath() {
        SERVICE.sandbox()
                .openOutbound("app-1", "beacon", "203.0.113.66", 443, Duration.ofSeconds(1));

        Action action = isolate(TestService.APP);
        SERVICE.sandbox().advance(Duration.ofHours(2));

        assertThat(SERVICE.sandbox().flows("app-1"))
                .filteredOn(flow -> flow.label().equals("beacon"))
                .as("a tracked connection with keepalives is not cut, and the plan says so")
                .allMatch(flow -> flow.state().equals("alive"));
        assertThat(action.getPlan().getResidualRisksList().getFirst()).contains("may live on");
        assertThat(SERVICE.sandbox().probe("app-1", "203.0.113.66", 443).allowed()).isFalse();
        assertThat(SERVICE.sandbox().probe("app-1", "db-1", 5432).allowed()).isFalse();
        assertThat(SERVICE.sandbox().probe("app-1", "endpoint:ssm", 443).allowed()).isTrue();
        assertThat(SERVICE.sandbox().probe("app-1", "endpoint:ssmmessages", 443).allowed())
                .isTrue();
        assertThat(SERVICE.sandbox().probe("app-1", "10.20.1.40", 8443).allowed()).isTrue();
    }

    @Test
    void sameRequestActsOnceAlsoAtTheSameTime() throws Exception {
        CreateActionRequest request =
                request(TestService.WEB).setRequestId(UUID.randomUUID().toString()).build();
        Set<String> names = new HashSet<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Action>> answers =
                    Stream.generate(() ->
                                    callers.submit(() -> SERVICE.actions().createAction(request)))
                            .limit(8)
                            .toList();
            for (Future<Action> answer : answers) {
                names.add(answer.get(30, TimeUnit.SECONDS).getName());
            }
        }

        assertThat(names).hasSize(1);
        RESPONDER.settled(names.iterator().next());
        assertThat(SERVICE.actions().createAction(request).getName())
                .isEqualTo(names.iterator().next());
        assertThatThrownBy(() ->
                        SERVICE.actions()
                                .createAction(request.toBuilder().setReason("other").build()))
                .hasMessageContaining("ALREADY_EXISTS");
        assertThat(SERVICE.sandbox().journal(0))
                .filteredOn(entry -> entry.operation().equals("ec2:CreateSecurityGroup"))
                .filteredOn(entry -> !entry.dryRun())
                .hasSize(1);
    }

    @Test
    void isolatesAndReleasesTheHostsOfAVpcAtTheSameTime() {
        Map<String, List<String>> web = SERVICE.groups(TestService.WEB);
        Map<String, List<String>> app = SERVICE.groups(TestService.APP);
        for (int round = 0; round < 5; round++) {
            List<Action> started =
                    Stream.of(TestService.WEB, TestService.APP)
                            .map(instance ->
                                    SERVICE.actions().createAction(request(instance).build()))
                            .toList();
            List<Action> isolated =
                    started.stream().map(each -> RESPONDER.settled(each.getName())).toList();
            assertThat(isolated)
                    .extracting(Action::getState)
                    .containsOnly(ActionState.ACTION_STATE_SUCCEEDED);
            List<String> only = List.of(Objects.requireNonNull(SERVICE.isolationGroup()));
            assertThat(SERVICE.groups(TestService.WEB).values()).containsOnly(only);
            assertThat(SERVICE.groups(TestService.APP).values()).containsOnly(only);

            isolated.forEach(each ->
                    SERVICE.actions()
                            .undoAction(
                                    UndoActionRequest.newBuilder()
                                            .setName(each.getName())
                                            .setReason("over")
                                            .build()));
            assertThat(isolated)
                    .extracting(each -> RESPONDER.settled(each.getName()).getState())
                    .containsOnly(ActionState.ACTION_STATE_UNDONE);
            assertThat(SERVICE.groups(TestService.WEB)).isEqualTo(web);
            assertThat(SERVICE.groups(TestService.APP)).isEqualTo(app);
            assertThat(SERVICE.isolationGroup()).isNull();
        }
    }

    @Test
    void refusesAProtectedHost() {
        SERVICE.operator()
                .createTags(request ->
                        request.resources(TestService.WEB)
                                .tags(tag -> tag.key("yagura:protected").value("true")));
        assertRefused(TestService.WEB, "it is not protected", "yagura:protected");
    }

    @Test
    void refusesATerminatedInstance() {
        SERVICE.sandbox().terminate("web-1");
        SERVICE.sandbox().advance(Duration.ofSeconds(10));
        assertRefused(TestService.WEB, "the instance exists", "terminated");
    }

    @Test
    void refusesWhatAnotherActionHolds() {
        Action first = isolate(TestService.WEB);
        assertRefused(TestService.WEB, "no other action holds it", first.getName());
    }

    @Test
    void refusesAPermissionThatIsMissingAndNamesIt() {
        SERVICE.sandbox()
                .planFault(
                        Map.of(
                                "operation", "ec2:ModifyNetworkInterfaceAttribute",
                                "kind", "error",
                                "code", "UnauthorizedOperation",
                                "status", 403,
                                "message", "You are not authorized"));
        assertRefused(
                TestService.WEB, "EC2 allows every call", "ec2:ModifyNetworkInterfaceAttribute");
    }

    @Test
    void refusesAnUnknownInstanceAndAForeignAccount() {
        assertThatThrownBy(() ->
                        SERVICE.actions().createAction(request("i-0123456789abcdef0").build()))
                .hasMessageContaining("NOT_FOUND");
        assertThatThrownBy(() ->
                        SERVICE.actionsOf(Set.of("999900001111"))
                                .createAction(request(TestService.WEB).build()))
                .hasMessageContaining("PERMISSION_DENIED");
    }

    @Test
    void hidesActionsOfOtherAccounts() {
        Action action = isolate(TestService.WEB);
        var stranger = SERVICE.actionsOf(Set.of("999900001111"));
        assertThatThrownBy(() -> stranger.getAction(get(action.getName())))
                .hasMessageContaining("NOT_FOUND");
        assertThat(stranger.listActions(ListActionsRequest.getDefaultInstance()).getActionsList())
                .isEmpty();
    }

    @Test
    void watchShowsEveryStateInOrder() {
        String cursor =
                SERVICE.actions().listActions(ListActionsRequest.getDefaultInstance()).getCursor();
        Action action = isolate(TestService.WEB);
        Iterator<WatchActionsResponse> watch =
                SERVICE.actions()
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .watchActions(WatchActionsRequest.newBuilder().setCursor(cursor).build());
        Action seen = Action.getDefaultInstance();
        while (!seen.getState().equals(ActionState.ACTION_STATE_SUCCEEDED)) {
            seen = watch.next().getAction();
        }
        assertThat(seen).isEqualTo(action);
        assertThat(seen.getTransitionsList())
                .extracting(each -> each.getTo())
                .containsExactly(
                        ActionState.ACTION_STATE_APPROVED,
                        ActionState.ACTION_STATE_RUNNING,
                        ActionState.ACTION_STATE_VERIFYING,
                        ActionState.ACTION_STATE_SUCCEEDED);
    }

    @Test
    void closesAnIsolationGroupThatSomebodyOpened() {
        isolate(TestService.WEB);
        String group = Objects.requireNonNull(SERVICE.isolationGroup());
        SERVICE.operator()
                .authorizeSecurityGroupIngress(request ->
                        request.groupId(group)
                                .ipPermissions(p ->
                                        p.ipProtocol("tcp")
                                                .fromPort(22)
                                                .toPort(22)
                                                .ipRanges(range -> range.cidrIp("0.0.0.0/0"))));

        Action second = isolate(TestService.APP);

        assertThat(second.getState())
                .as(second.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(SERVICE.sandbox().probe("192.0.2.77", "web-1", 22).allowed()).isFalse();
    }

    @Test
    void keepsAPathThatOnlyAGroupReferenceAllowed() {
        Action action = isolate(TestService.DB);
        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(SERVICE.sandbox().probe("db-1", "10.20.1.40", 8443).allowed()).isTrue();
        assertThat(widened()).isEmpty();
    }

    @Test
    void opensNothingThatOneInterfaceCouldNotReach() {
        SERVICE.operator()
                .revokeSecurityGroupEgress(request ->
                        request.groupId("sg-0ef11f0e384c19284")
                                .ipPermissions(p ->
                                        p.ipProtocol("tcp")
                                                .fromPort(8443)
                                                .toPort(8443)
                                                .userIdGroupPairs(pair ->
                                                        pair.groupId("sg-0a31e9fc83d6f8973"))));

        Action action = isolate(TestService.APP);

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(SERVICE.sandbox().probe("app-1", "10.20.1.40", 8443).allowed()).isFalse();
        assertThat(SERVICE.sandbox().probe("app-1", "endpoint:ssm", 443).allowed()).isTrue();
        assertThat(widened()).isEmpty();
    }

    @Test
    void isolatesWithoutAControlPathAndWarns() {
        SERVICE.operator()
                .revokeSecurityGroupEgress(request ->
                        request.groupId("sg-02f1086a7759c4179")
                                .ipPermissions(p ->
                                        p.ipProtocol("-1")
                                                .ipRanges(range -> range.cidrIp("0.0.0.0/0"))));

        Action action = isolate(TestService.WEB);

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(action.getPlan().getChecksList())
                .filteredOn(check -> check.getLabel().equals("a control path stays"))
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.getOutcome()).isEqualTo(CheckOutcome.CHECK_OUTCOME_WARNING);
                    assertThat(check.getDetail()).contains("nothing stays reachable");
                });
        assertThat(widened()).isEmpty();
    }

    @Test
    void namesTheFieldThatIsWrong() {
        assertThatThrownBy(() ->
                        SERVICE.actions()
                                .createAction(request(TestService.WEB).setReason(" ").build()))
                .hasMessageContaining("INVALID_ARGUMENT")
                .hasMessageContaining("reason");
        assertThatThrownBy(() ->
                        SERVICE.actions()
                                .createAction(request(TestService.WEB).setRequestId("1-2").build()))
                .hasMessageContaining("request_id");
        assertThatThrownBy(() -> SERVICE.actions().createAction(request("web-1").build()))
                .hasMessageContaining("target.instance_id");
    }

    @Test
    void undoReportsWhatOthersChanged() {
        Action action = isolate(TestService.APP);
        SERVICE.operator()
                .modifyNetworkInterfaceAttribute(request ->
                        request.networkInterfaceId("eni-0d38b876322d4f5e4")
                                .groups("sg-0daf5eb4dda1c22b1"));

        Action undone = RESPONDER.undo(action);

        assertThat(undone.getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList())
                .singleElement()
                .asString()
                .contains("eni-0d38b876322d4f5e4", "somebody else");
        assertThat(SERVICE.groups(TestService.APP))
                .containsEntry("eni-0d38b876322d4f5e4", List.of("sg-0daf5eb4dda1c22b1"))
                .containsEntry("eni-0e462c28e64e61aaa", List.of("sg-0ef11f0e384c19284"));
    }

    @Test
    void undoOfATerminatedInstanceEndsClearly() {
        Action action = isolate(TestService.WEB);
        SERVICE.sandbox().terminate("web-1");
        SERVICE.sandbox().advance(Duration.ofSeconds(10));

        Action undone = RESPONDER.undo(action);

        assertThat(undone.getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(String.join("\n", undone.getDriftList())).contains("terminated");
    }

    private static void assertRefused(String instance, String label, String detail) {
        Map<String, List<String>> before = SERVICE.groups(instance);
        assertThatThrownBy(() -> SERVICE.actions().createAction(request(instance).build()))
                .hasMessageContaining("FAILED_PRECONDITION")
                .hasMessageContaining(label)
                .hasMessageContaining(detail);
        assertThat(SERVICE.groups(instance)).isEqualTo(before);
    }

    private static Action isolate(String instance) {
        return RESPONDER.settled(
                SERVICE.actions().createAction(request(instance).build()).getName());
    }

    private static CreateActionRequest.Builder request(String instance) {
        return TestResponder.request(
                ActionKind.ACTION_KIND_ISOLATE_INSTANCE, TestService.target(instance));
    }

    private static GetActionRequest get(String name) {
        return GetActionRequest.newBuilder().setName(name).build();
    }

    private static List<String> widened() {
        return SERVICE.sandbox().journal(0).stream()
                .flatMap(entry -> entry.widened().stream())
                .toList();
    }

    private static boolean isRead(String operation) {
        return operation.contains(":Describe")
                || operation.contains(":Get")
                || operation.equals("sts:AssumeRole");
    }
}
