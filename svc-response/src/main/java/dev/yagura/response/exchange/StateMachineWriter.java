package dev.yagura.response.exchange;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.proto.response.v1.OnFailure;
import dev.yagura.proto.response.v1.Playbook;
import dev.yagura.proto.response.v1.PlaybookBranch;
import dev.yagura.proto.response.v1.PlaybookSpec;
import dev.yagura.proto.response.v1.PlaybookStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A playbook as a state machine in Amazon States Language, which runs the same steps through the
 * JSON API. Its input is {"incident": "incidents/…"}. A dry run at its beginning decides what the
 * incident decides: which steps are skipped, and the target of each; what former steps decide, it
 * decides itself.
 *
 * <p>{@code ${YaguraUrl}} and {@code ${YaguraConnection}} are substituted when it is deployed: the
 * address of the API, and the ARN of an EventBridge connection with the token.
 */
public final class StateMachineWriter {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final Pattern OUTCOME =
            Pattern.compile("\\s*steps\\.(\\w+)\\s*(==|!=)\\s*'(succeeded|failed|skipped)'\\s*");

    private final Playbook playbook;
    private final Durations durations;
    private final ActionStates actions;
    private final MapStates maps;
    private final Map<String, Integer> indexes = new HashMap<>();

    /** How long a playbook and its steps may take, and how much at a time, defaults among them. */
    public interface Durations {
        Duration of(PlaybookSpec spec);

        Duration of(PlaybookStep step);

        /** How many elements of its list at a time. */
        int atOnce(PlaybookStep step);
    }

    /** Where a list of steps leads to. */
    private record Ways(String next, String stopped) {}

    private StateMachineWriter(Playbook playbook, Durations durations) {
        this.playbook = playbook;
        this.durations = durations;
        this.actions = new ActionStates(playbook, durations);
        this.maps = new MapStates(actions, durations);
    }

    /**
     * JSON.
     *
     * @throws PreconditionFailedException the language has no form for it; names the step
     */
    public static String write(Playbook playbook, Durations durations) {
        return new StateMachineWriter(playbook, durations).machine().toPrettyString();
    }

    private ObjectNode machine() {
        PlaybookSpec spec = playbook.getSpec();
        number(spec.getStepsList());
        ObjectNode states = NODES.objectNode();
        String first = list(states, spec.getStepsList(), new Ways("all done", "step failed"));
        ObjectNode plan =
                States.call(
                        states.putObject("dry run"),
                        "POST",
                        States.text("${YaguraUrl}/v1/playbooks/" + spec.getId() + ":run"));
        ObjectNode body = plan.withObject("/Parameters").putObject("RequestBody");
        body.put("incident.$", "$.incident").put("validateOnly", true);
        plan.putObject("ResultSelector")
                .put("version.$", "$.ResponseBody.version")
                .put("steps.$", "$.ResponseBody.steps");
        plan.put("ResultPath", "$.plan").put("Next", "same version");
        ObjectNode same = States.choice(states, "same version", "another version");
        same.withArray("/Choices")
                .addObject()
                .put("Variable", "$.plan.version")
                .put("NumericEquals", playbook.getVersion())
                .put("Next", "no outcomes");
        States.fail(
                states, "another version", "the playbook is another version now: export it again");
        ObjectNode none = states.putObject("no outcomes");
        none.put("Type", "Pass").put("Next", first);
        ObjectNode kept = kept(none);
        kept.putObject("outcomes");
        states.putObject("all done").put("Type", "Succeed");
        States.fail(
                states, "step failed", "a step failed: the history of the execution says which");
        ObjectNode machine = NODES.objectNode();
        machine.put(
                        "Comment",
                        playbook.getName()
                                + " version "
                                + playbook.getVersion()
                                + ": "
                                + spec.getTitle())
                .put("StartAt", "dry run")
                .put("TimeoutSeconds", durations.of(spec).toSeconds());
        machine.set("States", states);
        return Reachable.only(machine);
    }

    /** The whole of what states pass on; what is known of single steps begins anew. */
    private static ObjectNode kept(ObjectNode pass) {
        ObjectNode parameters = pass.putObject("Parameters");
        parameters.put("incident.$", "$.incident").put("plan.$", "$.plan").putObject("at");
        return parameters;
    }

    /** Places of steps in a run: depth first. */
    private void number(List<PlaybookStep> steps) {
        for (PlaybookStep step : steps) {
            indexes.put(step.getId(), indexes.size());
            step.getParallelList().forEach(branch -> number(branch.getStepsList()));
        }
    }

    private String list(ObjectNode states, List<PlaybookStep> steps, Ways ways) {
        String next = ways.next();
        for (PlaybookStep step : steps.reversed()) {
            next = step(states, step, new Ways(next, ways.stopped()));
        }
        return next;
    }

    private String step(ObjectNode states, PlaybookStep step, Ways ways) {
        String id = step.getId();
        boolean goesOn = step.getOnFailure() == OnFailure.ON_FAILURE_CONTINUE;
        outcome(states, step, "succeeded", ways.next());
        outcome(states, step, "skipped", ways.next());
        outcome(states, step, "failed", goesOn ? ways.next() : ways.stopped());
        if (step.getParallelCount() > 0) {
            String branches = parallel(states, step);
            return step.getWhen().isEmpty() ? branches : condition(states, step, branches);
        }
        String body =
                step.getForEach().isEmpty()
                        ? actions.write(
                                states,
                                new ActionStates.Place(step, id, planned(step), "$.at." + id))
                        : maps.write(states, step, planned(step));
        return condition(states, step, body);
    }

    private String condition(ObjectNode states, PlaybookStep step, String body) {
        String id = step.getId();
        ArrayNode choices = States.choice(states, id, body).withArray("/Choices");
        skipped(step).ifPresent(skip -> choices.add(skip.put("Next", id + " skipped")));
        if (step.getParallelCount() == 0 && step.getForEach().isEmpty()) {
            // What cannot be told for this incident, or is no target, fails its step.
            choices.addObject()
                    .put("Next", id + " failed")
                    .putObject("Not")
                    .put("Variable", planned(step) + ".target")
                    .put("IsPresent", true);
        }
        return id;
    }

    /** What the dry run says of a step. */
    private String planned(PlaybookStep step) {
        return "$.plan.steps[" + indexes.get(step.getId()) + "]";
    }

    /** When a step does nothing. */
    private Optional<ObjectNode> skipped(PlaybookStep step) {
        String when = step.getWhen();
        if (when.isEmpty()) {
            return Optional.empty();
        }
        if (!when.contains("steps.")) {
            return Optional.of(
                    NODES.objectNode()
                            .put("Variable", planned(step) + ".state")
                            .put("StringEquals", "STEP_STATE_SKIPPED"));
        }
        Matcher outcome = OUTCOME.matcher(when);
        if (!outcome.matches()) {
            throw new PreconditionFailedException(
                    step.getId(),
                    "has a condition that Amazon States Language cannot decide: "
                            + when
                            + "; one outcome alone can be asked for, such as steps.x == 'failed'");
        }
        String variable = "$.outcomes." + outcome.group(1);
        boolean isEqual = outcome.group(2).equals("==");
        ObjectNode holds = NODES.objectNode();
        ArrayNode both = holds.putArray("And");
        both.addObject().put("Variable", variable).put("IsPresent", true);
        both.addObject().put("Variable", variable).put("StringEquals", outcome.group(3));
        if (isEqual) {
            ObjectNode not = NODES.objectNode();
            not.set("Not", holds);
            return Optional.of(not);
        }
        return Optional.of(holds);
    }

    private static void outcome(ObjectNode states, PlaybookStep step, String word, String next) {
        states.putObject(step.getId() + " " + word)
                .put("Type", "Pass")
                .put("Result", word)
                .put("ResultPath", "$.outcomes." + step.getId())
                .put("Next", next);
    }

    /** A branch that a step stops ends; branches beside it go on, as they do here. */
    private String parallel(ObjectNode states, PlaybookStep step) {
        String id = step.getId();
        ObjectNode parallel = states.putObject(id + " branches");
        parallel.put("Type", "Parallel");
        ArrayNode branches = parallel.putArray("Branches");
        ObjectNode selected = NODES.objectNode();
        String merged = "$.outcomes";
        for (int i = 0; i < step.getParallelCount(); i++) {
            PlaybookBranch branch = step.getParallel(i);
            ObjectNode inner = NODES.objectNode();
            String end = id + " branch " + i + " end";
            String first = list(inner, branch.getStepsList(), new Ways(end, end));
            inner.putObject(end).put("Type", "Succeed");
            ObjectNode machine = branches.addObject().put("StartAt", first);
            machine.set("States", inner);
            selected.put("b" + i + ".$", "$[" + i + "].outcomes");
            merged = "States.JsonMerge(" + merged + ", $.at." + id + ".b" + i + ", false)";
        }
        parallel.set("ResultSelector", selected);
        List<String> stopping = stopping(step);
        parallel.put("ResultPath", "$.at." + id).put("Next", id + " merged");
        ObjectNode merging = states.putObject(id + " merged");
        merging.put("Type", "Pass")
                .put("Next", id + (stopping.isEmpty() ? " succeeded" : " ended"));
        kept(merging).put("outcomes.$", merged);
        ObjectNode ended = States.choice(states, id + " ended", id + " succeeded");
        for (String each : stopping) {
            ObjectNode failed = ended.withArray("/Choices").addObject().put("Next", id + " failed");
            ArrayNode both = failed.putArray("And");
            String variable = "$.outcomes." + each;
            both.addObject().put("Variable", variable).put("IsPresent", true);
            both.addObject().put("Variable", variable).put("StringEquals", "failed");
        }
        return id + " branches";
    }

    /** Steps of a step's branches that end their branch when they fail. */
    private static List<String> stopping(PlaybookStep step) {
        List<String> stopping = new ArrayList<>();
        for (PlaybookBranch branch : step.getParallelList()) {
            branch.getStepsList().stream()
                    .filter(each -> each.getOnFailure() != OnFailure.ON_FAILURE_CONTINUE)
                    .map(PlaybookStep::getId)
                    .forEach(stopping::add);
        }
        return stopping;
    }
}
