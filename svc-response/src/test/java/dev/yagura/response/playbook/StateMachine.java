package dev.yagura.response.playbook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much of Amazon States Language as exported playbooks have, run at once. */
final class StateMachine {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MOST_STATES = 10_000;
    private static final Pattern CALL = Pattern.compile("States\\.(\\w+)\\((.*)\\)");

    private final Http http;
    private int states;

    /** What a Task calls. */
    interface Http {
        /**
         * @throws FailedException the API refuses
         */
        JsonNode call(String verb, String url, JsonNode body) throws FailedException;
    }

    /** An error of a state. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1L;

        FailedException(String cause) {
            super(cause);
        }
    }

    StateMachine(Http http) {
        this.http = http;
    }

    /**
     * Runs to the end.
     *
     * @return output
     * @throws FailedException it ended in a Fail state, or by an error that nothing catches
     */
    ObjectNode run(JsonNode machine, ObjectNode input) throws FailedException {
        ObjectNode data = input;
        String name = machine.path("StartAt").asText();
        while (true) {
            if (++states > MOST_STATES) {
                throw new IllegalStateException("does not end, at " + name);
            }
            JsonNode state = machine.path("States").path(name);
            switch (state.path("Type").asText()) {
                case "Succeed" -> {
                    return data;
                }
                case "Fail" -> throw new FailedException(state.path("Cause").asText());
                case "Choice" -> {
                    name = choose(state, data);
                    continue;
                }
                case "Wait" -> {}
                case "Pass" -> data = put(data, state, passed(state, data));
                case "Task" -> {
                    try {
                        data = put(data, state, selected(state, task(state, data)));
                    } catch (FailedException e) {
                        if (!state.has("Catch")) {
                            throw e;
                        }
                        JsonNode caught = state.path("Catch").path(0);
                        data = put(data, caught, NODES.objectNode().put("Cause", e.getMessage()));
                        name = caught.path("Next").asText();
                        continue;
                    }
                }
                case "Parallel" -> {
                    ArrayNode results = NODES.arrayNode();
                    for (JsonNode branch : state.path("Branches")) {
                        results.add(run(branch, data.deepCopy()));
                    }
                    data = put(data, state, selected(state, results));
                }
                case "Map" -> data = put(data, state, selected(state, mapped(state, data)));
                default -> throw new IllegalStateException(name + " is no state: " + state);
            }
            name = state.path("Next").asText();
        }
    }

    private ArrayNode mapped(JsonNode state, ObjectNode data) throws FailedException {
        ArrayNode results = NODES.arrayNode();
        for (JsonNode item : present(state.path("ItemsPath").asText(), data)) {
            // What "$$" leads to is beside the data, under a name that it cannot have.
            ObjectNode context = data.deepCopy();
            context.putObject("$").putObject("Map").putObject("Item").set("Value", item);
            ObjectNode input = (ObjectNode) filled(state.path("ItemSelector"), context);
            results.add(run(state.path("ItemProcessor"), input));
        }
        return results;
    }

    private JsonNode task(JsonNode state, ObjectNode data) throws FailedException {
        JsonNode parameters = filled(state.path("Parameters"), data);
        return NODES.objectNode()
                .set(
                        "ResponseBody",
                        http.call(
                                parameters.path("Method").asText(),
                                parameters.path("ApiEndpoint").asText(),
                                parameters.path("RequestBody")));
    }

    private static JsonNode passed(JsonNode state, ObjectNode data) {
        return state.has("Result") ? state.get("Result") : filled(state.path("Parameters"), data);
    }

    private static JsonNode selected(JsonNode state, JsonNode result) {
        return state.has("ResultSelector") ? filled(state.get("ResultSelector"), result) : result;
    }

    private static ObjectNode put(ObjectNode data, JsonNode state, JsonNode result) {
        String path = state.path("ResultPath").asText("$");
        if (path.equals("$")) {
            return (ObjectNode) result;
        }
        ObjectNode copy = data.deepCopy();
        ObjectNode node = copy;
        String[] names = path.substring(2).split("\\.");
        for (int i = 0; i < names.length - 1; i++) {
            node = node.withObject("/" + names[i]);
        }
        node.set(names[names.length - 1], result);
        return copy;
    }

    private String choose(JsonNode state, ObjectNode data) {
        for (JsonNode choice : state.path("Choices")) {
            if (holds(choice, data)) {
                return choice.path("Next").asText();
            }
        }
        return state.path("Default").asText();
    }

    private static boolean holds(JsonNode rule, ObjectNode data) {
        if (rule.has("And")) {
            for (JsonNode each : rule.get("And")) {
                if (!holds(each, data)) {
                    return false;
                }
            }
            return true;
        }
        if (rule.has("Not")) {
            return !holds(rule.get("Not"), data);
        }
        JsonNode value = value(rule.path("Variable").asText(), data);
        if (rule.has("IsPresent")) {
            return value.isMissingNode() != rule.get("IsPresent").asBoolean();
        }
        if (value.isMissingNode()) {
            throw new IllegalStateException("States.Runtime: there is no " + rule);
        }
        if (rule.has("StringEquals")) {
            return value.asText().equals(rule.get("StringEquals").asText());
        }
        if (rule.has("BooleanEquals")) {
            return value.asBoolean() == rule.get("BooleanEquals").asBoolean();
        }
        if (rule.has("NumericEquals")) {
            return value.asInt() == rule.get("NumericEquals").asInt();
        }
        return value.asInt() >= rule.path("NumericGreaterThanEquals").asInt();
    }

    private static JsonNode filled(JsonNode template, JsonNode data) {
        if (!template.isObject()) {
            return template;
        }
        ObjectNode filled = NODES.objectNode();
        template.properties()
                .forEach(field -> {
                    if (field.getKey().endsWith(".$")) {
                        String name = field.getKey().substring(0, field.getKey().length() - 2);
                        filled.set(name, present(field.getValue().asText(), data));
                    } else {
                        filled.set(field.getKey(), filled(field.getValue(), data));
                    }
                });
        return filled;
    }

    private static JsonNode present(String expression, JsonNode data) {
        JsonNode value = value(expression, data);
        if (value.isMissingNode()) {
            throw new IllegalStateException("States.Runtime: there is no " + expression);
        }
        return value;
    }

    private static JsonNode value(String expression, JsonNode data) {
        Matcher call = CALL.matcher(expression);
        if (call.matches()) {
            List<String> given = arguments(call.group(2));
            return switch (call.group(1)) {
                case "UUID" -> NODES.textNode(UUID.randomUUID().toString());
                case "MathAdd" ->
                        NODES.numberNode(
                                present(given.get(0), data).asInt()
                                        + Integer.parseInt(given.get(1)));
                case "Format" ->
                        NODES.textNode(
                                given.get(0)
                                        .replace("'", "")
                                        .replace("{}", present(given.get(1), data).asText()));
                case "JsonMerge" -> {
                    ObjectNode merged = present(given.get(0), data).deepCopy();
                    merged.setAll((ObjectNode) present(given.get(1), data));
                    yield merged;
                }
                case "ArrayContains" ->
                        NODES.booleanNode(
                                each(given.get(0), data).contains(given.get(1).replace("'", "")));
                default -> throw new IllegalStateException("no function: " + expression);
            };
        }
        String path =
                expression.startsWith("$$")
                        ? "." + expression.substring(1)
                        : expression.substring(1);
        return data.at(path.replace('.', '/').replaceAll("\\[(\\d+)]", "/$1"));
    }

    /** "$[*].outcome" */
    private static List<String> each(String expression, JsonNode data) {
        String field = expression.substring("$[*].".length());
        List<String> each = new ArrayList<>();
        data.forEach(item -> each.add(item.path(field).asText()));
        return each;
    }

    /** Separated by commas that are in no brackets. */
    private static List<String> arguments(String text) {
        List<String> arguments = new ArrayList<>();
        int depth = 0;
        int begin = 0;
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            depth += each == '(' ? 1 : each == ')' ? -1 : 0;
            if (each == ',' && depth == 0) {
                arguments.add(text.substring(begin, i).strip());
                begin = i + 1;
            }
        }
        arguments.add(text.substring(begin).strip());
        return arguments;
    }
}
