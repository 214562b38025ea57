package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.response.TestPods;
import dev.yagura.response.TestService;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** contain_pod with runners that die, answers that are lost, and calls that are throttled. */
class InterruptedPodTest {
    @RegisterExtension static final IdleService IDLE = IdleService.with(Map.of());

    private static final TestService SERVICE = IDLE.service();
    private static final Map<String, String> BEFORE = Map.of("app", "worker", "team", "back");

    private static TestPods pods;

    @BeforeAll
    static void open() {
        pods = new TestPods(SERVICE.sandbox());
    }

    @Test
    void survivesAKillAtEveryStep() throws Exception {
        IDLE.dieAtEveryStep(
                InterruptedPodTest::contain,
                InterruptedPodTest::assertContained,
                InterruptedPodTest::assertUndone);
    }

    @Test
    void survivesLostRepliesThrottlesAndKills() {
        UUID id = contain();
        spoil("k8s:create networkpolicies", "k8s:patch pods", "k8s:patch nodes");
        IDLE.runners().killAt(3, true);
        IDLE.runners().runToTheEnd();
        assertContained(id);

        IDLE.undo(id);
        spoil("k8s:delete networkpolicies", "k8s:patch pods", "k8s:patch nodes");
        IDLE.runners().killAt(2, true);
        IDLE.runners().runToTheEnd();
        assertUndone(id);
    }

    private static void spoil(String... operations) {
        for (String each : operations) {
            fault(each, Map.of("kind", "lost-reply"));
            fault(each, Map.of("kind", "throttle", "times", 2));
        }
    }

    private static Map<String, Object> error(String code, int status) {
        return Map.of("kind", "error", "code", code, "status", status);
    }

    /** For real: dry runs pass. */
    private static void fault(String operation, Map<String, Object> kind) {
        Map<String, Object> fault = new HashMap<>(kind);
        fault.put("operation", operation);
        fault.put("when", Map.of("dryRun", ""));
        SERVICE.sandbox().planFault(fault);
    }

    @Test
    void whatOthersChangeAtTheSameTimeIsReadAgain() {
        UUID id = contain();
        fault("k8s:create networkpolicies", error("AlreadyExists", 409));
        fault("k8s:patch pods", error("Conflict", 409));
        fault("k8s:patch nodes", error("Invalid", 422));
        fault("k8s:get pods", error("InternalError", 500));
        IDLE.runners().runToTheEnd();
        assertContained(id);
        assertThat(IDLE.action(id).getCallsList())
                .extracting(call -> call.getError().isEmpty())
                .containsExactly(false, true, false, true, false, true);
    }

    @Test
    void theWatchDoesAgainWhatOthersUndid() {
        UUID id = contain();
        IDLE.runners().runToTheEnd();
        pods.label(TestPods.SHOP, TestPods.WORKER, BEFORE);
        SERVICE.sandbox().cluster("shop").delete("networkpolicies", "shop", TestPods.POLICY);
        pods.change(
                "nodes",
                "-",
                pods.nodeOf(TestPods.SHOP, TestPods.WORKER),
                node -> ((ObjectNode) node.path("spec")).remove("unschedulable"));

        IDLE.watch();

        assertContained(id);
        assertThat(IDLE.action(id).getDriftList())
                .singleElement()
                .asString()
                .contains("app=worker", "is gone", "takes new pods", "while contained");
        assertThat(IDLE.action(id).getVerificationsList().getLast().getPassed()).isTrue();

        pods.put(
                """
                {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                 "metadata": {"name": "late", "namespace": "shop"},
                 "spec": {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{}]}}
                """);
        IDLE.watch();

        assertThat(IDLE.action(id).getVerificationsList().getLast().getPassed()).isFalse();
        assertThat(IDLE.action(id).getDriftList().getLast())
                .contains("NOT cut off from what others allow: late");
    }

    @Test
    void aPodOfTheSameNameIsAnotherOne() {
        UUID id = contain();
        ObjectNode pod =
                (ObjectNode) SERVICE.sandbox().cluster("shop").object("pods", "shop", "worker");
        ((ObjectNode) pod.path("metadata")).remove(List.of("uid", "resourceVersion"));
        SERVICE.sandbox().cluster("shop").put(pod);

        IDLE.runners().runToTheEnd();

        Action failed = IDLE.ended(id, ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason()).contains("is another pod by now");
        assertThat(failed.getCallsList()).isEmpty();
        assertThat(pods.labels(TestPods.SHOP, TestPods.WORKER)).isEqualTo(BEFORE);
    }

    @Test
    void nothingIsLeftOfAClusterThatWasDeleted() {
        UUID id = contain();
        IDLE.runners().runToTheEnd();
        SERVICE.sandbox().cluster(TestPods.CLUSTER).delete();

        IDLE.undo(id);
        IDLE.runners().runToTheEnd();

        assertThat(IDLE.ended(id, ActionState.ACTION_STATE_UNDONE).getDriftList())
                .containsExactly("the cluster was deleted meanwhile");
    }

    private static UUID contain() {
        return IDLE.create(
                ActionKind.ACTION_KIND_CONTAIN_POD, pods.on(TestPods.SHOP, TestPods.WORKER));
    }

    private static void assertContained(UUID id) {
        IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(pods.labels(TestPods.SHOP, TestPods.WORKER))
                .isEqualTo(Map.of(TestPods.LABEL, id.toString()));
        assertThat(pods.policies(TestPods.SHOP)).contains(TestPods.POLICY);
        assertThat(closed()).isTrue();
    }

    private static void assertUndone(UUID id) {
        Action action = IDLE.ended(id, ActionState.ACTION_STATE_UNDONE);
        assertThat(action.getDriftList()).isEmpty();
        assertThat(pods.labels(TestPods.SHOP, TestPods.WORKER)).isEqualTo(BEFORE);
        assertThat(pods.policies(TestPods.SHOP)).doesNotContain(TestPods.POLICY);
        assertThat(closed()).isFalse();
    }

    private static boolean closed() {
        return pods.node(pods.nodeOf(TestPods.SHOP, TestPods.WORKER))
                .path("spec")
                .path("unschedulable")
                .asBoolean();
    }
}
