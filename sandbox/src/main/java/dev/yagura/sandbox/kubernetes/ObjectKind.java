package dev.yagura.sandbox.kubernetes;

import java.util.Arrays;
import java.util.Optional;

/** Kinds of objects that the sandbox has. */
public enum ObjectKind {
    PODS("", "pods", "Pod", true),
    SERVICES("", "services", "Service", true),
    NODES("", "nodes", "Node", false),
    NAMESPACES("", "namespaces", "Namespace", false),
    DAEMON_SETS("apps", "daemonsets", "DaemonSet", true),
    REPLICA_SETS("apps", "replicasets", "ReplicaSet", true),
    NETWORK_POLICIES("networking.k8s.io", "networkpolicies", "NetworkPolicy", true),
    ACCESS_REVIEWS("authorization.k8s.io", "selfsubjectaccessreviews", "", false);

    private final String group;
    private final String plural;
    private final String kind;
    private final boolean namespaced;

    ObjectKind(String group, String plural, String kind, boolean namespaced) {
        this.group = group;
        this.plural = plural;
        this.kind = kind;
        this.namespaced = namespaced;
    }

    static Optional<ObjectKind> of(String group, String plural) {
        return Arrays.stream(values())
                .filter(each -> each.group.equals(group) && each.plural.equals(plural))
                .findFirst();
    }

    /**
     * By "pods" or "Pod".
     *
     * @throws IllegalArgumentException no such kind
     */
    public static ObjectKind named(String name) {
        return Arrays.stream(values())
                .filter(each -> each.plural.equals(name) || each.kind.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no kind " + name));
    }

    String group() {
        return group;
    }

    String plural() {
        return plural;
    }

    String kind() {
        return kind;
    }

    boolean isNamespaced() {
        return namespaced;
    }

    String apiVersion() {
        return group.isEmpty() ? "v1" : group + "/v1";
    }
}
