package dev.yagura.sandbox.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Parts that many configurations have. */
final class Json {
    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Tags as EC2 writes them. */
    static void tags(ObjectNode into, String name, Map<String, String> tags) {
        ArrayNode list = into.putArray(name);
        tags.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(tag ->
                        list.addObject().put("key", tag.getKey()).put("value", tag.getValue()));
    }
}
