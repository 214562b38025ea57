package dev.yagura.sandbox.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;

/** RFC 6902 on objects: test, add, replace and remove. */
final class JsonPatch {
    private JsonPatch() {}

    /**
     * A changed copy.
     *
     * @throws KubernetesFault 422 as the API server words it
     */
    static ObjectNode apply(ObjectNode object, JsonNode patch) {
        if (!patch.isArray()) {
            throw KubernetesFault.badRequest("error decoding patch: it is no array");
        }
        ObjectNode changed = object.deepCopy();
        for (JsonNode operation : patch) {
            apply(changed, operation.path("op").asText(), operation);
        }
        return changed;
    }

    private static void apply(ObjectNode root, String name, JsonNode operation) {
        String path = operation.path("path").asText();
        List<String> segments =
                Arrays.stream(path.split("/", -1))
                        .skip(1)
                        .map(each -> each.replace("~1", "/").replace("~0", "~"))
                        .toList();
        JsonNode parent = root;
        for (String segment : segments.subList(0, segments.size() - 1)) {
            parent = parent.path(segment);
        }
        String last = segments.getLast();
        JsonNode value = operation.path("value");
        if (name.equals("test")) {
            if (!parent.path(last).equals(value)) {
                throw refused("testing value %s failed: test failed".formatted(path));
            }
            return;
        }
        if (!(parent instanceof ObjectNode holder)) {
            throw refused(
                    "%s operation does not apply: doc is missing path: %s".formatted(name, path));
        }
        switch (name) {
            case "add" -> holder.set(last, value);
            case "replace", "remove" -> {
                if (!holder.has(last)) {
                    throw refused(
                            "%s operation does not apply: doc is missing key: %s"
                                    .formatted(name, path));
                }
                if (name.equals("remove")) {
                    holder.remove(last);
                } else {
                    holder.set(last, value);
                }
            }
            default -> throw refused("Unexpected kind: " + name);
        }
    }

    private static KubernetesFault refused(String cause) {
        return KubernetesFault.invalid(
                "the server rejected our request due to an error in our request: " + cause);
    }
}
