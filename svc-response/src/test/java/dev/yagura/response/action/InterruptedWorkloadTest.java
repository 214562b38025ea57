package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.TaskTarget;
import dev.yagura.response.TestFunctions;
import dev.yagura.response.TestService;
import dev.yagura.response.TestTasks;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kinds that act on Lambda and ECS, with runners that die, answers that are lost, calls that are
 * throttled, and reads that show what was before.
 */
class InterruptedWorkloadTest {
    @RegisterExtension
    static final IdleService IDLE =
            IdleService.with(
                    Map.of("yagura.response.invoke-lambda.functions", TestFunctions.RESTORE_ENTRY),
                    Duration.ofSeconds(2));

    private static final TestService SERVICE = IDLE.service();
    private static final String PUT = "lambda:PutFunctionConcurrency";
    private static final String GET = "lambda:GetFunctionConcurrency";
    private static final String INVOKE = "lambda:InvokeFunction";

    /** The other calls of the operation are dry runs. */
    private static final Map<String, String> FOR_REAL = Map.of("InvocationType", "RequestResponse");

    private static TestFunctions functions;
    private static TestTasks tasks;

    @BeforeAll
    static void open() {
        functions = new TestFunctions(SERVICE);
        tasks = new TestTasks(SERVICE);
    }

    @AfterAll
    static void close() {
        functions.close();
        tasks.close();
    }

    @Test
    void containmentSurvivesAKillAtEveryStep() throws Exception {
        IDLE.dieAtEveryStep(
                InterruptedWorkloadTest::contain,
                InterruptedWorkloadTest::assertContained,
                InterruptedWorkloadTest::assertUndone);
    }

    @Test
    void containmentSurvivesLostRepliesThrottlesAndKills() {
        UUID id = contain();
        spoil(PUT, "iam:PutRolePolicy");
        IDLE.runners().killAt(3, true);
        IDLE.runners().runToTheEnd();
        assertContained(id);

        IDLE.undo(id);
        spoil(PUT, "iam:DeleteRolePolicy");
        IDLE.runners().killAt(2, false);
        IDLE.runners().runToTheEnd();
        assertUndone(id);
    }

    private static void spoil(String... operations) {
        for (String each : operations) {
            SERVICE.sandbox().loseReply(each);
            SERVICE.sandbox().throttle(each, 2);
        }
        SERVICE.sandbox().loseReply(GET);
    }

    @Test
    void readsBackUntilItIsSeen() {
        UUID id = contain();
        stale(GET, 2);
        IDLE.runners().runToTheEnd();
        assertContained(id);
        assertThat(IDLE.action(id).getVerificationsList())
                .extracting(verification -> verification.getPassed())
                .startsWith(false)
                .endsWith(true);

        IDLE.undo(id);
        stale(GET, 1);
        IDLE.runners().runToTheEnd();
        assertUndone(id);
    }

    @Test
    void theWatchDoesAgainWhatOthersUndid() {
        UUID id = contain();
        IDLE.runners().runToTheEnd();
        functions.reserve(TestFunctions.ORDER, 20);
        SERVICE.iam()
                .deleteRolePolicy(r ->
                        r.roleName(TestFunctions.ORDER_ROLE).policyName("yagura-contain-" + id));

        IDLE.watch();

        assertContained(id);
        assertThat(IDLE.action(id).getDriftList())
                .hasSize(2)
                .anyMatch(each -> each.contains("set to 0 again"))
                .anyMatch(each -> each.contains("put again"));
        int verifications = IDLE.action(id).getVerificationsCount();
        assertThat(IDLE.action(id).getVerificationsList().getLast().getPassed()).isTrue();

        SERVICE.sandbox().changeRole(TestFunctions.ORDER, "shop-shared-function");
        IDLE.watch();

        assertThat(IDLE.action(id).getDriftList().getLast())
                .contains("shop-shared-function meanwhile, which this action does not deny");
        assertThat(IDLE.action(id).getVerificationsCount()).isEqualTo(verifications);
    }

    @Test
    void theStopOfATaskSurvivesAKillAtEveryStep() throws Exception {
        IDLE.dieAtEveryStep(
                InterruptedWorkloadTest::containTask,
                InterruptedWorkloadTest::assertTaskContained,
                InterruptedWorkloadTest::assertTaskUndone);
    }

    @Test
    void theStopOfATaskSurvivesLostRepliesThrottlesAndKills() {
        UUID id = containTask();
        for (String each : List.of("ecs:UpdateService", "ecs:StopTask", "iam:PutRolePolicy")) {
            SERVICE.sandbox().loseReply(each);
            SERVICE.sandbox().throttle(each, 2);
        }
        IDLE.runners().killAt(3, true);
        IDLE.runners().runToTheEnd();
        assertTaskContained(id);

        IDLE.undo(id);
        SERVICE.sandbox().loseReply("ecs:UpdateService");
        SERVICE.sandbox().throttle("iam:DeleteRolePolicy", 2);
        IDLE.runners().killAt(2, true);
        IDLE.runners().runToTheEnd();
        assertTaskUndone(id);
    }

    @Test
    void theWatchOverATaskDoesAgainWhatOthersUndid() {
        UUID id = containTask();
        IDLE.runners().runToTheEnd();
        tasks.desire("worker", 1);
        SERVICE.iam()
                .deleteRolePolicy(
                        r -> r.roleName(TestTasks.WORKER_ROLE).policyName("yagura-contain-" + id));

        IDLE.watch();

        assertTaskContained(id);
        assertThat(IDLE.action(id).getDriftList()).hasSize(2);
    }

    private static UUID containTask() {
        ActionTarget target =
                ActionTarget.newBuilder()
                        .setScope(TestService.TOKYO)
                        .setTask(
                                TaskTarget.newBuilder()
                                        .setCluster(TestTasks.CLUSTER)
                                        .setTask(tasks.of("worker").getFirst())
                                        .setStopService(true))
                        .build();
        Action created =
                IDLE.catalog()
                        .create(
                                new ActionCatalog.Order(
                                        ActionKind.ACTION_KIND_CONTAIN_TASK,
                                        target,
                                        "beacon",
                                        "",
                                        Set.of(Guards.MINIMUM_HEALTHY)),
                                UUID.randomUUID(),
                                Principal.service("token-1"));
        return ResourceName.parse("actions", created.getName());
    }

    private static void assertTaskContained(UUID id) {
        IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(tasks.desired("worker")).isZero();
        assertThat(tasks.of("worker")).isEmpty();
        assertThat(tasks.policies(TestTasks.WORKER_ROLE)).containsExactly("yagura-contain-" + id);
    }

    private static void assertTaskUndone(UUID id) {
        Action action = IDLE.ended(id, ActionState.ACTION_STATE_UNDONE);
        assertThat(action.getDriftList()).isEmpty();
        assertThat(tasks.desired("worker")).isOne();
        assertThat(tasks.policies(TestTasks.WORKER_ROLE)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isInvokedOnceWhereverTheRunnerDies(boolean afterTheWrite) {
        boolean killed = true;
        for (int step = 1; killed; step++) {
            IDLE.backToTheSeed();
            UUID id = invoke();

            killed = IDLE.runners().killAt(step, afterTheWrite);
            IDLE.runners().runToTheEnd();

            Action action = IDLE.action(id);
            int invocations = SERVICE.sandbox().invocations(TestFunctions.RESTORE);
            if (action.getState() == ActionState.ACTION_STATE_SUCCEEDED) {
                assertThat(invocations).isOne();
            } else {
                assertUnknown(action);
                assertThat(invocations).isLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void whatWasNotAnsweredIsNeverInvokedAgain() {
        UUID id = invoke();
        planFault(Map.of("kind", "lost-reply"));
        IDLE.runners().runToTheEnd();

        assertUnknown(IDLE.action(id));
        assertThat(SERVICE.sandbox().invocations(TestFunctions.RESTORE)).isOne();
        assertThat(IDLE.action(id).getCallsList()).hasSize(1);
    }

    @Test
    void whatLambdaFailedToDoIsNotInvokedAgain() {
        UUID id = invoke();
        planFault(Map.of("kind", "error", "code", "ServiceException", "status", 500));
        IDLE.runners().runToTheEnd();

        assertUnknown(IDLE.action(id));
        assertThat(SERVICE.sandbox().invocations(TestFunctions.RESTORE)).isZero();
    }

    @Test
    void whatWasRefusedIsInvokedLater() {
        UUID id = invoke();
        planFault(Map.of("kind", "throttle", "times", 2));
        IDLE.runners().runToTheEnd();

        IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(SERVICE.sandbox().invocations(TestFunctions.RESTORE)).isOne();
    }

    private static void planFault(Map<String, Object> fault) {
        Map<String, Object> whole = new HashMap<>(fault);
        whole.put("operation", INVOKE);
        whole.put("when", FOR_REAL);
        SERVICE.sandbox().planFault(whole);
    }

    private static void stale(String read, int times) {
        SERVICE.sandbox()
                .planFault(Map.of("operation", read, "kind", "stale", "skip", 1, "times", times));
    }

    private static UUID contain() {
        return IDLE.create(
                ActionKind.ACTION_KIND_CONTAIN_FUNCTION,
                TestFunctions.contained(TestFunctions.ORDER));
    }

    private static UUID invoke() {
        return IDLE.create(
                ActionKind.ACTION_KIND_INVOKE_LAMBDA,
                TestFunctions.invoked(TestFunctions.RESTORE, "{}"));
    }

    private static void assertContained(UUID id) {
        IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(functions.reserved(TestFunctions.ORDER)).contains(0);
        assertThat(functions.policies(TestFunctions.ORDER_ROLE))
                .containsExactly("yagura-contain-" + id);
    }

    private static void assertUndone(UUID id) {
        Action action = IDLE.ended(id, ActionState.ACTION_STATE_UNDONE);
        assertThat(action.getDriftList()).isEmpty();
        assertThat(functions.reserved(TestFunctions.ORDER)).contains(20);
        assertThat(functions.policies(TestFunctions.ORDER_ROLE)).isEmpty();
    }

    private static void assertUnknown(Action action) {
        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(action.getStateReason()).contains("outcome unknown", "not sent again by itself");
        assertThat(action.getCallsList()).allMatch(call -> call.hasEndTime());
    }
}
