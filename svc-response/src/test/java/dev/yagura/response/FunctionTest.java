package dev.yagura.response;

import static dev.yagura.response.ActionOutcome.checkOfAllowed;
import static dev.yagura.response.ActionOutcome.succeededAtOnce;
import static dev.yagura.response.TestFunctions.MAIL;
import static dev.yagura.response.TestFunctions.ORDER;
import static dev.yagura.response.TestFunctions.ORDER_ROLE;
import static dev.yagura.response.TestFunctions.REPORT;
import static dev.yagura.response.TestFunctions.SHARED_ROLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.FunctionTarget;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.UndoActionRequest;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.invocation.InvocationConfig;
import dev.yagura.sandbox.control.CredentialsView;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

/** Kinds that act on Lambda through the public contract, with the product's role. */
class FunctionTest {
    @RegisterExtension
    static final TestService SERVICE =
            TestService.with(
                    Map.of(
                            "yagura.response.action.attempts",
                            "20",
                            "yagura.response.invoke-lambda.functions",
                            String.join(
                                    ",",
                                    TestFunctions.RESTORE_ENTRY,
                                    TestFunctions.entry("shop-broken", "1", "shop-broken"),
                                    TestFunctions.entry("shop-list", "1", "shop-list"),
                                    TestFunctions.entry("shop-slow", "1", "shop-slow"),
                                    TestFunctions.entry("shop-mail", "7", "any"),
                                    TestFunctions.entry("ops-tool", "1", "ops-tool"))));

    private static final TestResponder RESPONDER = TestResponder.of(SERVICE);

    private static TestFunctions functions;

    @BeforeAll
    static void open() {
        functions = new TestFunctions(SERVICE);
    }

    @AfterAll
    static void close() {
        functions.close();
    }

    /** Without a reset, which would forget the session of the product's own role. */
    @BeforeEach
    void backToTheSeed() {
        SERVICE.postgres().execute("DELETE FROM action");
        functions.reserve(ORDER, 20);
        functions.reserve(REPORT, 0);
        functions.lambda().deleteFunctionConcurrency(r -> r.functionName(MAIL));
        SERVICE.sandbox().changeCode(ORDER, TestFunctions.code(ORDER));
        for (String role : List.of(ORDER_ROLE, SHARED_ROLE)) {
            functions
                    .policies(role)
                    .forEach(name ->
                            SERVICE.iam().deleteRolePolicy(r -> r.roleName(role).policyName(name)));
        }
    }

    @Test
    void aPlanTellsWhatInvokesItAndWhatGoesOn() {
        long before = SERVICE.lastCall();

        Action planned = RESPONDER.plan(contain(ORDER));

        assertThat(planned.getPlan().getCallsList())
                .extracting(PlannedCall::getOperation)
                .containsExactly("lambda:PutFunctionConcurrency", "iam:PutRolePolicy");
        assertThat(planned.getPlan().getCalls(0).getParametersMap())
                .isEqualTo(Map.of("FunctionName", ORDER, "ReservedConcurrentExecutions", "0"));
        assertThat(planned.getPlan().getCalls(1).getParametersMap())
                .containsEntry("RoleName", ORDER_ROLE)
                .containsEntry("PolicyName", "yagura-contain-ACTION");
        assertThat(planned.getPlan().getUndoCallsList())
                .extracting(PlannedCall::getOperation)
                .containsExactly("iam:DeleteRolePolicy", "lambda:PutFunctionConcurrency");
        assertThat(planned.getPlan().getUndoCalls(1).getParametersMap())
                .containsEntry("ReservedConcurrentExecutions", "20");
        assertThat(checkOfAllowed(planned, "queues and streams that invoke it").getDetail())
                .isEqualTo("arn:aws:sqs:ap-northeast-1:111122223333:orders (Enabled)");
        assertThat(checkOfAllowed(planned, "who else may invoke it").getDetail())
                .isEqualTo("Service events.amazonaws.com");
        assertThat(checkOfAllowed(planned, "it has no URL").getDetail())
                .contains("anybody can call");
        assertThat(checkOfAllowed(planned, "only this function has its role").getOutcome())
                .isEqualTo(CheckOutcome.CHECK_OUTCOME_PASSED);
        assertThat(String.join("\n", planned.getPlan().getResidualRisksList()))
                .contains("runs already", "for up to 300 seconds", "chaining");
        assertThat(SERVICE.sandbox().journal(before))
                .isNotEmpty()
                .allMatch(entry ->
                        entry.operation().matches("(iam|sts|lambda|ec2):(List|Get|Assume|Desc).*"));
    }

    @Test
    void aContainedFunctionDoesNothingAndUndoGivesEverythingBack() throws Exception {
        CredentialsView keys = SERVICE.sandbox().takeFunctionCredentials(ORDER);
        long before = SERVICE.lastCall();

        Action action = RESPONDER.apply(contain(ORDER));

        succeededAtOnce(action);
        assertThat(functions.reserved(ORDER)).contains(0);
        assertThatThrownBy(() -> functions.lambda().invoke(r -> r.functionName(ORDER)))
                .isInstanceOf(TooManyRequestsException.class);
        assertThat(SERVICE.isAllowed(keys)).isFalse();
        assertThat(SERVICE.isAllowed(SERVICE.sandbox().takeFunctionCredentials(ORDER))).isFalse();
        assertThat(functions.policies(ORDER_ROLE)).containsExactly(TestFunctions.policy(action));
        assertThat(action.getFunctionState().getCodeSha256()).isEqualTo(TestFunctions.code(ORDER));
        assertThat(action.getFunctionState().getRevisionId()).isNotEmpty();
        assertThat(action.getFunctionState().getTimeoutSeconds()).isEqualTo(300);
        assertThat(action.getVerificationsList())
                .singleElement()
                .satisfies(verification -> {
                    assertThat(verification.getLevel())
                            .isEqualTo(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ);
                    assertThat(verification.getDetail())
                            .contains(
                                    ORDER + " has reserved concurrency 0",
                                    "the role " + ORDER_ROLE + " is denied everything");
                });
        assertThatThrownBy(() ->
                        RESPONDER.create(
                                contain(
                                        "arn:aws:lambda:ap-northeast-1:111122223333:function:"
                                                + ORDER)))
                .hasMessageContaining("no other action holds it")
                .hasMessageContaining(action.getName());

        Action undone = RESPONDER.undone(action);

        assertThat(undone.getDriftList()).isEmpty();
        assertThat(functions.reserved(ORDER)).contains(20);
        assertThat(functions.policies(ORDER_ROLE)).isEmpty();
        assertThat(SERVICE.isAllowed(keys)).as("as the plan says").isTrue();
        RESPONDER.undone(RESPONDER.apply(contain(MAIL)));
        // Behind GetFunction, which leaves the tags out without it.
        PolicyFile.assertFits(SERVICE, "contain_function", before, "lambda:ListTags");
    }

    @Test
    void aRoleThatOthersHaveIsDeniedOnlyWhenThatIsAskedFor() {
        Action action = RESPONDER.apply(contain(MAIL));

        succeededAtOnce(action);
        assertThat(checkOfAllowed(action, "only this function has its role").getDetail())
                .contains(SHARED_ROLE + " is NOT denied", "function " + REPORT);
        assertThat(functions.reserved(MAIL)).contains(0);
        assertThat(functions.policies(SHARED_ROLE)).isEmpty();
        assertThat(RESPONDER.undone(action).getDriftList()).isEmpty();
        assertThat(functions.reserved(MAIL)).isEmpty();

        Action both =
                RESPONDER.apply(
                        request(
                                ActionKind.ACTION_KIND_CONTAIN_FUNCTION,
                                TestFunctions.contained(
                                        FunctionTarget.newBuilder()
                                                .setName(MAIL)
                                                .setDenySharedRole(true))));

        succeededAtOnce(both);
        assertThat(functions.policies(SHARED_ROLE)).containsExactly(TestFunctions.policy(both));
        RESPONDER.undone(both);
        assertThat(functions.policies(SHARED_ROLE)).isEmpty();
    }

    @Test
    void instancesAndWhoeverTheTrustNamesShareTheRole() {
        Action planned = RESPONDER.plan(contain("shop-legacy"));

        assertThat(checkOfAllowed(planned, "only this function has its role").getDetail())
                .contains(TestService.WEB, "Service ec2.amazonaws.com", "NOT denied");
        assertThat(planned.getPlan().getCallsList())
                .extracting(PlannedCall::getOperation)
                .containsExactly("lambda:PutFunctionConcurrency");
    }

    @Test
    void whatCannotBeInvokedAlreadyIsLeftSo() {
        Action action = RESPONDER.apply(contain(REPORT));

        succeededAtOnce(action);
        assertThat(action.getCallsList()).isEmpty();
        assertThat(checkOfAllowed(action, "it can be invoked").getDetail()).contains("0 already");
        Action undone = RESPONDER.undone(action);
        assertThat(undone.getCallsList()).isEmpty();
        assertThat(functions.reserved(REPORT)).contains(0);
    }

    @Test
    void undoReportsWhatOthersMadeOfIt() {
        Action action = RESPONDER.apply(contain(ORDER));
        functions.reserve(ORDER, 7);
        SERVICE.sandbox().changeCode(ORDER, TestFunctions.code("backdoor"));

        Action undone = RESPONDER.undone(action);

        assertThat(undone.getDriftList())
                .hasSize(2)
                .anyMatch(each -> each.contains("code of shop-order was changed meanwhile"))
                .anyMatch(each ->
                        each.contains("has reserved concurrency 7, set by somebody else")
                                && each.contains("before: reserved concurrency 20"));
        assertThat(functions.reserved(ORDER)).contains(7);

        Action setBack = RESPONDER.apply(contain(ORDER));
        functions.reserve(ORDER, 7);
        assertThat(RESPONDER.undone(setBack).getDriftList())
                .containsExactly("shop-order was given reserved concurrency 7 meanwhile");

        Action deleted = RESPONDER.apply(contain("shop-old"));
        SERVICE.sandbox().deleteFunction("shop-old");
        assertThat(RESPONDER.undone(deleted).getDriftList())
                .containsExactly("the function shop-old was deleted meanwhile");
    }

    @Test
    void refusesFunctionsThatAreNotToBeTouched() {
        RESPONDER.assertRefused(
                contain("yagura-collector"), "it is not protected", "yagura:protected");
        RESPONDER.assertRefused(contain("ops-tool"), "its tags can be read", "lambda:ListTags");
        assertThatThrownBy(() -> RESPONDER.create(contain("shop-nothing")))
                .hasMessageContaining("NOT_FOUND");
        for (String name :
                List.of(
                        "shop-order:1",
                        "arn:aws:lambda:eu-west-1:111122223333:function:shop-order",
                        "arn:aws:lambda:ap-northeast-1:111122223333:function:shop-order:live")) {
            assertThatThrownBy(() -> RESPONDER.create(contain(name)))
                    .hasMessageContaining("target.function.name");
        }
        assertThatThrownBy(() ->
                        RESPONDER.create(
                                request(
                                        ActionKind.ACTION_KIND_CONTAIN_FUNCTION,
                                        TestFunctions.contained(ORDER).toBuilder()
                                                .setInstanceId(TestService.WEB)
                                                .build())))
                .hasMessageContaining("target.instance_id");
        SERVICE.sandbox().provision(ORDER, 5);
        try {
            Action failed = RESPONDER.apply(contain(ORDER));
            assertThat(failed.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
            assertThat(failed.getStateReason()).contains("provisioned concurrency [5]");
            assertThat(functions.reserved(ORDER)).contains(20);
            RESPONDER.undone(failed);
        } finally {
            SERVICE.sandbox().provision(ORDER, 0);
        }
    }

    @Test
    void aFunctionOfTheListIsInvokedOnceAndItsAnswerKept() throws Exception {
        long before = SERVICE.lastCall();
        int earlier = SERVICE.sandbox().invocations(TestFunctions.RESTORE);
        Action planned = RESPONDER.plan(invoke(TestFunctions.RESTORE, "{\"order\": 7}"));
        assertThat(planned.getPlan().getCallsList())
                .singleElement()
                .satisfies(call -> {
                    assertThat(call.getOperation()).isEqualTo("lambda:Invoke");
                    assertThat(call.getParametersMap()).containsEntry("Qualifier", "1");
                    assertThat(call.getDryRun()).isEqualTo("allowed");
                });
        assertThat(planned.getPlan().getUndoCallsList()).isEmpty();
        assertThat(SERVICE.sandbox().invocations(TestFunctions.RESTORE)).isEqualTo(earlier);

        Action action = RESPONDER.apply(invoke(TestFunctions.RESTORE, "{\"order\": 7}"));

        succeededAtOnce(action);
        assertThat(SERVICE.sandbox().invocations(TestFunctions.RESTORE)).isEqualTo(earlier + 1);
        assertThat(action.getFunctionInvocation().getResult()).isEqualTo("{\"order\": 7}");
        assertThat(action.getFunctionInvocation().getVersion()).isEqualTo("1");
        assertThat(action.getFunctionInvocation().getStatusCode()).isEqualTo(200);
        assertThat(action.getVerificationsList().getLast().getDetail())
                .isEqualTo("shop-restore:1 answered (status 200)");
        PolicyFile.assertFits(SERVICE, "invoke_lambda", before);
        assertThatThrownBy(() ->
                        SERVICE.actions()
                                .undoAction(
                                        UndoActionRequest.newBuilder()
                                                .setName(action.getName())
                                                .setReason("no")
                                                .build()))
                .hasMessageContaining("cannot be undone");
    }

    @Test
    void anErrorOfTheFunctionFailsTheAction() {
        Action failed = RESPONDER.apply(invoke("shop-broken", ""));

        assertThat(failed.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason())
                .contains("ended with an error, Unhandled", "no such order", "stays");
        assertThat(failed.getFunctionInvocation().getFunctionError()).isEqualTo("Unhandled");

        Action large = RESPONDER.apply(invoke("shop-list", ""));
        succeededAtOnce(large);
        assertThat(large.getFunctionInvocation().getResult()).hasSize(32_000);
        assertThat(large.getFunctionInvocation().getResultCut()).isTrue();
    }

    @Test
    void refusesWhatIsNotOnTheListAsItIs() {
        RESPONDER.assertRefused(
                invoke(ORDER, ""), "the function is on the allow-list", "shop-restore:live");
        RESPONDER.assertRefused(invoke(MAIL, ""), "its code is the one", "no shop-mail:7");
        RESPONDER.assertRefused(
                invoke("shop-slow", ""), "its answer is waited for until it ends", "900 s");
        RESPONDER.assertRefused(
                invoke("ops-tool", ""), "Lambda allows the invocation", "lambda:InvokeFunction");
        assertThatThrownBy(() -> RESPONDER.create(invoke(TestFunctions.RESTORE, "{\"order\":")))
                .hasMessageContaining("target.invocation.payload");
        assertThatThrownBy(() ->
                        RESPONDER.create(
                                invoke(TestFunctions.RESTORE, "\"" + "x".repeat(65_536) + "\"")))
                .hasMessageContaining("64 KiB");
    }

    @Test
    void refusesListsThatCannotWork() {
        assertInvalidSetting("functions", "shop-restore:$LATEST=" + "a".repeat(43) + "=", "form");
        assertInvalidSetting("functions", "shop-restore:live=abc", "NAME:QUALIFIER=SHA256");
        assertInvalidSetting(
                "functions",
                TestFunctions.RESTORE_ENTRY + "," + TestFunctions.RESTORE_ENTRY,
                "twice");
        assertInvalidSetting("answer-timeout", "PT45S", "action.lease");
    }

    private static void assertInvalidSetting(String key, String value, String problem) {
        String name = "yagura.response.invoke-lambda." + key;
        Settings settings = Settings.of("yagura.response", Map.of(name, value));
        assertThatThrownBy(() -> InvocationConfig.from(settings))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(problem);
    }

    private static CreateActionRequest.Builder contain(String name) {
        return request(ActionKind.ACTION_KIND_CONTAIN_FUNCTION, TestFunctions.contained(name));
    }

    private static CreateActionRequest.Builder invoke(String name, String payload) {
        return request(ActionKind.ACTION_KIND_INVOKE_LAMBDA, TestFunctions.invoked(name, payload));
    }

    private static CreateActionRequest.Builder request(ActionKind kind, ActionTarget target) {
        return TestResponder.request(kind, target);
    }
}
