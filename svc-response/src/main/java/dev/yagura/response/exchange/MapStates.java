package dev.yagura.response.exchange;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.proto.response.v1.PlaybookStep;

/** A Map state: the action of a step for each element of its list, as the dry run has it. */
final class MapStates {
    private static final String SUCCEEDED = "succeeded";
    private static final String FAILED = "failed";

    private final ActionStates actions;
    private final StateMachineWriter.Durations durations;

    MapStates(ActionStates actions, StateMachineWriter.Durations durations) {
        this.actions = actions;
        this.durations = durations;
    }

    /** Name of the first state; leads to "{id} succeeded", "{id} skipped" or "{id} failed". */
    String write(ObjectNode states, PlaybookStep step, String planned) {
        String id = step.getId();
        if (step.getForEach().contains("steps.")) {
            throw new PreconditionFailedException(
                    id,
                    "has a list that former steps decide, and a state machine has its lists from"
                            + " its beginning: let for_each depend on the incident alone");
        }
        ArrayNode choices =
                States.choice(states, id + " list", id + " skipped").withArray("/Choices");
        present(choices.addObject().put("Next", id + " map"), planned + ".elements[0]");
        // A list that cannot be told, or is too long.
        ArrayNode both = choices.addObject().put("Next", id + " failed").putArray("And");
        present(both.addObject(), planned + ".wouldFail");
        both.addObject().put("Variable", planned + ".wouldFail").put("BooleanEquals", true);

        ObjectNode map = states.putObject(id + " map");
        map.put("Type", "Map")
                .put("ItemsPath", planned + ".elements")
                .put("MaxConcurrency", durations.atOnce(step));
        map.putObject("ItemSelector")
                .put("incident.$", "$.incident")
                .put("element.$", "$$.Map.Item.Value")
                .putObject("at");
        map.set("ItemProcessor", element(step));
        map.putObject("ResultSelector")
                .put("isFailed.$", "States.ArrayContains($[*].outcome, '" + FAILED + "')");
        map.put("ResultPath", "$.at." + id).put("Next", id + " mapped");
        States.choice(states, id + " mapped", id + " succeeded")
                .withArray("/Choices")
                .addObject()
                .put("Variable", "$.at." + id + ".isFailed")
                .put("BooleanEquals", true)
                .put("Next", id + " failed");
        return id + " list";
    }

    /** Ends well whatever becomes of its action, so that those of other elements go on. */
    private ObjectNode element(PlaybookStep step) {
        String name = step.getId() + " each";
        ObjectNode states = JsonNodeFactory.instance.objectNode();
        outcome(states, name, SUCCEEDED);
        outcome(states, name, FAILED);
        states.putObject(name + " end").put("Type", "Succeed");
        ActionStates.Place place =
                new ActionStates.Place(step, name, "$.element", "$.at." + step.getId());
        String first = actions.write(states, place);
        ObjectNode choice = States.choice(states, name, name + " failed");
        present(
                choice.withArray("/Choices").addObject().put("Next", first),
                place.planned() + ".target");
        ObjectNode machine = JsonNodeFactory.instance.objectNode().put("StartAt", name);
        machine.putObject("ProcessorConfig").put("Mode", "INLINE");
        machine.set("States", states);
        return machine;
    }

    /** The whole output: of an element nothing else is asked for. */
    private static void outcome(ObjectNode states, String name, String word) {
        states.putObject(name + " " + word)
                .put("Type", "Pass")
                .put("Next", name + " end")
                .putObject("Parameters")
                .put("outcome", word);
    }

    private static void present(ObjectNode choice, String variable) {
        choice.put("Variable", variable).put("IsPresent", true);
    }
}
