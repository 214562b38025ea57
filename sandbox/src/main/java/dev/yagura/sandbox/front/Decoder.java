package dev.yagura.sandbox.front;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.JsonText;
import dev.yagura.sandbox.wire.Parameters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;

/** Request bodies as flattened parameters. */
final class Decoder {
    private static final String MEMBER = ".member.";

    private Decoder() {}

    /** Form fields of a Query request, Action and Version among them. */
    static Map<String, String> form(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String pair : text.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                fields.put(decoded(name).replace(MEMBER, "."), decoded(value));
            }
        }
        return fields;
    }

    /**
     * Members of a JSON request.
     *
     * @throws ApiFault SerializationException if it is no JSON object
     */
    static Parameters json(byte[] body) {
        try {
            JsonNode root = JsonText.mapper().readTree(body);
            if (root == null || !root.isObject()) {
                throw ApiFault.of("SerializationException", "The request is not a JSON object.");
            }
            Map<String, String> values = new HashMap<>();
            flatten("", root, values);
            return new Parameters(values);
        } catch (JsonProcessingException e) {
            throw ApiFault.of("SerializationException", "The request is not JSON.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void flatten(String name, JsonNode node, Map<String, String> into) {
        String prefix = name.isEmpty() ? "" : name + ".";
        if (node.isObject()) {
            node.properties()
                    .forEach(member -> flatten(prefix + member.getKey(), member.getValue(), into));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(prefix + (i + 1), node.get(i), into);
            }
        } else if (!node.isNull()) {
            into.put(name, node.asText());
        }
    }

    /** A stray percent sign stands for itself; the operation will not know the name or value. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
