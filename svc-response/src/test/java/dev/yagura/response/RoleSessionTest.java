package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.sandbox.control.CredentialsView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * contain_role_session through the public contract, against the sandbox, with the product's role.
 */
class RoleSessionTest {
    @RegisterExtension
    static final TestService SERVICE =
            TestService.with(
                    Map.of(
                            "yagura.response.credentials.ssm-wait", "PT60S",
                            "yagura.response.action.attempts", "100"));

    private static final TestResponder RESPONDER =
            // EC2 associates, agents report.
            new TestResponder(SERVICE, Duration.ofMinutes(2));

    private static final Map<String, String> SEEDED =
            Map.of(
                    TestService.WEB, "web-instance",
                    TestService.APP, "app-instance",
                    TestService.DB, "app-instance");

    @BeforeAll
    static void stopTheClock() {
        SERVICE.sandbox().freezeClock();
    }

    /** Without a reset, which would forget the session of the product's own role. */
    @BeforeEach
    void backToTheSeed() {
        SERVICE.postgres().execute("DELETE FROM action");
        SERVICE.sandbox().clearFaults();
        SERVICE.sandbox().setAgentRunning("web-1", true);
        SERVICE.sandbox().advance(Duration.ofMinutes(2));
        SEEDED.forEach((instance, profile) -> {
            if (!SERVICE.profile(instance).equals(profile)) {
                SERVICE.giveProfile(instance, profile);
            }
            policies(profile)
                    .forEach(name ->
                            SERVICE.iam()
                                    .deleteRolePolicy(r -> r.roleName(profile).policyName(name)));
        });
        SERVICE.operator()
                .deleteTags(r -> r.resources(TestService.WEB).tags(t -> t.key("yagura:protected")));
        SERVICE.sandbox().advance(Duration.ofMinutes(2));
    }

    @Test
    void planIsCompleteAndChangesNothing() {
        long before = SERVICE.lastCall();

        Action planned = RESPONDER.plan(request(TestService.APP));

        assertThat(planned.getPlan().getCallsList())
                .extracting(PlannedCall::getOperation)
                .containsExactly("ec2:ReplaceIamInstanceProfileAssociation", "iam:PutRolePolicy");
        assertThat(planned.getPlan().getCalls(1).getParametersMap())
                .containsEntry("RoleName", "app-instance")
                .containsEntry("PolicyName", "yagura-contain-ACTION");
        assertThat(planned.getPlan().getUndoCallsList())
                .extracting(PlannedCall::getOperation)
                .containsExactly(
                        "ec2:ReplaceIamInstanceProfileAssociation", "iam:DeleteRolePolicy");
        assertThat(planned.getPlan().getChecksList())
                .noneMatch(check -> check.getOutcome() == CheckOutcome.CHECK_OUTCOME_REFUSED)
                .filteredOn(check -> check.getLabel().equals("who else has the role"))
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.getOutcome()).isEqualTo(CheckOutcome.CHECK_OUTCOME_WARNING);
                    assertThat(check.getDetail())
                            .contains(TestService.DB, "ECS", "Lambda")
                            .doesNotContain(TestService.APP)
                            .doesNotContain(TestService.WEB);
                });
        assertThat(String.join("\n", planned.getPlan().getResidualRisksList()))
                .contains("chaining", "not been proven on real AWS", "6 hours");
        assertThat(SERVICE.sandbox().journal(before))
                .isNotEmpty()
                .allMatch(entry ->
                        entry.operation()
                                .matches(
                                        "(ec2|ssm|iam|sts|cloudtrail):(Describe|List|Get|Assume|Lookup).*"));
    }

    @Test
    void stolenSessionStopsAndUndoRestoresExactly() throws Exception {
        long before = SERVICE.lastCall();
        CredentialsView stolen = SERVICE.sandbox().takeCredentials("app-1");
        CredentialsView ofAnother = SERVICE.sandbox().takeCredentials("db-1");
        assertThat(SERVICE.isAllowed(stolen)).isTrue();

        Action action = contain(TestService.APP);

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(SERVICE.isAllowed(stolen)).as("the stolen session").isFalse();
        assertThat(SERVICE.isAllowed(ofAnother))
                .as("another instance's session of the role")
                .isTrue();
        assertThat(SERVICE.sandbox().takeCredentials("app-1").roleName())
                .isEqualTo("yagura-quarantine");
        assertThat(action.getVerificationsList())
                .last()
                .satisfies(verification -> {
                    assertThat(verification.getPassed()).isTrue();
                    assertThat(verification.getDetail())
                            .contains("yagura-quarantine", "Systems Manager heard it at");
                });
        assertThat(policies("app-instance")).containsExactly("yagura-contain-" + id(action));
        assertThat(callsOf(action))
                .containsExactly("ec2:ReplaceIamInstanceProfileAssociation", "iam:PutRolePolicy");

        Action undone = RESPONDER.undo(action);

        assertThat(undone.getState())
                .as(undone.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(SERVICE.profile(TestService.APP)).isEqualTo("app-instance");
        assertThat(policies("app-instance")).isEmpty();
        assertThat(SERVICE.isAllowed(stolen)).as("as the plan says: it has not expired").isTrue();
        PolicyFile.assertFits(SERVICE, "contain_role_session", before, "iam:PassRole");
    }

    @Test
    void sessionsIssuedLaterWork() {
        contain(TestService.APP);
        SERVICE.giveProfile(TestService.APP, "app-instance");
        SERVICE.sandbox().advance(Duration.ofMinutes(1));

        TestResponder.await(
                "sessions that were issued after the deny's limit",
                () -> SERVICE.isAllowed(SERVICE.sandbox().takeCredentials("app-1")));
    }

    @Test
    void waitsForSystemsManagerBeforeItDenies() {
        // A stopped agent says nothing, whenever its next report would have been.
        SERVICE.sandbox().setAgentRunning("web-1", false);
        long before = SERVICE.lastCall();
        Action created = SERVICE.actions().createAction(request(TestService.WEB).build());
        SERVICE.sandbox().advance(Duration.ofSeconds(1));
        TestResponder.await(
                "the profile is replaced",
                () -> SERVICE.profile(TestService.WEB).contains("quarantine"));
        SERVICE.sandbox().advance(Duration.ofSeconds(1));
        long replaced = SERVICE.lastCall();
        TestResponder.await(
                "asks Systems Manager again and again",
                () -> SERVICE.calls(replaced, "ssm:DescribeInstanceInformation") > 2);
        assertThat(SERVICE.calls(before, "iam:PutRolePolicy")).isZero();

        SERVICE.sandbox().setAgentRunning("web-1", true);
        Action action = RESPONDER.settled(created.getName());

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(SERVICE.calls(before, "iam:PutRolePolicy")).isOne();
    }

    @Test
    void deniesAtOnceWhereSystemsManagerCannotBeAsked() {
        SERVICE.sandbox()
                .planFault(
                        Map.of(
                                "operation", "ssm:DescribeInstanceInformation",
                                "kind", "error",
                                "code", "AccessDeniedException",
                                "status", 400,
                                "times", 100,
                                "message", "not for you"));

        Action action = contain(TestService.WEB);

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(action.getVerificationsList().getLast().getDetail()).contains("not for you");
    }

    @Test
    void isolationAndContainmentHoldTheSameInstanceTogether() {
        Action isolation =
                RESPONDER.settled(
                        SERVICE.actions()
                                .createAction(
                                        request(TestService.WEB)
                                                .setKind(ActionKind.ACTION_KIND_ISOLATE_INSTANCE)
                                                .build())
                                .getName());
        Action containment = contain(TestService.WEB);

        assertThat(List.of(isolation, containment))
                .extracting(Action::getState)
                .containsOnly(ActionState.ACTION_STATE_SUCCEEDED);
        assertThatThrownBy(() -> SERVICE.actions().createAction(request(TestService.WEB).build()))
                .hasMessageContaining("no other action holds it")
                .hasMessageContaining(containment.getName());
        assertThat(RESPONDER.undo(isolation).getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(SERVICE.profile(TestService.WEB)).isEqualTo("yagura-quarantine");
        assertThat(RESPONDER.undo(containment).getState())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
    }

    @Test
    void refusesWhatCannotBeContained() {
        SERVICE.giveProfile(TestService.DB, "service-linked");
        SERVICE.operator()
                .disassociateIamInstanceProfile(r ->
                        r.associationId(
                                SERVICE.association(TestService.APP)
                                        .orElseThrow()
                                        .associationId()));
        SERVICE.operator()
                .createTags(r ->
                        r.resources(TestService.WEB)
                                .tags(t -> t.key("yagura:protected").value("true")));

        assertRefused(TestService.DB, "the role can be changed", "service-linked");
        assertRefused(TestService.APP, "it has a role", "no instance profile");
        assertRefused(TestService.WEB, "it is not protected", "yagura:protected");
    }

    @Test
    void refusesAQuarantineThatMayDoMore() {
        SERVICE.iam()
                .putRolePolicy(r ->
                        r.roleName("yagura-quarantine")
                                .policyName("extra")
                                .policyDocument(
                                        "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}}"));
        try {
            assertRefused(
                    TestService.WEB,
                    "the quarantine profile may do nothing but Systems Manager",
                    "extra");
        } finally {
            SERVICE.iam()
                    .deleteRolePolicy(r -> r.roleName("yagura-quarantine").policyName("extra"));
        }
    }

    @Test
    void undoLeavesAndReportsWhatOthersSet() {
        Action action = contain(TestService.WEB);
        SERVICE.giveProfile(TestService.WEB, "app-instance");
        SERVICE.iam()
                .deleteRolePolicy(
                        r -> r.roleName("web-instance").policyName("yagura-contain-" + id(action)));

        Action undone = RESPONDER.undo(action);

        assertThat(undone.getState())
                .as(undone.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(SERVICE.profile(TestService.WEB)).isEqualTo("app-instance");
        assertThat(undone.getDriftList())
                .hasSize(2)
                .anyMatch(each -> each.contains("set by somebody else"))
                .anyMatch(each -> each.contains("was deleted meanwhile"));
    }

    @Test
    void failureSaysWhatIsLeftAndCanBeUndone() {
        SERVICE.sandbox()
                .planFault(
                        Map.of(
                                "operation", "iam:PutRolePolicy",
                                "kind", "error",
                                "code", "LimitExceeded",
                                "status", 409,
                                "message", "Maximum policy size"));

        Action failed = contain(TestService.WEB);

        assertThat(failed.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason())
                .contains("Maximum policy size", "yagura-quarantine", "denies nothing");
        assertThat(RESPONDER.undo(failed).getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(SERVICE.profile(TestService.WEB)).isEqualTo("web-instance");
    }

    private static void assertRefused(String instance, String label, String detail) {
        assertThatThrownBy(() -> SERVICE.actions().createAction(request(instance).build()))
                .hasMessageContaining("FAILED_PRECONDITION")
                .hasMessageContaining(label)
                .hasMessageContaining(detail);
    }

    private static Action contain(String instance) {
        return RESPONDER.settled(
                SERVICE.actions().createAction(request(instance).build()).getName());
    }

    private static List<String> policies(String role) {
        return SERVICE.iam().listRolePolicies(r -> r.roleName(role)).policyNames();
    }

    private static List<String> callsOf(Action action) {
        return action.getCallsList().stream().map(call -> call.getOperation()).toList();
    }

    private static String id(Action action) {
        return action.getName().substring("actions/".length());
    }

    private static CreateActionRequest.Builder request(String instance) {
        return TestResponder.request(
                ActionKind.ACTION_KIND_CONTAIN_ROLE_SESSION, TestService.target(instance));
    }
}
