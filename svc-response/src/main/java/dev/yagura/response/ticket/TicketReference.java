package dev.yagura.response.ticket;

import dev.yagura.common.text.Texts;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.List;

/**
 * Which ticket an endpoint says that it opened.
 *
 * @param id empty when it does not say
 * @param url likewise
 */
record TicketReference(String id, String url) {
    private static final List<String> IDS = List.of("id", "key", "number");
    private static final List<String> URLS = List.of("url", "html_url");
    private static final int LONGEST_ID = 200;
    private static final int LONGEST_URL = 2000;

    /** From an answer, which may be anything. */
    static TicketReference in(String answer) {
        try (JsonReader reader = Json.createReader(new StringReader(answer))) {
            JsonObject json = reader.readObject();
            return new TicketReference(
                    first(json, IDS, LONGEST_ID), first(json, URLS, LONGEST_URL));
        } catch (JsonException e) {
            // It is no JSON object, or more of one than was read.
            return new TicketReference("", "");
        }
    }

    private static String first(JsonObject json, List<String> names, int longest) {
        return names.stream()
                .filter(json::containsKey)
                .map(json::get)
                .map(TicketReference::text)
                .filter(text -> !text.isBlank())
                .findFirst()
                .map(text -> Texts.clip(text, longest))
                .orElse("");
    }

    private static String text(JsonValue value) {
        return switch (value) {
            case JsonString text -> text.getString();
            case JsonNumber number -> number.toString();
            default -> "";
        };
    }

    boolean isEmpty() {
        return id.isEmpty() && url.isEmpty();
    }

    @Override
    public String toString() {
        return (id + " " + url).strip();
    }
}
