package dev.yagura.sandbox.document;

import static dev.yagura.sandbox.document.ContentReader.invalid;
import static dev.yagura.sandbox.document.ContentReader.items;
import static dev.yagura.sandbox.document.ContentReader.onlyMembers;
import static dev.yagura.sandbox.document.ContentReader.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.yagura.sandbox.wire.ApiFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of a document. */
final class ParameterReader {
    /** The agent ignores parameters with other names, so that their references would stay. */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9]+");

    private static final Set<String> DISPLAY_TYPES = Set.of("textfield", "textarea");

    private ParameterReader() {}

    static List<DocumentParameter> read(JsonNode parameters) {
        if (parameters.isMissingNode()) {
            return List.of();
        }
        if (!parameters.isObject()) {
            throw invalid("parameters must be an object.");
        }
        List<DocumentParameter> all = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : parameters.properties()) {
            all.add(parameter(member.getKey(), member.getValue()));
        }
        return all;
    }

    private static DocumentParameter parameter(String name, JsonNode node) {
        String where = "parameters." + name;
        if (!NAME.matcher(name).matches()) {
            throw invalid("%s: the name may have letters and digits only.", where);
        }
        onlyMembers(
                where,
                node,
                "type",
                "description",
                "default",
                "allowedValues",
                "allowedPattern",
                "displayType",
                "minChars",
                "maxChars",
                "minItems",
                "maxItems");
        boolean list = isList(where, node);
        checkDisplayType(where, node);
        DocumentParameter parameter =
                new DocumentParameter(
                        name,
                        list,
                        ContentReader.optionalText(node, "description"),
                        standard(where + ".default", node.path("default"), list),
                        node.has("allowedValues")
                                ? items(
                                        where + ".allowedValues",
                                        node.path("allowedValues"),
                                        ContentReader::text)
                                : List.of(),
                        pattern(where, node),
                        limits(where, node, "minChars", "maxChars"),
                        limits(where, node, "minItems", "maxItems"));
        checkStandard(where, parameter);
        return parameter;
    }

    private static boolean isList(String where, JsonNode node) {
        String type = text(where + ".type", node.path("type"));
        return switch (type) {
            case "String" -> false;
            case "StringList" -> true;
            default ->
                    throw invalid(
                            "%s.type: the sandbox knows String and StringList only, not '%s'.",
                            where, type);
        };
    }

    private static void checkDisplayType(String where, JsonNode node) {
        String type = ContentReader.optionalText(node, "displayType");
        if (!type.isEmpty() && !DISPLAY_TYPES.contains(type)) {
            throw invalid("%s.displayType must be textfield or textarea: '%s'", where, type);
        }
    }

    private static @Nullable List<String> standard(String where, JsonNode node, boolean list) {
        if (node.isMissingNode()) {
            return null;
        }
        return list ? items(where, node, ContentReader::text) : List.of(text(where, node));
    }

    private static @Nullable Pattern pattern(String where, JsonNode node) {
        if (!node.has("allowedPattern")) {
            return null;
        }
        String pattern = text(where + ".allowedPattern", node.path("allowedPattern"));
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw invalid(
                    "%s.allowedPattern is no regular expression: %s", where, e.getDescription());
        }
    }

    private static DocumentParameter.Limits limits(
            String where, JsonNode node, String smallest, String largest) {
        DocumentParameter.Limits limits =
                new DocumentParameter.Limits(
                        count(where, node, smallest, 0),
                        count(where, node, largest, Integer.MAX_VALUE));
        if (limits.smallest() > limits.largest()) {
            throw invalid("%s: %s is above %s.", where, smallest, largest);
        }
        return limits;
    }

    private static int count(String where, JsonNode node, String member, int standard) {
        if (!node.has(member)) {
            return standard;
        }
        JsonNode count = node.path(member);
        if (!count.canConvertToInt() || !count.isIntegralNumber() || count.asInt() < 0) {
            throw invalid("%s.%s must be a number from 0.", where, member);
        }
        return count.asInt();
    }

    /** A default that the document's own rules refuse would fail each command that relies on it. */
    private static void checkStandard(String where, DocumentParameter parameter) {
        if (parameter.standard() != null) {
            try {
                parameter.valueOf(parameter.standard());
            } catch (ApiFault e) {
                throw invalid("%s.default: %s", where, e.text());
            }
        }
    }
}
