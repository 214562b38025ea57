package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.GetActionRequest;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.UndoActionRequest;
import dev.yagura.sandbox.control.CredentialsView;
import dev.yagura.sandbox.front.JournalEntry;
import dev.yagura.testkit.PostgresFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * contain_role_session through the public contract, against the sandbox, with the product's role.
 */
class RoleSessionTest {
    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("response");

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final Map<String, String> SEEDED =
            Map.of(
                    TestService.WEB, "web-instance",
                    TestService.APP, "app-instance",
                    TestService.DB, "app-instance");

    private static final Set<ActionState> ENDED =
            EnumSet.of(
                    ActionState.ACTION_STATE_SUCCEEDED,
                    ActionState.ACTION_STATE_FAILED,
                    ActionState.ACTION_STATE_UNDONE,
                    ActionState.ACTION_STATE_UNDO_FAILED);

    @TempDir static Path folder;
    private static TestService service;

    @BeforeAll
    static void startService() throws Exception {
        service =
                TestService.start(
                        POSTGRES,
                        folder,
                        Map.of(
                                "yagura.response.credentials.ssm-wait", "PT60S",
                                "yagura.response.action.attempts", "100"));
        service.sandbox().freezeClock();
    }

    @AfterAll
    static void stopService() {
        service.close();
    }

    /** Without a reset, which would forget the session of the product's own role. */
    @BeforeEach
    void backToTheSeed() {
        POSTGRES.execute("DELETE FROM action");
        service.sandbox().clearFaults();
        service.sandbox().setAgentRunning("web-1", true);
        service.sandbox().advance(Duration.ofMinutes(2));
        SEEDED.forEach((instance, profile) -> {
            if (!service.profile(instance).equals(profile)) {
                service.giveProfile(instance, profile);
            }
            policies(profile)
                    .forEach(name ->
                            service.iam()
                                    .deleteRolePolicy(r -> r.roleName(profile).policyName(name)));
        });
        service.operator()
                .deleteTags(r -> r.resources(TestService.WEB).tags(t -> t.key("yagura:protected")));
        service.sandbox().advance(Duration.ofMinutes(2));
    }

    @Test
    void planIsCompleteAndChangesNothing() {
        long before = lastCall();

        Action planned =
                service.actions()
                        .createAction(request(TestService.APP).setValidateOnly(true).build());

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
        assertThat(service.sandbox().journal(before))
                .isNotEmpty()
                .allMatch(entry ->
                        entry.operation()
                                .matches("(ec2|ssm|iam|sts):(Describe|List|Get|Assume).*"));
    }

    @Test
    void stolenSessionStopsAndUndoRestoresExactly() throws Exception {
        long before = lastCall();
        CredentialsView stolen = service.sandbox().takeCredentials("app-1");
        CredentialsView ofAnother = service.sandbox().takeCredentials("db-1");
        assertThat(service.isAllowed(stolen)).isTrue();

        Action action = contain(TestService.APP);

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(service.isAllowed(stolen)).as("the stolen session").isFalse();
        assertThat(service.isAllowed(ofAnother))
                .as("another instance's session of the role")
                .isTrue();
        assertThat(service.sandbox().takeCredentials("app-1").roleName())
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

        Action undone = undo(action);

        assertThat(undone.getState())
                .as(undone.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(service.profile(TestService.APP)).isEqualTo("app-instance");
        assertThat(policies("app-instance")).isEmpty();
        assertThat(service.isAllowed(stolen)).as("as the plan says: it has not expired").isTrue();
        assertPolicyFits(before);
    }

    @Test
    void sessionsIssuedLaterWork() {
        contain(TestService.APP);
        service.giveProfile(TestService.APP, "app-instance");
        service.sandbox().advance(Duration.ofMinutes(1));

        await(
                "sessions that were issued after the deny's limit",
                () -> service.isAllowed(service.sandbox().takeCredentials("app-1")));
    }

    @Test
    void waitsForSystemsManagerBeforeItDenies() {
        // A stopped agent says nothing, whenever its next report would have been.
        service.sandbox().setAgentRunning("web-1", false);
        long before = lastCall();
        Action created = service.actions().createAction(request(TestService.WEB).build());
        service.sandbox().advance(Duration.ofSeconds(1));
        await(
                "the profile is replaced",
                () -> service.profile(TestService.WEB).contains("quarantine"));
        service.sandbox().advance(Duration.ofSeconds(1));
        long replaced = lastCall();
        await(
                "asks Systems Manager again and again",
                () -> called(replaced, "ssm:DescribeInstanceInformation") > 2);
        assertThat(called(before, "iam:PutRolePolicy")).isZero();

        service.sandbox().setAgentRunning("web-1", true);
        Action action = settled(created.getName());

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(called(before, "iam:PutRolePolicy")).isOne();
    }

    @Test
    void deniesAtOnceWhereSystemsManagerCannotBeAsked() {
        service.sandbox()
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
                settled(
                        service.actions()
                                .createAction(
                                        request(TestService.WEB)
                                                .setKind(ActionKind.ACTION_KIND_ISOLATE_INSTANCE)
                                                .build())
                                .getName());
        Action containment = contain(TestService.WEB);

        assertThat(List.of(isolation, containment))
                .extracting(Action::getState)
                .containsOnly(ActionState.ACTION_STATE_SUCCEEDED);
        assertThatThrownBy(() -> service.actions().createAction(request(TestService.WEB).build()))
                .hasMessageContaining("no other action holds it")
                .hasMessageContaining(containment.getName());
        assertThat(undo(isolation).getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(service.profile(TestService.WEB)).isEqualTo("yagura-quarantine");
        assertThat(undo(containment).getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
    }

    @Test
    void refusesWhatCannotBeContained() {
        service.giveProfile(TestService.DB, "service-linked");
        service.operator()
                .disassociateIamInstanceProfile(r ->
                        r.associationId(
                                service.association(TestService.APP)
                                        .orElseThrow()
                                        .associationId()));
        service.operator()
                .createTags(r ->
                        r.resources(TestService.WEB)
                                .tags(t -> t.key("yagura:protected").value("true")));

        assertRefused(TestService.DB, "the role can be changed", "service-linked");
        assertRefused(TestService.APP, "it has a role", "no instance profile");
        assertRefused(TestService.WEB, "it is not protected", "yagura:protected");
    }

    @Test
    void refusesAQuarantineThatMayDoMore() {
        service.iam()
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
            service.iam()
                    .deleteRolePolicy(r -> r.roleName("yagura-quarantine").policyName("extra"));
        }
    }

    @Test
    void undoLeavesAndReportsWhatOthersSet() {
        Action action = contain(TestService.WEB);
        service.giveProfile(TestService.WEB, "app-instance");
        service.iam()
                .deleteRolePolicy(
                        r -> r.roleName("web-instance").policyName("yagura-contain-" + id(action)));

        Action undone = undo(action);

        assertThat(undone.getState())
                .as(undone.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(service.profile(TestService.WEB)).isEqualTo("app-instance");
        assertThat(undone.getDriftList())
                .hasSize(2)
                .anyMatch(each -> each.contains("set by somebody else"))
                .anyMatch(each -> each.contains("was deleted meanwhile"));
    }

    @Test
    void failureSaysWhatIsLeftAndCanBeUndone() {
        service.sandbox()
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
        assertThat(undo(failed).getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(service.profile(TestService.WEB)).isEqualTo("web-instance");
    }

    /** The policy file allows what was called, and nothing that is never called. */
    private static void assertPolicyFits(long since) throws Exception {
        Set<String> called = PolicyFile.called(service.sandbox().journal(since));
        // EC2 asks for it when an instance is given a role; it is no call.
        called.add("iam:PassRole");
        assertThat(called).isEqualTo(PolicyFile.allowed("contain_role_session"));
    }

    private static void assertRefused(String instance, String label, String detail) {
        assertThatThrownBy(() -> service.actions().createAction(request(instance).build()))
                .hasMessageContaining("FAILED_PRECONDITION")
                .hasMessageContaining(label)
                .hasMessageContaining(detail);
    }

    private static Action contain(String instance) {
        return settled(service.actions().createAction(request(instance).build()).getName());
    }

    private static Action undo(Action action) {
        service.actions()
                .undoAction(
                        UndoActionRequest.newBuilder()
                                .setName(action.getName())
                                .setReason("clean")
                                .build());
        return settled(action.getName());
    }

    /** Lets simulated time pass until it has ended: EC2 associates, agents report. */
    private static Action settled(String name) {
        await(
                name,
                () -> {
                    service.sandbox().advance(Duration.ofMinutes(2));
                    return ENDED.contains(action(name).getState());
                });
        return action(name);
    }

    private static void await(String what, BooleanSupplier condition) {
        Instant end = Instant.now().plus(BOUND);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(end);
        }
    }

    private static Action action(String name) {
        return service.actions().getAction(GetActionRequest.newBuilder().setName(name).build());
    }

    private static List<String> policies(String role) {
        return service.iam().listRolePolicies(r -> r.roleName(role)).policyNames();
    }

    private static List<String> callsOf(Action action) {
        return action.getCallsList().stream().map(call -> call.getOperation()).toList();
    }

    private static long lastCall() {
        List<JournalEntry> journal = service.sandbox().journal(0);
        return journal.isEmpty() ? 0 : journal.getLast().sequence();
    }

    private static long called(long since, String operation) {
        return service.sandbox().journal(since).stream()
                .filter(entry -> entry.operation().equals(operation))
                .count();
    }

    private static String id(Action action) {
        return action.getName().substring("actions/".length());
    }

    private static CreateActionRequest.Builder request(String instance) {
        return CreateActionRequest.newBuilder()
                .setKind(ActionKind.ACTION_KIND_CONTAIN_ROLE_SESSION)
                .setTarget(TestService.target(instance))
                .setReason("credentials used from 203.0.113.66")
                .setRequestId(UUID.randomUUID().toString());
    }
}
