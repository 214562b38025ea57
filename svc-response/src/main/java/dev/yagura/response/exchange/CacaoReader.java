package dev.yagura.response.exchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.yagura.common.error.InvalidFieldException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * A CACAO 2.0 playbook as the YAML of a playbook. Order, branches, what happens on failure, names
 * and timeouts are CACAO's own, so what another tool has changed in them counts; the action and its
 * expressions are those of the extension.
 */
public final class CacaoReader {
    private static final int MAX_CHARS = 1024 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode workflow;
    private final Set<String> seen = new HashSet<>();

    private CacaoReader(JsonNode workflow) {
        this.workflow = workflow;
    }

    /**
     * YAML.
     *
     * @throws InvalidFieldException it is none, or has what is not read here; names the object
     */
    public static String read(String json) {
        if (json.length() > MAX_CHARS) {
            throw problem("is longer than 1 MiB", "split it");
        }
        JsonNode document;
        try {
            document = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw problem(
                    "line "
                            + e.getLocation().getLineNr()
                            + ", column "
                            + e.getLocation().getColumnNr()
                            + ": "
                            + e.getOriginalMessage(),
                    "send a CACAO playbook as JSON");
        }
        if (!text(document, "type").equals("playbook")
                || !text(document, "spec_version").equals("cacao-2.0")) {
            throw problem(
                    "is no CACAO 2.0 playbook",
                    "its type is \"playbook\" and its spec_version \"cacao-2.0\"");
        }
        return new CacaoReader(document.path("workflow")).playbook(document);
    }

    private String playbook(JsonNode document) {
        JsonNode extension = document.path("playbook_extensions").path(CacaoIds.EXTENSION);
        Map<String, Object> playbook = new LinkedHashMap<>();
        put(playbook, "id", text(extension, "id"));
        put(playbook, "title", text(document, "name"));
        put(playbook, "description", text(document, "description"));
        for (String field : List.of("when", "timeout", "start")) {
            put(playbook, field, text(extension, field));
        }
        if (extension.has("quiet_hours")) {
            playbook.put("quiet_hours", JSON.convertValue(extension.get("quiet_hours"), Map.class));
        }
        String start = text(document, "workflow_start");
        JsonNode first = node(start, "workflow_start");
        if (!text(first, "type").equals("start")) {
            throw problem("workflow_start is no start step", "name one");
        }
        playbook.put("steps", sequence(text(first, "on_completion"), start));
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(120);
        return new Yaml(options).dump(playbook);
    }

    /** Steps in order, up to an end. */
    private List<Map<String, Object>> sequence(String first, String from) {
        List<Map<String, Object>> steps = new ArrayList<>();
        String id = first;
        String before = from;
        while (true) {
            JsonNode node = node(id, before);
            if (text(node, "type").equals("end")) {
                return steps;
            }
            if (!seen.add(id)) {
                throw problem(id + " is reached twice", "steps are a sequence; loops are not read");
            }
            steps.add(step(id, node));
            before = id;
            id = next(id, node);
        }
    }

    private Map<String, Object> step(String id, JsonNode node) {
        return switch (text(node, "type")) {
            case "action" -> action(id, node);
            case "parallel" -> parallel(id, node);
            case "if-condition" -> conditional(id, node);
            default ->
                    throw problem(
                            id + " is of type \"" + text(node, "type") + "\"",
                            "start, end, action, parallel and if-condition are read");
        };
    }

    private static Map<String, Object> action(String id, JsonNode node) {
        JsonNode extension = extension(id, node);
        Map<String, Object> step = head(node, extension);
        put(step, "action", text(extension, "action"));
        if (extension.has("with")) {
            step.put("with", JSON.convertValue(extension.get("with"), Map.class));
        }
        put(step, "for_each", text(extension, "for_each"));
        for (String field : List.of("limit", "at_once", "retries")) {
            if (extension.has(field)) {
                step.put(field, extension.get(field).asInt());
            }
        }
        if (extension.path("approval").asBoolean()) {
            step.put("approval", true);
        }
        return step;
    }

    private Map<String, Object> parallel(String id, JsonNode node) {
        Map<String, Object> step = head(node, extension(id, node));
        List<Map<String, Object>> branches = new ArrayList<>();
        for (JsonNode branch : node.path("next_steps")) {
            branches.add(Map.of("steps", sequence(branch.asText(), id)));
        }
        step.put("parallel", branches);
        return step;
    }

    /** A condition of the extension around one step. */
    private Map<String, Object> conditional(String id, JsonNode node) {
        String when = text(extension(id, node), "when");
        if (when.isEmpty() || node.has("on_false")) {
            throw problem(
                    id + " is a condition of its own",
                    "only those are read that the extension has \"when\" for, without on_false");
        }
        List<Map<String, Object>> steps = sequence(text(node, "on_true"), id);
        if (steps.size() != 1) {
            throw problem(id + " has not one step in on_true", "repeat it for each step");
        }
        Map<String, Object> step = steps.getFirst();
        if (step.put("when", when) != null) {
            throw problem(id + " is a condition on a condition", "join them with &&");
        }
        onFailure(node, step);
        return step;
    }

    private static Map<String, Object> head(JsonNode node, JsonNode extension) {
        Map<String, Object> step = new LinkedHashMap<>();
        put(step, "id", text(extension, "id"));
        if (!text(node, "name").equals(text(extension, "id"))) {
            put(step, "title", text(node, "name"));
        }
        if (node.has("timeout")) {
            step.put("timeout", timeout(node.get("timeout").asLong(), text(extension, "timeout")));
        }
        onFailure(node, step);
        return step;
    }

    /** As it was written here, unless it was changed elsewhere. */
    private static String timeout(long millis, String written) {
        Duration timeout = Duration.ofMillis(millis);
        try {
            return Duration.parse(written).equals(timeout) ? written : timeout.toString();
        } catch (DateTimeParseException e) {
            return timeout.toString(); // it has none of ours
        }
    }

    private static void onFailure(JsonNode node, Map<String, Object> step) {
        if (node.has("on_completion")) {
            step.put("on_failure", "continue");
        } else {
            step.remove("on_failure");
        }
    }

    private String next(String id, JsonNode node) {
        if (node.has("on_completion")) {
            return text(node, "on_completion");
        }
        String failed = text(node, "on_failure");
        if (!failed.isEmpty() && !text(node(failed, id), "type").equals("end")) {
            throw problem(
                    id + " goes on elsewhere when it fails",
                    "on_failure leads to an end step; write \"when: steps.… == 'failed'\" for what"
                            + " comes then");
        }
        return text(node, "on_success");
    }

    private static JsonNode extension(String id, JsonNode node) {
        JsonNode extension = node.path("step_extensions").path(CacaoIds.EXTENSION);
        if (extension.isMissingNode()) {
            throw problem(
                    id + " says nothing that Yagura can do",
                    "give it step_extensions." + CacaoIds.EXTENSION + " with id and action");
        }
        return extension;
    }

    private JsonNode node(String id, String from) {
        JsonNode node = workflow.path(id);
        if (node.isMissingNode()) {
            throw problem(
                    from + " leads to \"" + id + "\", which is not there", "add it to workflow");
        }
        return node;
    }

    private static void put(Map<String, Object> map, String field, String value) {
        if (!value.isEmpty()) {
            map.put(field, value);
        }
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText("");
    }

    private static InvalidFieldException problem(String problem, String remedy) {
        return new InvalidFieldException("source", problem, remedy);
    }
}
