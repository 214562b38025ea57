package dev.yagura.response.exchange;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.proto.response.v1.OnFailure;
import dev.yagura.proto.response.v1.Playbook;
import dev.yagura.proto.response.v1.PlaybookBranch;
import dev.yagura.proto.response.v1.PlaybookSpec;
import dev.yagura.proto.response.v1.PlaybookStart;
import dev.yagura.proto.response.v1.PlaybookStep;
import dev.yagura.response.aws.SavedTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * A playbook as CACAO 2.0. Its steps call the JSON API, so another engine can run them: what is
 * computed here from the incident is a variable there. The extension keeps what CACAO has no field
 * for, so that nothing is lost on the way back.
 */
public final class CacaoWriter {
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final PlaybookSpec spec;
    private final ObjectNode workflow = JsonNodeFactory.instance.objectNode();
    private final CacaoVariables variables = new CacaoVariables();

    private CacaoWriter(PlaybookSpec spec) {
        this.spec = spec;
    }

    /**
     * JSON.
     *
     * @throws PreconditionFailedException CACAO has no form for it; names the step
     */
    public static String write(Playbook playbook) {
        return new CacaoWriter(playbook.getSpec()).document(playbook).toPrettyString();
    }

    private ObjectNode document(Playbook playbook) {
        String time = MILLIS.format(SavedTime.read(playbook.getCreateTime()));
        String end = end();
        String start = id("start");
        workflow.putObject(start)
                .put("type", "start")
                .put("on_completion", sequence(spec.getStepsList(), end, end));
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("type", "playbook")
                .put("spec_version", "cacao-2.0")
                .put("id", id("playbook"))
                .put("name", spec.getTitle());
        if (!spec.getDescription().isEmpty()) {
            document.put("description", spec.getDescription());
        }
        document.put("created_by", CacaoIds.YAGURA)
                .put("created", time)
                .put("modified", time)
                .put("workflow_start", start);
        document.set("workflow", workflow);
        document.set("playbook_variables", variables.definitions());
        document.putObject("agent_definitions")
                .putObject(CacaoIds.AGENT)
                .put("type", "http-api")
                .put("name", "Yagura")
                .put("description", "The JSON API: put in the address of the installation.")
                .putObject("address")
                .putArray("url")
                .add("https://yagura.example.com");
        document.putObject("extension_definitions")
                .putObject(CacaoIds.EXTENSION)
                .put("type", "extension-definition")
                .put("name", "Yagura playbook")
                .put("created_by", CacaoIds.YAGURA)
                .put(
                        "schema",
                        "Fields of yagura.response.v1.PlaybookSpec and PlaybookStep by their"
                                + " names, expressions in CEL.")
                .put("version", "1.0.0");
        document.putObject("playbook_extensions").set(CacaoIds.EXTENSION, extension());
        return document;
    }

    private ObjectNode extension() {
        ObjectNode extension = JsonNodeFactory.instance.objectNode();
        extension.put("id", spec.getId());
        put(extension, "when", spec.getWhen());
        put(extension, "timeout", spec.getTimeout());
        if (spec.getStart() == PlaybookStart.PLAYBOOK_START_AUTOMATIC) {
            extension.put("start", "automatic");
        }
        if (spec.hasQuietHours()) {
            ObjectNode quiet = extension.putObject("quiet_hours");
            quiet.put("zone", spec.getQuietHours().getZone());
            quiet.put("from", spec.getQuietHours().getFrom());
            quiet.put("to", spec.getQuietHours().getTo());
            ArrayNode days = quiet.putArray("days");
            spec.getQuietHours().getDaysList().forEach(days::add);
        }
        return extension;
    }

    /**
     * Writes steps in order.
     *
     * @param next what follows the last one
     * @param end where a step that may not fail leads to when it has failed
     * @return the first one
     */
    private String sequence(List<PlaybookStep> steps, String next, String end) {
        String following = next;
        for (PlaybookStep step : steps.reversed()) {
            following = step(step, following, end);
        }
        return following;
    }

    private String step(PlaybookStep step, String next, String end) {
        if (step.getWhen().isEmpty()) {
            return body(step, next, end);
        }
        String branchEnd = end("when", step.getId());
        String id = id("if-condition", step.getId());
        ObjectNode condition = workflow.putObject(id);
        condition
                .put("type", "if-condition")
                .put("name", "When " + step.getId())
                .put(
                        "condition",
                        variables.reference("when_" + step.getId(), "bool", step.getWhen())
                                + " = 'true'")
                .put("on_true", body(step, branchEnd, branchEnd));
        follow(condition, step, next, end);
        condition
                .putObject("step_extensions")
                .putObject(CacaoIds.EXTENSION)
                .put("when", step.getWhen());
        return id;
    }

    private String body(PlaybookStep step, String next, String end) {
        return step.getParallelCount() > 0 ? parallel(step, next, end) : action(step, next, end);
    }

    private String parallel(PlaybookStep step, String next, String end) {
        if (step.getParallelCount() == 1) {
            throw new PreconditionFailedException(
                    step.getId(),
                    "has one branch, and CACAO wants two or more: write its steps in the sequence"
                            + " around it");
        }
        String id = id("parallel", step.getId());
        ObjectNode parallel = workflow.putObject(id);
        head(parallel, "parallel", step);
        ArrayNode branches = parallel.putArray("next_steps");
        for (int i = 0; i < step.getParallelCount(); i++) {
            PlaybookBranch branch = step.getParallel(i);
            String branchEnd = end("branch", step.getId(), Integer.toString(i));
            branches.add(sequence(branch.getStepsList(), branchEnd, branchEnd));
        }
        follow(parallel, step, next, end);
        return id;
    }

    private String action(PlaybookStep step, String next, String end) {
        String id = id("action", step.getId());
        ObjectNode action = workflow.putObject(id);
        ObjectNode extension = head(action, "action", step);
        extension.put("action", step.getAction());
        if (step.getWithCount() > 0) {
            ObjectNode with = extension.putObject("with");
            step.getWithMap().forEach(with::put);
        }
        put(extension, "for_each", step.getForEach());
        put(extension, "limit", step.getLimit());
        put(extension, "at_once", step.getAtOnce());
        put(extension, "retries", step.getRetries());
        if (step.getApproval()) {
            extension.put("approval", true);
        }
        ObjectNode command = action.putArray("commands").addObject();
        command.put("type", "http-api").put("command", "POST /v1/actions HTTP/1.1");
        command.putObject("headers").putArray("Content-Type").add("application/json");
        command.put(
                "content_b64",
                Base64.getEncoder()
                        .encodeToString(request(step).toString().getBytes(StandardCharsets.UTF_8)));
        action.put("agent", CacaoIds.AGENT);
        follow(action, step, next, end);
        return id;
    }

    private ObjectNode head(ObjectNode node, String type, PlaybookStep step) {
        node.put("type", type)
                .put("name", step.getTitle().isEmpty() ? step.getId() : step.getTitle());
        if (!step.getTimeout().isEmpty()) {
            node.put("timeout", Duration.parse(step.getTimeout()).toMillis());
        }
        ObjectNode extension = node.putObject("step_extensions").putObject(CacaoIds.EXTENSION);
        extension.put("id", step.getId());
        put(extension, "timeout", step.getTimeout());
        return extension;
    }

    private static void follow(ObjectNode node, PlaybookStep step, String next, String end) {
        if (step.getOnFailure() == OnFailure.ON_FAILURE_CONTINUE) {
            node.put("on_completion", next);
        } else {
            node.put("on_success", next).put("on_failure", end);
        }
    }

    /** What CreateAction takes, with variables for what is computed from the incident. */
    private ObjectNode request(PlaybookStep step) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("kind", "ACTION_KIND_" + step.getAction().toUpperCase(Locale.ROOT));
        request.put("incident", variables.reference("incident", "string", "incidents/{id}"));
        request.put("reason", "playbook " + spec.getId() + ", step " + step.getId());
        request.put(
                "requestId",
                variables.reference(
                        "request_id_" + step.getId(),
                        "uuid",
                        "Made once for each "
                                + (step.getForEach().isEmpty() ? "run" : "run and element")
                                + ": the same one never acts twice."));
        ObjectNode target = request.putObject("target");
        ObjectNode scope = target.putObject("scope");
        for (String field : List.of("partition", "account_id", "region")) {
            scope.put(field, variables.reference(field, "string", "incident.asset.scope." + field));
        }
        boolean hasInstance =
                step.getWithMap().keySet().stream()
                        .allMatch(path -> path.startsWith("process.") || path.startsWith("file."));
        if (hasInstance && step.getForEach().isEmpty()) {
            target.put(
                    "instance_id",
                    variables.reference("instance_id", "string", "incident.asset.instance_id"));
        } else if (hasInstance) {
            target.put(
                    "instance_id",
                    variables.reference(
                            step.getId() + "_instance_id",
                            "string",
                            "instance_id of the element" + each(step)));
        }
        step.getWithMap().forEach((path, expression) -> set(target, step, path, expression));
        return request;
    }

    private void set(ObjectNode target, PlaybookStep step, String path, String expression) {
        ObjectNode node = target;
        String[] names = path.split("\\.");
        for (int i = 0; i < names.length - 1; i++) {
            node =
                    node.get(names[i]) instanceof ObjectNode begun
                            ? begun
                            : node.putObject(names[i]);
        }
        node.put(
                names[names.length - 1],
                variables.reference(
                        step.getId() + "_" + path.replace('.', '_'),
                        "string",
                        expression + each(step)));
    }

    /** CACAO has no loop over a list: its variables are of one element. */
    private static String each(PlaybookStep step) {
        return step.getForEach().isEmpty() ? "" : ", where each is one of: " + step.getForEach();
    }

    private String end(String... of) {
        String id = id("end", of);
        workflow.putObject(id).put("type", "end");
        return id;
    }

    private String id(String type, String... parts) {
        return CacaoIds.of(type, spec.getId(), parts);
    }

    private static void put(ObjectNode node, String field, int value) {
        if (value > 0) {
            node.put(field, value);
        }
    }

    private static void put(ObjectNode node, String field, String value) {
        if (!value.isEmpty()) {
            node.put(field, value);
        }
    }
}
