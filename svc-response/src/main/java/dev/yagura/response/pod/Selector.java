package dev.yagura.response.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A label selector as the API machinery of Kubernetes evaluates it: all of matchLabels and
 * matchExpressions; an empty one selects everything.
 */
record Selector(JsonNode json) {

    boolean matches(Map<String, String> labels) {
        return json.path("matchLabels").propertyStream().allMatch(each -> has(labels, each))
                && json.path("matchExpressions")
                        .valueStream()
                        .allMatch(each -> fulfils(labels, each));
    }

    private static boolean has(Map<String, String> labels, Map.Entry<String, JsonNode> wanted) {
        return wanted.getValue().asText().equals(labels.get(wanted.getKey()));
    }

    /** An operator that is not known is taken to select: more is named than there is, not less. */
    private static boolean fulfils(Map<String, String> labels, JsonNode expression) {
        Optional<String> value = Optional.ofNullable(labels.get(expression.path("key").asText()));
        boolean listed =
                value.isPresent()
                        && expression
                                .path("values")
                                .valueStream()
                                .anyMatch(each -> each.asText().equals(value.get()));
        return switch (expression.path("operator").asText()) {
            case "In" -> listed;
            case "NotIn" -> !listed;
            case "Exists" -> value.isPresent();
            case "DoesNotExist" -> value.isEmpty();
            default -> true;
        };
    }

    boolean isEverything() {
        return json.path("matchLabels").isEmpty() && json.path("matchExpressions").isEmpty();
    }

    /** For people, as kubectl writes it. */
    @Override
    public String toString() {
        Stream<String> labels =
                json.path("matchLabels")
                        .propertyStream()
                        .map(each -> each.getKey() + "=" + each.getValue().asText());
        Stream<String> expressions =
                json.path("matchExpressions")
                        .valueStream()
                        .map(each ->
                                "%s %s%s"
                                        .formatted(
                                                each.path("key").asText(),
                                                each.path("operator").asText(),
                                                values(each)));
        return isEverything()
                ? "every pod"
                : Stream.concat(labels, expressions).collect(Collectors.joining(", "));
    }

    private static String values(JsonNode expression) {
        String values =
                expression
                        .path("values")
                        .valueStream()
                        .map(JsonNode::asText)
                        .collect(Collectors.joining(", "));
        return values.isEmpty() ? "" : " (" + values + ")";
    }
}
