package dev.yagura.response.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** States that nothing leads to are refused by Step Functions. */
final class Reachable {
    private Reachable() {}

    /** The machine, and those in it, without them. */
    static ObjectNode only(ObjectNode machine) {
        ObjectNode states = (ObjectNode) machine.path("States");
        Set<String> seen = new HashSet<>();
        Deque<String> next = new ArrayDeque<>(Set.of(machine.path("StartAt").asText()));
        while (!next.isEmpty()) {
            String name = next.pop();
            if (seen.add(name)) {
                JsonNode state = states.path(name);
                follow(state, next);
                state.path("Choices").forEach(choice -> follow(choice, next));
                state.path("Catch").forEach(caught -> follow(caught, next));
                state.path("Branches").forEach(branch -> only((ObjectNode) branch));
                if (state.path("ItemProcessor") instanceof ObjectNode processor) {
                    only(processor);
                }
            }
        }
        states.retain(seen);
        return machine;
    }

    private static void follow(JsonNode node, Deque<String> next) {
        if (node.has("Next")) {
            next.push(node.get("Next").asText());
        }
        if (node.has("Default")) {
            next.push(node.get("Default").asText());
        }
    }
}
