package dev.yagura.response;

import static dev.yagura.response.ActionOutcome.check;
import static dev.yagura.response.ActionOutcome.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.PodTarget;
import dev.yagura.proto.response.v1.UndoActionRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * contain_pod through the public contract, with the product's role and the RBAC that is shipped.
 */
class PodTest {
    private static final String DB = "db-0";
    private static final String OUTSIDE = "198.51.100.7";
    private static final Map<String, String> WEB_LABELS =
            Map.of("app", "web", "pod-template-hash", "7d4b9c", "tier", "front");

    @RegisterExtension
    static final TestService SERVICE =
            TestService.with(Map.of("yagura.response.action.attempts", "20"));

    private static final TestResponder RESPONDER = TestResponder.of(SERVICE);
    private static TestPods pods;

    @BeforeAll
    static void open() {
        pods = new TestPods(SERVICE.sandbox());
    }

    /** Without a reset, which would forget the session of the product's own role. */
    @BeforeEach
    void backToTheSeed() {
        SERVICE.postgres().execute("DELETE FROM action");
        SERVICE.sandbox().clearFaults();
        SERVICE.sandbox().cluster("shop").delete("networkpolicies", "shop", TestPods.POLICY);
        SERVICE.sandbox().cluster("shop").delete("networkpolicies", "open", TestPods.POLICY);
        SERVICE.sandbox().cluster("shop").delete("networkpolicies", "shop", "strangers");
        pods.label("open", "tool", Map.of("app", "tool"));
        pods.label("shop", TestPods.WORKER, Map.of("app", "worker", "team", "back"));
        SERVICE.sandbox().cluster("shop").objects("pods", "shop").stream()
                .map(each -> each.path("metadata"))
                .filter(each -> each.path("labels").has(TestPods.LABEL))
                .forEach(each ->
                        SERVICE.sandbox()
                                .cluster("shop")
                                .delete("pods", "shop", each.path("name").asText()));
        enforce(true);
    }

    private static void enforce(boolean enforced) {
        pods.change(
                "daemonsets",
                "kube-system",
                "aws-node",
                set ->
                        ((ObjectNode)
                                        set.path("spec")
                                                .path("template")
                                                .path("spec")
                                                .path("containers")
                                                .path(1))
                                .putArray("args")
                                .add("--enable-network-policy=" + enforced));
    }

    @Test
    void aPlanTellsEveryCallAndWhatItDoesNotStop() {
        String pod = pods.web().getFirst();
        long before = SERVICE.lastCall();

        Action planned = RESPONDER.plan(contain("shop", pod));

        assertThat(planned.getPlan().getCallsList())
                .extracting(PlannedCall::getOperation)
                .containsExactly("k8s:create networkpolicies", "k8s:patch pods");
        assertThat(planned.getPlan().getCallsList())
                .allMatch(call -> call.getDryRun().equals("allowed"));
        assertThat(planned.getPlan().getCalls(1).getBefore())
                .isEqualTo("app=web,pod-template-hash=7d4b9c,tier=front");
        assertThat(planned.getPlan().getUndoCallsList())
                .extracting(PlannedCall::getOperation)
                .containsExactly("k8s:patch pods", "k8s:delete networkpolicies");
        assertThat(check(planned, "no other policy lets it through").getDetail())
                .contains("none selects it", "AdminNetworkPolicy");
        assertThat(check(planned, "what takes its place").getDetail())
                .isEqualTo(
                        "ReplicaSet/web-7d4b9c lets go of it, and starts another one of the same"
                                + " image");
        assertThat(check(planned, "Services that send it traffic").getDetail()).startsWith("web ");
        assertThat(check(planned, "what it has credentials for").getDetail())
                .contains("shop/web", "role/shop-front-task", "NOT denied");
        assertThat(check(planned, "what of its node").getDetail())
                .contains("the pod is confined", "is left alone");
        assertThat(String.join("\n", planned.getPlan().getResidualRisksList()))
                .contains("may stay open", "kubelet", "takes the pod again");
        assertThat(SERVICE.sandbox().journal(before))
                .isNotEmpty()
                .allMatch(entry ->
                        entry.dryRun()
                                || entry.operation()
                                        .matches(
                                                "k8s:(get|list) .*|k8s:create selfsubject.*|eks:.*|sts:.*"));
        assertThat(pods.labels("shop", pod)).isEqualTo(WEB_LABELS);
    }

    @Test
    void aPodIsCutOffAndAnotherTakesItsPlace() throws IOException {
        List<String> web = pods.web();
        String pod = web.getFirst();
        assertThat(pods.reaches("shop", pod, DB, 5432)).isTrue();
        assertThat(pods.reaches("shop", pod, OUTSIDE, 443)).isTrue();
        long before = SERVICE.lastCall();

        Action action = RESPONDER.apply(contain("shop", pod));

        succeeded(action);
        assertThat(pods.reaches("shop", pod, DB, 5432)).isFalse();
        assertThat(pods.reaches("shop", pod, OUTSIDE, 443)).isFalse();
        assertThat(pods.reaches("shop", DB, pod, 8080)).isFalse();
        assertThat(pods.reaches("shop", web.get(1), DB, 5432)).as("others go on").isTrue();
        assertThat(pods.web()).hasSize(3).doesNotContain(pod);
        assertThat(SERVICE.sandbox().cluster("shop").endpoints("shop", "web"))
                .hasSize(3)
                .doesNotContain(pod);
        assertThat(pods.labels("shop", pod))
                .containsExactly(
                        Map.entry(TestPods.LABEL, action.getName().substring("actions/".length())));
        assertThat(action.getPodState().getLabelsMap()).isEqualTo(WEB_LABELS);
        assertThat(action.getPodState().getOwner()).isEqualTo("ReplicaSet/web-7d4b9c");
        assertThat(action.getPodState().getServicesList()).containsExactly("web");
        assertThat(action.getPodState().getContainersList()).hasSize(1);
        assertThat(action.getCallsList()).allMatch(call -> !call.getAwsRequestId().isEmpty());
        assertThat(action.getVerificationsList().getLast().getDetail())
                .contains("denies it everything", "no other NetworkPolicy lets it through");
        assertThatThrownBy(() -> RESPONDER.create(contain("shop", pod)))
                .hasMessageContaining("FAILED_PRECONDITION");

        Action undone = RESPONDER.undone(action);

        assertThat(undone.getDriftList()).isEmpty();
        assertThat(pods.labels("shop", pod)).isEqualTo(WEB_LABELS);
        assertThat(pods.policies("shop")).doesNotContain(TestPods.POLICY);
        assertThat(pods.reaches("shop", pod, DB, 5432)).isTrue();
        assertThat(pods.web()).hasSize(3).contains(pod);

        // The rest of what is allowed: a node, the role of Pod Identity, a policy to mend.
        pods.put(
                """
                {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                 "metadata": {"name": "yagura-quarantine", "namespace": "shop",
                              "labels": {"app.kubernetes.io/managed-by": "yagura"}},
                 "spec": {"podSelector": {}}}
                """);
        RESPONDER.undone(RESPONDER.apply(contain("shop", TestPods.WORKER)));
        ClusterRoleFile.assertFits(SERVICE, before);
    }

    @Test
    void podsOfANamespaceShareThePolicyUntilTheLastOneGoes() {
        List<String> web = pods.web();
        long before = SERVICE.lastCall();
        Action first = RESPONDER.create(contain("shop", web.get(0)));
        Action second = RESPONDER.create(contain("shop", web.get(1)));
        first = RESPONDER.settled(first);
        second = RESPONDER.settled(second);
        succeeded(first);
        succeeded(second);
        assertThat(policiesMade(before)).isOne();

        assertThat(RESPONDER.undone(first).getVerificationsList().getLast().getDetail())
                .contains(TestPods.POLICY + " stays, for " + web.get(1));
        assertThat(pods.policies("shop")).contains(TestPods.POLICY);
        assertThat(pods.reaches("shop", web.get(1), DB, 5432)).isFalse();

        Action third = RESPONDER.apply(contain("shop", web.get(0)));
        for (Action each : List.of(second, third)) {
            SERVICE.actions()
                    .undoAction(
                            UndoActionRequest.newBuilder()
                                    .setName(each.getName())
                                    .setReason("clean")
                                    .build());
        }
        for (Action each : List.of(second, third)) {
            Action undone = RESPONDER.settled(each);
            assertThat(undone.getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
            assertThat(undone.getDriftList()).isEmpty();
        }
        assertThat(pods.policies("shop")).doesNotContain(TestPods.POLICY);
    }

    private static long policiesMade(long since) {
        return SERVICE.sandbox().journal(since).stream()
                .filter(entry -> entry.operation().equals("k8s:create networkpolicies"))
                .filter(entry -> entry.result().equals("ok") && !entry.dryRun())
                .filter(entry -> "shop".equals(entry.parameters().get("namespace")))
                .count();
    }

    @Test
    void aPolicyThatStillSelectsItIsNamedAndRefuses() {
        RESPONDER.assertRefused(
                contain("open", "tool"),
                "no other policy lets it through",
                "allow-web (selects every pod) allows to everywhere on TCP 443");

        Action action =
                RESPONDER.apply(contain("open", "tool").addOverrideGuards("policies-remain"));

        succeeded(action);
        assertThat(action.getVerificationsList().getLast().getDetail())
                .contains("NOT cut off from what others allow: allow-web");
        assertThat(pods.reaches("open", "tool", OUTSIDE, 443)).as("as it says").isTrue();
        assertThat(pods.reaches("open", "tool", OUTSIDE, 80)).isFalse();
        RESPONDER.undone(action);

        // One that selects what lacks a label would let it out further than it is now.
        pods.put(
                """
                {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                 "metadata": {"name": "strangers", "namespace": "shop"},
                 "spec": {"podSelector": {"matchExpressions":
                            [{"key": "app", "operator": "NotIn", "values": ["web"]}]},
                          "policyTypes": ["Egress"], "egress": [{}]}}
                """);
        RESPONDER.assertRefused(
                contain("shop", pods.web().getFirst()).addOverrideGuards("policies-remain"),
                "it gains no access",
                "strangers");
    }

    @Test
    void aPrivilegedPodClosesItsNodeToNewOnes() {
        String node = pods.nodeOf("shop", TestPods.WORKER);
        var before = pods.node(node).path("metadata").path("annotations");
        Action planned = RESPONDER.plan(contain("shop", TestPods.WORKER));
        assertThat(check(planned, "what of its node").getDetail())
                .contains("privileged container worker", "hostPath /run", "no new pod comes to");
        assertThat(check(planned, "what it has credentials for").getDetail())
                .contains("role/shop-worker-task");

        Action action = RESPONDER.apply(contain("shop", TestPods.WORKER));
        succeeded(action);
        assertThat(isClosed(node)).isTrue();
        pods.put(
                """
                {"apiVersion": "v1", "kind": "Pod",
                 "metadata": {"name": "beside", "namespace": "shop"},
                 "spec": {"nodeName": "%s", "containers": [{"name": "c", "image": "i"}]},
                 "status": {"phase": "Running"}}
                """
                        .formatted(node));
        Action beside = RESPONDER.apply(request(pods.target("shop", "beside").setCordonNode(true)));
        succeeded(beside);

        RESPONDER.undone(action);
        assertThat(isClosed(node)).as("the other one is still there").isTrue();
        RESPONDER.undone(beside);
        assertThat(pods.labels("shop", "beside")).isEmpty();
        assertThat(isClosed(node)).isFalse();
        assertThat(pods.node(node).path("spec").has("unschedulable")).isFalse();
        assertThat(pods.node(node).path("metadata").path("annotations").size())
                .isEqualTo(before.size());

        close(node, true);
        Action third = RESPONDER.apply(contain("shop", TestPods.WORKER));
        assertThat(check(third, "what of its node").getDetail()).contains("by somebody else");
        RESPONDER.undone(third);
        assertThat(isClosed(node)).as("not ours").isTrue();
        close(node, false);
    }

    private static boolean isClosed(String node) {
        return pods.node(node).path("spec").path("unschedulable").asBoolean();
    }

    private static void close(String node, boolean closed) {
        pods.change(
                "nodes",
                "-",
                node,
                each -> {
                    ObjectNode spec = (ObjectNode) each.path("spec");
                    if (closed) {
                        spec.put("unschedulable", true);
                    } else {
                        spec.remove("unschedulable");
                    }
                });
    }

    @Test
    void undoLeavesWhatOthersSetAndReportsIt() {
        Action action =
                RESPONDER.apply(contain("open", "tool").addOverrideGuards("policies-remain"));
        String id = action.getName().substring("actions/".length());
        pods.label("open", "tool", Map.of(TestPods.LABEL, id, "app", "other", "case", "INC-7"));

        assertThat(RESPONDER.undone(action).getDriftList())
                .containsExactlyInAnyOrder(
                        "the label app is other, set by somebody else; left so (before: tool)",
                        "the label case=INC-7 was added meanwhile; left so");
        assertThat(pods.labels("open", "tool")).isEqualTo(Map.of("app", "other", "case", "INC-7"));
    }

    @Test
    void aPodThatOthersFreedIsReported() {
        Action action = RESPONDER.apply(contain("shop", TestPods.WORKER));
        pods.label("shop", TestPods.WORKER, Map.of("app", "worker", "team", "back"));
        pods.put(
                """
                {"apiVersion": "v1", "kind": "Pod",
                 "metadata": {"name": "mine", "namespace": "shop",
                              "labels": {"yagura.dev/quarantine": "by-hand"}},
                 "spec": {"containers": [{"name": "c", "image": "i"}]}}
                """);

        assertThat(RESPONDER.undone(action).getDriftList())
                .containsExactly("the label yagura.dev/quarantine was taken away meanwhile");
        assertThat(pods.policies("shop")).as("for the other one").contains(TestPods.POLICY);
    }

    @Test
    void aPodThatIsGoneNeedsNoUndo() {
        String pod = pods.web().getFirst();
        Action action = RESPONDER.apply(contain("shop", pod));
        SERVICE.sandbox().cluster("shop").delete("pods", "shop", pod);

        assertThat(RESPONDER.undone(action).getDriftList())
                .containsExactly("the pod was deleted meanwhile");
        assertThat(pods.policies("shop")).doesNotContain(TestPods.POLICY);
    }

    @Test
    void refusesWhatWouldNotBeCutOffOrIsNotMeant() {
        RESPONDER.assertRefused(
                contain("shop", "node-exporter"), "a network of its own", "isolate_instance");
        String pod = pods.web().getFirst();
        PodTarget.Builder old =
                pods.target("shop", pod).setUid("00000000-0000-4000-8000-000000000000");
        RESPONDER.assertRefused(
                request(old), "it is the pod that is meant", "is another pod by now");
        assertThatThrownBy(() -> RESPONDER.create(request(old.setName("nobody"))))
                .hasMessageContaining("NOT_FOUND");
        for (PodTarget.Builder wrong :
                List.of(
                        pods.target("shop", pod).setUid("7"),
                        pods.target("shop", pod).setNamespace("a b"),
                        pods.target("shop", pod).setName("../secrets"),
                        pods.target("shop", pod).setCluster(""))) {
            assertThatThrownBy(() -> RESPONDER.create(request(wrong)))
                    .hasMessageContaining("target.pod");
        }
        enforce(false);
        RESPONDER.assertRefused(
                contain("shop", pod), "enforces NetworkPolicies", "unverified-enforcement");
        pods.change(
                "pods",
                "shop",
                DB,
                each ->
                        ((ObjectNode) each.path("metadata"))
                                .putObject("annotations")
                                .put("yagura.dev/protected", "true"));
        RESPONDER.assertRefused(contain("shop", DB), "not protected", "yagura.dev/protected");
    }

    @Test
    void whatAPersonOverridesIsSaidOfTheResult() {
        enforce(false);
        Action action =
                RESPONDER.apply(
                        contain("shop", "node-exporter")
                                .addOverrideGuards("host-network")
                                .addOverrideGuards("unverified-enforcement"));

        succeeded(action);
        assertThat(action.getVerificationsList().getLast().getDetail())
                .contains("node's network it is NOT cut off", "enforced is not verified");
        assertThat(pods.reaches("shop", "node-exporter", OUTSIDE, 443)).as("as it says").isTrue();
        assertThat(RESPONDER.undone(action).getDriftList()).isEmpty();
        assertThat(pods.labels("shop", "node-exporter")).isEqualTo(Map.of("app", "exporter"));
    }

    @Test
    void saysWhichPermissionIsMissing() {
        String pod = pods.web().getFirst();
        SERVICE.sandbox().fail("k8s:patch pods", "Forbidden", 403);
        RESPONDER.assertRefused(
                contain("shop", pod), "Kubernetes allows every call", "k8s:patch pods refused");
        SERVICE.sandbox().fail("k8s:list services", "Forbidden", 403);
        assertThatThrownBy(() -> RESPONDER.plan(contain("shop", pod)))
                .hasMessageContaining("list services")
                .hasMessageContaining("deploy/kubernetes/contain_pod.yaml");
        SERVICE.sandbox().fail("k8s:get pods", "Unauthorized", 401);
        assertThatThrownBy(() -> RESPONDER.plan(contain("shop", pod)))
                .hasMessageContaining("access entry");
    }

    private static CreateActionRequest.Builder contain(String namespace, String pod) {
        return request(pods.target(namespace, pod));
    }

    private static CreateActionRequest.Builder request(PodTarget.Builder pod) {
        return TestResponder.request(ActionKind.ACTION_KIND_CONTAIN_POD, TestPods.on(pod));
    }
}
