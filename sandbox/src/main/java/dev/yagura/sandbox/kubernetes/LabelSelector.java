package dev.yagura.sandbox.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which labels a selector takes: of an object, or of a query. */
final class LabelSelector {
    private LabelSelector() {}

    static Map<String, String> labels(JsonNode object) {
        Map<String, String> labels = new HashMap<>();
        object.path("metadata")
                .path("labels")
                .properties()
                .forEach(each -> labels.put(each.getKey(), each.getValue().asText()));
        return labels;
    }

    /** A null selector takes nothing, an empty one everything. */
    static boolean takes(JsonNode selector, Map<String, String> labels) {
        if (selector.isMissingNode() || selector.isNull()) {
            return false;
        }
        for (var each : selector.path("matchLabels").properties()) {
            if (!each.getValue().asText().equals(labels.get(each.getKey()))) {
                return false;
            }
        }
        for (JsonNode each : selector.path("matchExpressions")) {
            if (!fulfils(each, labels)) {
                return false;
            }
        }
        return true;
    }

    private static boolean fulfils(JsonNode expression, Map<String, String> labels) {
        String key = expression.path("key").asText();
        Set<String> values =
                expression
                        .path("values")
                        .valueStream()
                        .map(JsonNode::asText)
                        .collect(Collectors.toSet());
        return switch (expression.path("operator").asText()) {
            case "In" -> labels.containsKey(key) && values.contains(labels.get(key));
            case "NotIn" -> !labels.containsKey(key) || !values.contains(labels.get(key));
            case "Exists" -> labels.containsKey(key);
            case "DoesNotExist" -> !labels.containsKey(key);
            default -> throw KubernetesFault.invalid("not a valid selector operator");
        };
    }

    /** "key", "key=value" and several of them, with commas. */
    static boolean takes(String query, Map<String, String> labels) {
        return query.isEmpty()
                || Arrays.stream(query.split(",", -1))
                        .map(each -> each.split("=", 2))
                        .allMatch(each ->
                                each.length == 1
                                        ? labels.containsKey(each[0])
                                        : each[1].equals(labels.get(each[0])));
    }
}
