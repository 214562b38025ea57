package dev.yagura.response.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;

/** Kinds of objects that are asked for. */
public enum Resource {
    PODS("", "pods"),
    SERVICES("", "services"),
    NODES("", "nodes"),
    DAEMON_SETS("apps", "daemonsets"),
    NETWORK_POLICIES("networking.k8s.io", "networkpolicies"),
    ACCESS_REVIEWS("authorization.k8s.io", "selfsubjectaccessreviews");

    private final String group;
    private final String plural;

    Resource(String group, String plural) {
        this.group = group;
        this.plural = plural;
    }

    /** Of the API, empty for the core. */
    public String group() {
        return group;
    }

    /** As RBAC names it. */
    public String plural() {
        return plural;
    }

    /**
     * @param namespace empty for what is in none
     * @param name empty for all
     */
    String path(String namespace, String name) {
        return (group.isEmpty() ? "/api/v1" : "/apis/" + group + "/v1")
                + (namespace.isEmpty() ? "" : "/namespaces/" + encoded(namespace))
                + "/"
                + plural
                + (name.isEmpty() ? "" : "/" + encoded(name));
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, UTF_8).replace("+", "%20");
    }
}
