package dev.yagura.response.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * A node as the API has it now. Each action that keeps new pods from it leaves a mark of its own;
 * the last one that goes opens it again.
 */
record LiveNode(JsonNode json) {

    String name() {
        return json.path("metadata").path("name").asText();
    }

    String uid() {
        return json.path("metadata").path("uid").asText();
    }

    String resourceVersion() {
        return json.path("metadata").path("resourceVersion").asText();
    }

    Map<String, String> annotations() {
        return LivePod.map(json.path("metadata").path("annotations"));
    }

    /** No new pod comes to it. */
    boolean isCordoned() {
        return json.path("spec").path("unschedulable").asBoolean();
    }

    boolean isMarkedBy(String action) {
        return annotations().containsKey(Quarantine.CORDON_PREFIX + action);
    }

    /** Whether another action than this one keeps new pods from it. */
    boolean isMarkedByOthers(String action) {
        return annotations().keySet().stream()
                .filter(each -> each.startsWith(Quarantine.CORDON_PREFIX))
                .anyMatch(each -> !each.equals(Quarantine.CORDON_PREFIX + action));
    }

    /** Somebody else's, who opens it when it is time. */
    boolean isCordonedByOthersThanYagura() {
        return isCordoned()
                && annotations().keySet().stream()
                        .noneMatch(each -> each.startsWith(Quarantine.CORDON_PREFIX));
    }

    /** "i-0123…" of its provider id; empty where AWS does not tell. */
    String instanceId() {
        List<String> parts = List.of(json.path("spec").path("providerID").asText().split("/", -1));
        return parts.getLast().startsWith("i-") ? parts.getLast() : "";
    }
}
