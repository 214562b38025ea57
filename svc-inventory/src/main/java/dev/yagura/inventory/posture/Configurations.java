package dev.yagura.inventory.posture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.yagura.inventory.asset.RecordedAsset;

/** Configurations as JSON. */
final class Configurations {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Configurations() {}

    /** A missing node where there is none, or where it is no JSON. */
    static JsonNode of(RecordedAsset asset) {
        return parse(asset.configuration());
    }

    /** AWS Config has some parts as texts that are JSON themselves. */
    static JsonNode part(JsonNode node, String field) {
        JsonNode part = node.path(field);
        return part.isTextual() ? parse(part.textValue()) : part;
    }

    private static JsonNode parse(String json) {
        try {
            return json.isEmpty() ? MissingNode.getInstance() : JSON.readTree(json);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
