package dev.yagura.response;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.PodTarget;
import dev.yagura.sandbox.control.SandboxClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The cluster of the sandbox's seed, as somebody else who administers it. */
public record TestPods(SandboxClient sandbox) {
    public static final String CLUSTER = "shop";
    public static final String SHOP = "shop";
    static final String OPEN = "open";
    public static final String WORKER = "worker";
    public static final String POLICY = "yagura-quarantine";
    public static final String LABEL = "yagura.dev/quarantine";
    private static final String PODS = "pods";

    /** Names of the pods that the ReplicaSet has, oldest first. */
    List<String> web() {
        return sandbox.cluster(CLUSTER).objects(PODS, SHOP).stream()
                .filter(each -> owner(each).equals("web-7d4b9c"))
                .map(each -> each.path("metadata").path("name").asText())
                .toList();
    }

    private static String owner(JsonNode pod) {
        return pod.path("metadata").path("ownerReferences").path(0).path("name").asText();
    }

    JsonNode pod(String namespace, String name) {
        return sandbox.cluster(CLUSTER).object(PODS, namespace, name);
    }

    public Map<String, String> labels(String namespace, String name) {
        Map<String, String> labels = new HashMap<>();
        pod(namespace, name)
                .path("metadata")
                .path("labels")
                .properties()
                .forEach(each -> labels.put(each.getKey(), each.getValue().asText()));
        return labels;
    }

    public void change(String kind, String namespace, String name, Consumer<ObjectNode> change) {
        ObjectNode object = (ObjectNode) sandbox.cluster(CLUSTER).object(kind, namespace, name);
        change.accept(object);
        sandbox.cluster(CLUSTER).put(object);
    }

    public void label(String namespace, String name, Map<String, String> labels) {
        change(
                PODS,
                namespace,
                name,
                pod -> {
                    ObjectNode node = ((ObjectNode) pod.path("metadata")).putObject("labels");
                    labels.forEach(node::put);
                });
    }

    public void put(String json) {
        try {
            sandbox.cluster(CLUSTER).put(JsonMapper.builder().build().readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    public List<String> policies(String namespace) {
        return sandbox.cluster(CLUSTER).objects("networkpolicies", namespace).stream()
                .map(each -> each.path("metadata").path("name").asText())
                .toList();
    }

    boolean reaches(String namespace, String pod, String to, int port) {
        return sandbox.cluster(CLUSTER).reaches(namespace, pod, to, port);
    }

    public JsonNode node(String name) {
        return sandbox.cluster(CLUSTER).object("nodes", "-", name);
    }

    public String nodeOf(String namespace, String pod) {
        return pod(namespace, pod).path("spec").path("nodeName").asText();
    }

    PodTarget.Builder target(String namespace, String name) {
        return PodTarget.newBuilder()
                .setCluster(CLUSTER)
                .setNamespace(namespace)
                .setName(name)
                .setUid(pod(namespace, name).path("metadata").path("uid").asText());
    }

    static ActionTarget on(PodTarget.Builder pod) {
        return ActionTarget.newBuilder().setScope(TestService.TOKYO).setPod(pod).build();
    }

    /** The same for tests elsewhere. */
    public ActionTarget on(String namespace, String name) {
        return on(target(namespace, name));
    }
}
