package dev.yagura.response.playbook;

import dev.yagura.proto.response.v1.ActionState;
import java.util.Map;
import java.util.Objects;

/** How the actions of a test end: by their kind and instance, or by their kind. */
record Decisions(Map<String, ActionState> states) {
    ActionState of(String kind, String instance) {
        return Objects.requireNonNull(states.getOrDefault(asked(kind, instance), states.get(kind)));
    }

    /** What a story says of an action that was asked for. */
    static String asked(String kind, String instance) {
        return kind + " " + instance;
    }
}
