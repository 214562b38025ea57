package dev.yagura.response.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.proto.response.v1.Action;
import java.util.Map;

/** The names of a quarantine, and its policy, which all contained pods of a namespace share. */
final class Quarantine {
    /** Its value is the id of the action that contains the pod. */
    static final String LABEL = "yagura.dev/quarantine";

    /** Of annotations of a node; followed by the id of an action. */
    static final String CORDON_PREFIX = "cordon.yagura.dev/";

    static final String POLICY = "yagura-quarantine";

    private static final String OWNER = "app.kubernetes.io/managed-by";
    private static final String OURS = "yagura";

    private Quarantine() {}

    /** The only label of a contained pod: no Service, controller or policy chooses it by others. */
    static Map<String, String> labels(Action action) {
        return Map.of(LABEL, id(action));
    }

    /** "ACTION" in the plan of one that is not there yet. */
    static String id(Action action) {
        String id = action.getName().substring(action.getName().indexOf('/') + 1);
        return id.isEmpty() ? "ACTION" : id;
    }

    /** Closes both directions, and lets nothing through. */
    static ObjectNode policy(String namespace) {
        ObjectNode policy = JsonNodeFactory.instance.objectNode();
        policy.put("apiVersion", "networking.k8s.io/v1").put("kind", "NetworkPolicy");
        ObjectNode metadata = policy.putObject("metadata");
        metadata.put("name", POLICY).put("namespace", namespace);
        metadata.putObject("labels").put(OWNER, OURS);
        policy.set("spec", spec());
        return policy;
    }

    static ObjectNode spec() {
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        spec.putObject("podSelector")
                .putArray("matchExpressions")
                .addObject()
                .put("key", LABEL)
                .put("operator", "Exists");
        spec.putArray("policyTypes").add("Ingress").add("Egress");
        return spec;
    }

    /** Whether a policy of the name is as it is meant. */
    static boolean isSame(JsonNode policy) {
        JsonNode spec = policy.path("spec");
        return spec.path("podSelector").equals(spec().path("podSelector"))
                && spec.path("policyTypes").equals(spec().path("policyTypes"))
                && spec.path("ingress").isEmpty()
                && spec.path("egress").isEmpty();
    }

    /** Whether Yagura made it, and may delete it. */
    static boolean isOurs(JsonNode policy) {
        return policy.path("metadata").path("labels").path(OWNER).asText().equals(OURS);
    }
}
