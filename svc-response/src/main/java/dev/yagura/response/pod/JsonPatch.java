package dev.yagura.response.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** A patch of RFC 6902: done as a whole, and only where every test holds. */
final class JsonPatch {
    private final ArrayNode operations = JsonNodeFactory.instance.arrayNode();

    /** Of the object with this uid, and no other of its name. */
    static JsonPatch of(String uid) {
        return new JsonPatch().test("/metadata/uid", text(uid));
    }

    JsonPatch test(String path, JsonNode value) {
        return operation("test", path, value);
    }

    JsonPatch add(String path, JsonNode value) {
        return operation("add", path, value);
    }

    JsonPatch remove(String path) {
        operations.addObject().put("op", "remove").put("path", path);
        return this;
    }

    JsonNode json() {
        return operations;
    }

    private JsonPatch operation(String operation, String path, JsonNode value) {
        operations.addObject().put("op", operation).put("path", path).set("value", value);
        return this;
    }

    /** One name in a path. */
    static String segment(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    static JsonNode text(String value) {
        return JsonNodeFactory.instance.textNode(value);
    }

    static JsonNode object(Map<String, String> values) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        values.forEach(object::put);
        return object;
    }
}
