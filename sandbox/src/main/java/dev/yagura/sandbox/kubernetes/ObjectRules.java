package dev.yagura.sandbox.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.regex.Pattern;

/** What the API server takes, as far as the sandbox is asked for it. */
final class ObjectRules {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");
    private static final Pattern LABEL_KEY =
            Pattern.compile(
                    "([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?");
    private static final Pattern LABEL_VALUE =
            Pattern.compile("([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?");
    private static final Set<String> TYPES = Set.of("Ingress", "Egress");

    private ObjectRules() {}

    static void check(ObjectKind kind, ObjectNode object) {
        if (!object.path("kind").asText().equals(kind.kind())
                || !object.path("apiVersion").asText().equals(kind.apiVersion())) {
            throw KubernetesFault.badRequest(
                    "the object provided is unrecognized (must be of type " + kind.kind() + ")");
        }
        require(
                NAME.matcher(object.path("metadata").path("name").asText()).matches(),
                kind,
                "metadata.name: Invalid value");
        for (var label : object.path("metadata").path("labels").properties()) {
            require(
                    LABEL_KEY.matcher(label.getKey()).matches()
                            && label.getValue().isTextual()
                            && LABEL_VALUE.matcher(label.getValue().asText()).matches(),
                    kind,
                    "metadata.labels: Invalid value: " + label);
        }
        for (var annotation : object.path("metadata").path("annotations").properties()) {
            require(
                    LABEL_KEY.matcher(annotation.getKey()).matches()
                            && annotation.getValue().isTextual(),
                    kind,
                    "metadata.annotations: Invalid value: " + annotation);
        }
        if (kind == ObjectKind.NETWORK_POLICIES) {
            checkPolicy(object);
        }
    }

    private static void checkPolicy(ObjectNode object) {
        JsonNode spec = object.path("spec");
        require(
                spec.path("podSelector").isObject(),
                ObjectKind.NETWORK_POLICIES,
                "spec.podSelector: Required value");
        for (JsonNode type : spec.path("policyTypes")) {
            require(
                    TYPES.contains(type.asText()),
                    ObjectKind.NETWORK_POLICIES,
                    "spec.policyTypes: Unsupported value: " + type);
        }
        for (var member : spec.properties()) {
            if (!Set.of("podSelector", "policyTypes", "ingress", "egress")
                    .contains(member.getKey())) {
                throw KubernetesFault.badRequest("unknown field \"spec." + member.getKey() + "\"");
            }
        }
    }

    /** What nobody changes. */
    static void checkChange(ObjectKind kind, ObjectNode before, ObjectNode after) {
        for (String each : Set.of("uid", "name", "namespace", "creationTimestamp")) {
            require(
                    before.path("metadata").path(each).equals(after.path("metadata").path(each)),
                    kind,
                    "metadata." + each + ": Invalid value: field is immutable");
        }
        require(
                kind != ObjectKind.PODS || before.path("spec").equals(after.path("spec")),
                kind,
                "spec: Forbidden: pod updates may not change fields other than"
                        + " `spec.containers[*].image`");
        JsonNode closed = after.path("spec").path("unschedulable");
        require(
                kind != ObjectKind.NODES || closed.isMissingNode() || closed.isBoolean(),
                kind,
                "spec.unschedulable: Invalid value");
    }

    private static void require(boolean holds, ObjectKind kind, String problem) {
        if (!holds) {
            throw KubernetesFault.invalid(kind.kind() + " is invalid: " + problem);
        }
    }
}
