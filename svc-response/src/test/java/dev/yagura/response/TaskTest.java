package dev.yagura.response;

import static dev.yagura.response.ActionOutcome.check;
import static dev.yagura.response.ActionOutcome.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.TaskTarget;
import dev.yagura.sandbox.control.CredentialsView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** contain_task through the public contract, with the product's role. */
class TaskTest {
    @RegisterExtension
    static final TestService SERVICE =
            TestService.with(
                    Map.of(
                            "yagura.response.action.attempts",
                            "20",
                            "yagura.response.lifecycle.poll",
                            "PT0.02S"));

    private static final TestResponder RESPONDER =
            new TestResponder(SERVICE, Duration.ofSeconds(1));

    private static TestTasks tasks;

    @BeforeAll
    static void open() {
        tasks = new TestTasks(SERVICE);
    }

    @AfterAll
    static void close() {
        tasks.close();
    }

    /** Without a reset, which would forget the session of the product's own role. */
    @BeforeEach
    void backToTheSeed() {
        SERVICE.postgres().execute("DELETE FROM action");
        tasks.desire("front", 2);
        tasks.desire("worker", 1);
        for (String role : List.of(TestTasks.FRONT_ROLE, TestTasks.WORKER_ROLE)) {
            tasks.policies(role)
                    .forEach(name ->
                            SERVICE.iam().deleteRolePolicy(r -> r.roleName(role).policyName(name)));
        }
    }

    @Test
    void aPlanTellsWhatIsStoppedAndWhatIsNotGivenBack() {
        String task = tasks.of("front").getFirst();
        long before = SERVICE.lastCall();

        Action planned = RESPONDER.plan(contain(task(task)));

        assertThat(planned.getPlan().getCallsList())
                .extracting(PlannedCall::getOperation)
                .containsExactly("ecs:StopTask");
        assertThat(planned.getPlan().getCalls(0).getParametersMap())
                .containsEntry("Reason", "Yagura contain_task ACTION");
        assertThat(planned.getPlan().getUndoCallsList()).isEmpty();
        assertThat(check(planned, "what starts another one").getDetail())
                .isEqualTo("the service front starts another one of the same image");
        assertThat(check(planned, "only this task has its role").getDetail())
                .contains(TestTasks.FRONT_ROLE + " are NOT denied", "task 0");
        assertThat(check(planned, "enough healthy ones remain").getDetail()).startsWith("1 other");
        assertThat(String.join("\n", planned.getPlan().getResidualRisksList()))
                .contains("stays stopped", "120 seconds");
        assertThat(SERVICE.sandbox().journal(before))
                .allMatch(entry ->
                        entry.operation().matches("(iam|sts|ecs|ec2):(List|Get|Assume|Desc).*"));
    }

    @Test
    void aTaskIsStoppedAndItsServiceGoesOn() throws Exception {
        String task = tasks.of("worker").getFirst();
        CredentialsView keys = SERVICE.sandbox().takeRoleCredentials(TestTasks.WORKER_ROLE);
        long before = SERVICE.lastCall();

        Action refused = RESPONDER.plan(contain(task(task)));
        assertThat(refused.getPlan().getChecksList())
                .anyMatch(each -> each.getGuard().equals("minimum-healthy"));
        Action action = RESPONDER.apply(contain(task(task)).addOverrideGuards("minimum-healthy"));

        succeeded(action);
        assertThat(tasks.of("worker")).hasSize(1).doesNotContain(task);
        assertThat(tasks.reason(task))
                .isEqualTo(
                        "Yagura contain_task " + action.getName().substring("actions/".length()));
        assertThat(SERVICE.isAllowed(keys)).isFalse();
        TestResponder.await(
                "sessions that were issued after the limit",
                () ->
                        SERVICE.isAllowed(
                                SERVICE.sandbox().takeRoleCredentials(TestTasks.WORKER_ROLE)));
        assertThat(action.getTaskState().getContainersList())
                .singleElement()
                .satisfies(each -> assertThat(each.getImageDigest()).startsWith("sha256:"));
        assertThat(action.getTaskState().getDesiredCount()).isEqualTo(1);
        assertThat(action.getTaskState().getContainerInstanceArn())
                .contains(":container-instance/shop/");
        assertThat(action.getTaskState().hasStartTime()).isTrue();

        Action undone = RESPONDER.undone(action);

        assertThat(undone.getDriftList()).isEmpty();
        assertThat(tasks.policies(TestTasks.WORKER_ROLE)).isEmpty();
        assertThat(SERVICE.isAllowed(keys)).as("as the plan says").isTrue();
        RESPONDER.undone(
                RESPONDER.apply(
                        contain(task(tasks.of("worker").getFirst()).setStopService(true))
                                .addOverrideGuards("minimum-healthy")));
        PolicyFile.assertFits(SERVICE, "contain_task", before);
    }

    @Test
    void aServiceIsStoppedWhenThatIsAskedForAndGetsItsNumberBack() {
        String task = tasks.of("front").getFirst();
        Action action =
                RESPONDER.apply(
                        contain(task(task).setStopService(true).setDenySharedRole(true))
                                .addOverrideGuards("minimum-healthy"));

        succeeded(action);
        assertThat(tasks.of("front")).isEmpty();
        assertThat(tasks.policies(TestTasks.FRONT_ROLE)).hasSize(1);
        assertThat(action.getTaskState().getNetworkInterfaceIdsList())
                .singleElement()
                .asString()
                .startsWith("eni-");
        assertThat(RESPONDER.undone(action).getDriftList()).isEmpty();
        assertThat(tasks.of("front")).hasSize(2);
        assertThat(tasks.policies(TestTasks.FRONT_ROLE)).isEmpty();

        Action again =
                RESPONDER.apply(
                        contain(task(tasks.of("front").getFirst()).setStopService(true))
                                .addOverrideGuards("minimum-healthy"));
        tasks.desire("front", 3);
        assertThat(RESPONDER.undone(again).getDriftList())
                .containsExactly(
                        "the service front wants 3, set by somebody else; left so (before: 2)");
    }

    @Test
    void refusesTasksThatAreNotToBeStopped() {
        String tool = tasks.byItself();
        RESPONDER.assertRefused(contain(task(tool)), "it is not protected", "yagura:protected");
        RESPONDER.assertRefused(
                contain(task(tool).setStopService(true)), "what starts another one", "no service");
        assertThatThrownBy(() -> RESPONDER.create(contain(task("f".repeat(32)))))
                .hasMessageContaining("NOT_FOUND");
        for (TaskTarget.Builder target :
                List.of(
                        task("front"),
                        task(tool).setCluster("a b"),
                        task("arn:aws:ecs:eu-west-1:111122223333:task/shop/" + tool))) {
            assertThatThrownBy(() -> RESPONDER.create(contain(target)))
                    .hasMessageContaining("target.task");
        }
        String task = tasks.of("front").getFirst();
        Action action = RESPONDER.apply(contain(task(task)));
        succeeded(action);
        assertThatThrownBy(() ->
                        RESPONDER.create(
                                contain(
                                        task("arn:aws:ecs:ap-northeast-1:111122223333:task/shop/"
                                                        + task)
                                                .setStopService(true))))
                .hasMessageContaining("FAILED_PRECONDITION");
    }

    private static TaskTarget.Builder task(String task) {
        return TaskTarget.newBuilder().setCluster("shop").setTask(task);
    }

    private static CreateActionRequest.Builder contain(TaskTarget.Builder task) {
        return TestResponder.request(
                ActionKind.ACTION_KIND_CONTAIN_TASK,
                ActionTarget.newBuilder().setScope(TestService.TOKYO).setTask(task).build());
    }
}
