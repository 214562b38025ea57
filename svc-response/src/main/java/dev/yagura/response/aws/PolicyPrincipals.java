package dev.yagura.response.aws;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whom a policy of a resource, such as the trust of a role, names in what it allows; what its
 * conditions ask is not looked at.
 */
public final class PolicyPrincipals {
    private PolicyPrincipals() {}

    /** "Service ec2.amazonaws.com", "AWS arn:aws:iam::111122223333:user/rei", in order. */
    public static List<String> of(String document) {
        try (JsonReader reader = Json.createReader(new StringReader(document))) {
            return values(reader.readObject().getOrDefault("Statement", JsonValue.NULL))
                    .map(JsonValue::asJsonObject)
                    .filter(statement -> statement.getString("Effect", "").equals("Allow"))
                    .flatMap(PolicyPrincipals::named)
                    .distinct()
                    .sorted()
                    .toList();
        } catch (JsonException | ClassCastException e) {
            return List.of("a policy that cannot be read");
        }
    }

    private static Stream<String> named(JsonObject statement) {
        if (statement.containsKey("NotPrincipal")) {
            return Stream.of("everybody but those of a NotPrincipal");
        }
        return switch (statement.getOrDefault("Principal", JsonValue.NULL)) {
            case JsonObject principal ->
                    principal.entrySet().stream()
                            .flatMap(entry ->
                                    values(entry.getValue())
                                            .map(value -> entry.getKey() + " " + text(value)));
            case JsonString everybody -> Stream.of("everybody");
            default -> throw new JsonException("a principal that is neither text nor object");
        };
    }

    private static Stream<JsonValue> values(JsonValue value) {
        return value instanceof JsonArray array ? array.stream() : Stream.of(value);
    }

    private static String text(JsonValue value) {
        return ((JsonString) value).getString();
    }
}
