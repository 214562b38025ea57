package dev.yagura.sandbox.control;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** One EKS cluster of the sandbox, as whoever administers it. Namespace "-" is for nodes. */
public final class ClusterClient {
    private final ControlCalls calls;
    private final String path;

    ClusterClient(ControlCalls calls, String name) {
        this.calls = calls;
        this.path = "clusters/" + name;
    }

    /** An object of the cluster. */
    public JsonNode object(String kind, String namespace, String name) {
        return calls.call("GET", objectPath(kind, namespace, name), null);
    }

    /** All of a kind in a namespace. */
    public List<JsonNode> objects(String kind, String namespace) {
        return ControlCalls.list(
                calls.call("GET", path + "/objects/%s/%s".formatted(kind, namespace), null)
                        .path("items"),
                JsonNode[].class);
    }

    /** Makes an object, or puts it in the place of the one of its name. */
    public void put(Object object) {
        calls.call("PUT", path + "/objects", object);
    }

    /** Deletes an object, if there is one of that name. */
    public void delete(String kind, String namespace, String name) {
        calls.call("DELETE", objectPath(kind, namespace, name), null);
    }

    private String objectPath(String kind, String namespace, String name) {
        return path + "/objects/%s/%s/%s".formatted(kind, namespace, name);
    }

    /** Names of the pods that a Service sends traffic to. */
    public List<String> endpoints(String namespace, String service) {
        return ControlCalls.list(
                calls.call("GET", path + "/endpoints/%s/%s".formatted(namespace, service), null)
                        .path("pods"),
                String[].class);
    }

    /**
     * Whether a new TCP connection of a pod would pass, by the NetworkPolicies of the cluster.
     *
     * @param to a pod of the namespace, or an address
     */
    public boolean reaches(String namespace, String pod, String to, int port) {
        return calls.call(
                        "GET",
                        path + "/reach/%s/%s?to=%s&port=%d".formatted(namespace, pod, to, port),
                        null)
                .path("allowed")
                .asBoolean();
    }

    /** Deletes the cluster itself. */
    public void delete() {
        calls.call("DELETE", path, null);
    }
}
