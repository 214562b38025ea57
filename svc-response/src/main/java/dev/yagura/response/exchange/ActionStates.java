package dev.yagura.response.exchange;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.proto.response.v1.Playbook;
import dev.yagura.proto.response.v1.PlaybookStep;
import java.util.List;
import java.util.Locale;

/** The states of one action: asked for, looked at until it has ended or the time is over. */
final class ActionStates {
    /** Between two looks at an action. */
    private static final int PAUSE_SECONDS = 5;

    private static final List<String> ENDED_BADLY =
            List.of("FAILED", "CANCELLED", "EXPIRED", "UNDOING", "UNDONE", "UNDO_FAILED");

    private final Playbook playbook;
    private final StateMachineWriter.Durations durations;

    /**
     * Whose action it is.
     *
     * @param name its states begin with it, and it leads to "{name} succeeded" or "{name} failed"
     * @param planned path to what the dry run says of it
     * @param own path to what it keeps
     */
    record Place(PlaybookStep step, String name, String planned, String own) {}

    ActionStates(Playbook playbook, StateMachineWriter.Durations durations) {
        this.playbook = playbook;
        this.durations = durations;
    }

    /** Name of the first state. */
    String write(ObjectNode states, Place place) {
        String name = place.name();
        String own = place.own();
        if (place.step().getRetries() > 0) {
            throw new PreconditionFailedException(
                    place.step().getId(),
                    "is tried again after an undo, which Amazon States Language is not told here:"
                            + " leave retries out; an action tries several times by itself");
        }
        states.putObject(name + " id")
                .put("Type", "Pass")
                .put("ResultPath", own)
                .put("Next", name + " begin")
                .putObject("Parameters")
                .put("requestId.$", "States.UUID()")
                .put("looks", 0);
        begin(states.putObject(name + " begin"), place);
        states.putObject(name + " wait")
                .put("Type", "Wait")
                .put("Seconds", PAUSE_SECONDS)
                .put("Next", name + " look");
        ObjectNode look =
                States.call(
                        states.putObject(name + " look"),
                        "GET",
                        States.reference(
                                "States.Format('${YaguraUrl}/v1/{}', " + own + ".action.name)"));
        look.putObject("ResultSelector").put("state.$", "$.ResponseBody.state");
        look.put("ResultPath", own + ".now").put("Next", name + " count");
        count(states, name, own);
        ended(states, place);
        return name + " id";
    }

    /** One more look: kept where the next one finds it. */
    private static void count(ObjectNode states, String name, String own) {
        states.putObject(name + " count")
                .put("Type", "Pass")
                .put("ResultPath", own)
                .put("Next", name + " ended")
                .putObject("Parameters")
                .put("requestId.$", own + ".requestId")
                .put("action.$", own + ".action")
                .put("now.$", own + ".now")
                .put("looks.$", "States.MathAdd(" + own + ".looks, 1)");
    }

    private void begin(ObjectNode begin, Place place) {
        PlaybookStep step = place.step();
        String own = place.own();
        States.call(begin, "POST", States.text("${YaguraUrl}/v1/actions"));
        ObjectNode body = begin.withObject("/Parameters").putObject("RequestBody");
        body.put("kind", "ACTION_KIND_" + step.getAction().toUpperCase(Locale.ROOT))
                .put("target.$", place.planned() + ".target")
                .put("incident.$", "$.incident")
                .put(
                        "reason",
                        "playbook "
                                + playbook.getSpec().getId()
                                + " version "
                                + playbook.getVersion()
                                + ", step "
                                + step.getId())
                .put("requestId.$", own + ".requestId");
        if (step.getApproval()) {
            body.put("requireApproval", true);
        }
        begin.putObject("ResultSelector").put("name.$", "$.ResponseBody.name");
        begin.put("ResultPath", own + ".action").put("Next", place.name() + " wait");
        caught(begin, own + ".error", place.name());
    }

    private void ended(ObjectNode states, Place place) {
        String name = place.name();
        String own = place.own();
        ObjectNode ended = States.choice(states, name + " ended", name + " wait");
        ArrayNode choices = ended.withArray("/Choices");
        choices.addObject()
                .put("Variable", own + ".now.state")
                .put("StringEquals", "ACTION_STATE_SUCCEEDED")
                .put("Next", name + " succeeded");
        for (String state : ENDED_BADLY) {
            choices.addObject()
                    .put("Variable", own + ".now.state")
                    .put("StringEquals", "ACTION_STATE_" + state)
                    .put("Next", name + " failed");
        }
        choices.addObject()
                .put("Variable", own + ".looks")
                .put(
                        "NumericGreaterThanEquals",
                        Math.max(1, durations.of(place.step()).toSeconds() / PAUSE_SECONDS))
                .put("Next", name + " late");
        ObjectNode late =
                States.call(
                        states.putObject(name + " late"),
                        "POST",
                        States.reference(
                                "States.Format('${YaguraUrl}/v1/{}:cancel', "
                                        + own
                                        + ".action.name)"));
        late.withObject("/Parameters")
                .putObject("RequestBody")
                .put("reason", "not done within " + durations.of(place.step()));
        late.put("ResultPath", own + ".late").put("Next", name + " failed");
        caught(late, own + ".late", name);
    }

    private static void caught(ObjectNode task, String path, String name) {
        task.putArray("Catch")
                .addObject()
                .put("ResultPath", path)
                .put("Next", name + " failed")
                .putArray("ErrorEquals")
                .add("States.ALL");
    }
}
