package dev.yagura.response.exchange;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Variables that whoever runs an exported playbook elsewhere gives it: what CEL computes here from
 * the incident. Each says how.
 */
final class CacaoVariables {
    private final ObjectNode definitions = JsonNodeFactory.instance.objectNode();

    /** How commands and conditions refer to it; defines it. */
    String reference(String name, String type, String description) {
        String variable = "__" + name + "__";
        definitions
                .putObject(variable)
                .put("type", type)
                .put("description", description)
                .put("external", true);
        return variable + ":value";
    }

    ObjectNode definitions() {
        return definitions;
    }
}
