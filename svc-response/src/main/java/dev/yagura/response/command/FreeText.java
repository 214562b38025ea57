package dev.yagura.response.command;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds what lets a caller run any text through a document: a parameter that is put into a step and
 * whose values are not limited, or a step that fetches what it runs. Systems Manager replaces
 * parameters as text, so one inside quotes is no safer.
 */
final class FreeText {
    /** Steps that run what is written in the document itself. */
    private static final Set<String> SCRIPTS =
            Set.of("aws:runShellScript", "aws:runPowerShellScript");

    private static final Pattern REFERENCE =
            Pattern.compile("\\{\\{\\s*([A-Za-z0-9_.:]+)\\s*\\}\\}");

    /** Types whose values are no text. */
    private static final Set<String> NO_TEXT = Set.of("Boolean", "Integer");

    private FreeText() {}

    /**
     * Why a document is one that runs anything; empty when it is not.
     *
     * @param content JSON, as GetDocument gives it
     */
    static Optional<String> in(String content) {
        try (JsonReader reader = Json.createReader(new StringReader(content))) {
            JsonObject document = reader.readObject();
            return fetching(document).or(() -> unlimited(document));
        } catch (JsonException | ClassCastException e) {
            return Optional.of("its content cannot be read");
        }
    }

    private static Optional<String> fetching(JsonObject document) {
        if (!document.containsKey("mainSteps")) {
            return Optional.of("it is of an old schema, whose steps are not looked into");
        }
        return document.getJsonArray("mainSteps").stream()
                .map(JsonValue::asJsonObject)
                .map(step -> step.getString("action", ""))
                .filter(action -> !SCRIPTS.contains(action))
                .findFirst()
                .map(action -> "its step " + action + " is not one of " + SCRIPTS);
    }

    private static Optional<String> unlimited(JsonObject document) {
        Map<String, JsonValue> parameters =
                document.containsKey("parameters")
                        ? document.getJsonObject("parameters")
                        : Map.of();
        return document.getJsonArray("mainSteps").stream()
                .flatMap(FreeText::texts)
                .flatMap(text -> REFERENCE.matcher(text).results().map(each -> each.group(1)))
                .filter(name -> isUnlimited(parameters.get(name)))
                .findFirst()
                .map(name -> "its parameter " + name + " takes any text and is put into a step");
    }

    private static boolean isUnlimited(@Nullable JsonValue parameter) {
        if (parameter == null) {
            return false; // Systems Manager's own, such as {{ global:REGION }}.
        }
        JsonObject declared = parameter.asJsonObject();
        return !NO_TEXT.contains(declared.getString("type", "String"))
                && !declared.containsKey("allowedValues")
                && !declared.containsKey("allowedPattern");
    }

    /** Every text inside a value. */
    private static Stream<String> texts(JsonValue value) {
        return switch (value) {
            case JsonString text -> Stream.of(text.getString());
            case JsonArray array -> array.stream().flatMap(FreeText::texts);
            case JsonObject object -> object.values().stream().flatMap(FreeText::texts);
            default -> Stream.empty();
        };
    }
}
