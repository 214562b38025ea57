package dev.yagura.sandbox.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.JsonText;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Reads content of schema 2.2 with steps of aws:runShellScript, one a platform, and refuses
 * whatever else.
 */
final class ContentReader {
    static final String ACTION = "aws:runShellScript";
    private static final String SCHEMA = "2.2";
    private static final String STANDARD_TIMEOUT = "3600";
    private static final Pattern STEP_NAME = Pattern.compile("[a-zA-Z0-9_]{3,128}");
    private static final Pattern TIMEOUT = Pattern.compile("[1-9]\\d{0,5}");
    private static final ObjectReader READER =
            JsonText.mapper()
                    .readerFor(JsonNode.class)
                    .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private ContentReader() {}

    /**
     * Reads what somebody wants to create.
     *
     * @throws ApiFault InvalidDocumentContent that names what is wrong, or not known
     */
    static DocumentContent read(String text) {
        JsonNode root = object(text);
        onlyMembers(
                "the document", root, "schemaVersion", "description", "parameters", "mainSteps");
        String schema = text("schemaVersion", root.path("schemaVersion"));
        if (!schema.equals(SCHEMA)) {
            throw invalid("The sandbox knows schemaVersion 2.2 only, not '%s'.", schema);
        }
        List<DocumentParameter> parameters = ParameterReader.read(root.path("parameters"));
        List<Step> steps = items("mainSteps", root.path("mainSteps"), ContentReader::step);
        if (steps.isEmpty()) {
            throw invalid("mainSteps must have at least one step.");
        }
        checkSteps(steps);
        Map<String, DocumentParameter> byName =
                parameters.stream()
                        .collect(Collectors.toMap(DocumentParameter::name, Function.identity()));
        steps.forEach(step -> checkReferences(step, byName));
        return new DocumentContent(schema, optionalText(root, "description"), parameters, steps);
    }

    static JsonNode object(String text) {
        try {
            JsonNode root = READER.readValue(text);
            if (root.isObject()) {
                return root;
            }
        } catch (JsonProcessingException e) {
            throw invalid("The content is not JSON: %s", e.getOriginalMessage());
        }
        throw invalid("The content is not a JSON object.");
    }

    private static Step step(String where, JsonNode step) {
        onlyMembers(where, step, "action", "name", "precondition", "inputs");
        String action = text(where + ".action", step.path("action"));
        if (!action.equals(ACTION)) {
            throw invalid("%s: the sandbox knows %s only, not '%s'.", where, ACTION, action);
        }
        String name = text(where + ".name", step.path("name"));
        if (!STEP_NAME.matcher(name).matches()) {
            throw invalid("%s.name must be 3 to 128 letters, digits and _: '%s'", where, name);
        }
        JsonNode inputs = step.path("inputs");
        onlyMembers(where + ".inputs", inputs, "runCommand", "timeoutSeconds");
        return new Step(
                name,
                platforms(where + ".precondition", step.path("precondition")),
                lines(where + ".inputs.runCommand", inputs.path("runCommand")),
                "",
                timeout(where + ".inputs.timeoutSeconds", inputs.path("timeoutSeconds")));
    }

    /** Without a precondition a step is for all. */
    private static Set<Platform> platforms(String where, JsonNode precondition) {
        if (precondition.isMissingNode()) {
            return EnumSet.allOf(Platform.class);
        }
        onlyMembers(where, precondition, "StringEquals");
        List<String> operands =
                items(
                        where + ".StringEquals",
                        precondition.path("StringEquals"),
                        ContentReader::text);
        Optional<Platform> platform =
                operands.size() == 2 && operands.getFirst().equals("platformType")
                        ? Platform.of(operands.getLast())
                        : Optional.empty();
        return Set.of(
                platform.orElseThrow(() ->
                        invalid(
                                "%s: the sandbox knows StringEquals of platformType and Linux,"
                                        + " MacOS or Windows only.",
                                where)));
    }

    private static List<String> lines(String where, JsonNode runCommand) {
        List<String> lines =
                runCommand.isTextual()
                        ? List.of(runCommand.asText())
                        : items(where, runCommand, ContentReader::text);
        if (lines.isEmpty()) {
            throw invalid("%s must have at least one line.", where);
        }
        return lines;
    }

    private static String timeout(String where, JsonNode timeout) {
        if (timeout.isMissingNode()) {
            return STANDARD_TIMEOUT;
        }
        String text = timeout.isIntegralNumber() ? timeout.asText() : text(where, timeout);
        if (!TIMEOUT.matcher(text).matches() && Replacement.onlyReference(text).isEmpty()) {
            throw invalid("%s must be a number of seconds or a parameter: '%s'", where, text);
        }
        return text;
    }

    private static void checkSteps(List<Step> steps) {
        Set<String> names = new HashSet<>();
        Set<Platform> taken = EnumSet.noneOf(Platform.class);
        for (Step step : steps) {
            if (!names.add(step.name())) {
                throw invalid("Two steps are named %s.", step.name());
            }
            for (Platform platform : step.platforms()) {
                if (!taken.add(platform)) {
                    throw invalid(
                            "Step %s is the second for %s; the sandbox runs one step a platform.",
                            step.name(), platform.text());
                }
            }
        }
    }

    private static void checkReferences(Step step, Map<String, DocumentParameter> declared) {
        List<String> texts = new ArrayList<>(step.runCommand());
        texts.add(step.timeoutSeconds());
        for (String text : texts) {
            for (String name : Replacement.references(text)) {
                if (!declared.containsKey(name)) {
                    throw invalid(
                            "Step %s refers to {{ %s }}, which is no parameter of the document.",
                            step.name(), name);
                }
            }
            boolean wholeRunCommand =
                    step.runCommand().size() == 1 && text.equals(step.runCommand().getFirst());
            Replacement.onlyReference(text)
                    .map(declared::get)
                    .filter(parameter -> parameter.isList() && !wholeRunCommand)
                    .ifPresent(parameter -> {
                        throw invalid(
                                "Step %s: the StringList %s cannot stand for one line; write"
                                        + " \"runCommand\": \"{{ %s }}\", or use it inside a line,"
                                        + " where it becomes JSON.",
                                step.name(), parameter.name(), parameter.name());
                    });
        }
    }

    /** Reads an element; told where it stands. */
    @FunctionalInterface
    interface Element<T> {
        T read(String where, JsonNode node);
    }

    static <T> List<T> items(String where, JsonNode node, Element<T> element) {
        if (!node.isArray()) {
            throw invalid("%s must be a list.", where);
        }
        List<T> items = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            items.add(element.read(where + "[" + i + "]", node.get(i)));
        }
        return items;
    }

    static String text(String where, JsonNode node) {
        if (!node.isTextual()) {
            throw invalid("%s must be a text.", where);
        }
        return node.asText();
    }

    static String optionalText(JsonNode parent, String member) {
        return parent.has(member) ? text(member, parent.path(member)) : "";
    }

    static void onlyMembers(String where, JsonNode node, String... known) {
        if (!node.isObject()) {
            throw invalid("%s must be an object.", where);
        }
        Set<String> unknown =
                StreamSupport.stream(((Iterable<String>) node::fieldNames).spliterator(), false)
                        .collect(Collectors.toCollection(TreeSet::new));
        unknown.removeAll(Set.of(known));
        if (!unknown.isEmpty()) {
            throw invalid("%s: the sandbox does not know %s.", where, String.join(", ", unknown));
        }
    }

    static ApiFault invalid(String format, Object... arguments) {
        return ApiFault.of("InvalidDocumentContent", format, arguments);
    }
}
