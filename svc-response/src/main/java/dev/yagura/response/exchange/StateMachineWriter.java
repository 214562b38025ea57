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
import java.util.Locale;
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

    /** Between two looks at an action. */
    private static final int PAUSE_SECONDS = 5;

    private static final Pattern OUTCOME =
            Pattern.compile("\\s*steps\\.(\\w+)\\s*(==|!=)\\s*'(succeeded|failed|skipped)'\\s*");

    private static final List<String> ENDED_BADLY =
            List.of("FAILED", "CANCELLED", "EXPIRED", "UNDOING", "UNDONE", "UNDO_FAILED");

    private final Playbook playbook;
    private final Durations durations;
    private final Map<String, Integer> indexes = new HashMap<>();

    /** How long a playbook and its steps may take, defaults among them. */
    public interface Durations {
        Duration of(PlaybookSpec spec);

        Duration of(PlaybookStep step);
    }

    /** Where a list of steps leads to. */
    private record Ways(String next, String stopped) {}

    private StateMachineWriter(Playbook playbook, Durations durations) {
        this.playbook = playbook;
        this.durations = durations;
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
                call(
                        states.putObject("dry run"),
                        "POST",
                        text("${YaguraUrl}/v1/playbooks/" + spec.getId() + ":run"));
        ObjectNode body = plan.withObject("/Parameters").putObject("RequestBody");
        body.put("incident.$", "$.incident").put("validateOnly", true);
        plan.putObject("ResultSelector")
                .put("version.$", "$.ResponseBody.version")
                .put("steps.$", "$.ResponseBody.steps");
        plan.put("ResultPath", "$.plan").put("Next", "same version");
        ObjectNode same = choice(states, "same version", "another version");
        same.withArray("/Choices")
                .addObject()
                .put("Variable", "$.plan.version")
                .put("NumericEquals", playbook.getVersion())
                .put("Next", "no outcomes");
        fail(states, "another version", "the playbook is another version now: export it again");
        ObjectNode none = states.putObject("no outcomes");
        none.put("Type", "Pass").put("Next", first);
        ObjectNode kept = kept(none);
        kept.putObject("outcomes");
        states.putObject("all done").put("Type", "Succeed");
        fail(states, "step failed", "a step failed: the history of the execution says which");
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
        return condition(states, step, action(states, step));
    }

    private String condition(ObjectNode states, PlaybookStep step, String body) {
        String id = step.getId();
        ArrayNode choices = choice(states, id, body).withArray("/Choices");
        skipped(step).ifPresent(skip -> choices.add(skip.put("Next", id + " skipped")));
        if (step.getParallelCount() == 0) {
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

    private String action(ObjectNode states, PlaybookStep step) {
        String id = step.getId();
        if (step.getRetries() > 0) {
            throw new PreconditionFailedException(
                    id,
                    "is tried again after an undo, which Amazon States Language is not told here:"
                            + " leave retries out; an action tries several times by itself");
        }
        String own = "$.at." + id;
        states.putObject(id + " id")
                .put("Type", "Pass")
                .put("ResultPath", own)
                .put("Next", id + " begin")
                .putObject("Parameters")
                .put("requestId.$", "States.UUID()")
                .put("looks", 0);
        begin(states.putObject(id + " begin"), step, own);
        states.putObject(id + " wait")
                .put("Type", "Wait")
                .put("Seconds", PAUSE_SECONDS)
                .put("Next", id + " look");
        ObjectNode look =
                call(
                        states.putObject(id + " look"),
                        "GET",
                        reference("States.Format('${YaguraUrl}/v1/{}', " + own + ".action.name)"));
        look.putObject("ResultSelector").put("state.$", "$.ResponseBody.state");
        look.put("ResultPath", own + ".now").put("Next", id + " count");
        count(states, id, own);
        ended(states, step, own);
        return id + " id";
    }

    /** One more look: kept where the next one finds it. */
    private static void count(ObjectNode states, String id, String own) {
        states.putObject(id + " count")
                .put("Type", "Pass")
                .put("ResultPath", own)
                .put("Next", id + " ended")
                .putObject("Parameters")
                .put("requestId.$", own + ".requestId")
                .put("action.$", own + ".action")
                .put("now.$", own + ".now")
                .put("looks.$", "States.MathAdd(" + own + ".looks, 1)");
    }

    private void begin(ObjectNode begin, PlaybookStep step, String own) {
        call(begin, "POST", text("${YaguraUrl}/v1/actions"));
        ObjectNode body = begin.withObject("/Parameters").putObject("RequestBody");
        body.put("kind", "ACTION_KIND_" + step.getAction().toUpperCase(Locale.ROOT))
                .put("target.$", planned(step) + ".target")
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
        begin.put("ResultPath", own + ".action").put("Next", step.getId() + " wait");
        begin.putArray("Catch")
                .addObject()
                .put("ResultPath", own + ".error")
                .put("Next", step.getId() + " failed")
                .putArray("ErrorEquals")
                .add("States.ALL");
    }

    private void ended(ObjectNode states, PlaybookStep step, String own) {
        String id = step.getId();
        ObjectNode ended = choice(states, id + " ended", id + " wait");
        ArrayNode choices = ended.withArray("/Choices");
        choices.addObject()
                .put("Variable", own + ".now.state")
                .put("StringEquals", "ACTION_STATE_SUCCEEDED")
                .put("Next", id + " succeeded");
        for (String state : ENDED_BADLY) {
            choices.addObject()
                    .put("Variable", own + ".now.state")
                    .put("StringEquals", "ACTION_STATE_" + state)
                    .put("Next", id + " failed");
        }
        choices.addObject()
                .put("Variable", own + ".looks")
                .put(
                        "NumericGreaterThanEquals",
                        Math.max(1, durations.of(step).toSeconds() / PAUSE_SECONDS))
                .put("Next", id + " late");
        ObjectNode late =
                call(
                        states.putObject(id + " late"),
                        "POST",
                        reference(
                                "States.Format('${YaguraUrl}/v1/{}:cancel', "
                                        + own
                                        + ".action.name)"));
        late.withObject("/Parameters")
                .putObject("RequestBody")
                .put("reason", "not done within " + durations.of(step));
        late.put("ResultPath", own + ".late").put("Next", id + " failed");
        late.putArray("Catch")
                .addObject()
                .put("ResultPath", own + ".late")
                .put("Next", id + " failed")
                .putArray("ErrorEquals")
                .add("States.ALL");
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
        ObjectNode ended = choice(states, id + " ended", id + " succeeded");
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

    /** The endpoint of a call: its text, or a reference that makes it. */
    private record Endpoint(String field, String value) {}

    private static Endpoint text(String url) {
        return new Endpoint("ApiEndpoint", url);
    }

    private static Endpoint reference(String expression) {
        return new Endpoint("ApiEndpoint.$", expression);
    }

    private static ObjectNode call(ObjectNode task, String verb, Endpoint endpoint) {
        task.put("Type", "Task").put("Resource", "arn:aws:states:::http:invoke");
        ObjectNode parameters = task.putObject("Parameters");
        parameters.put(endpoint.field(), endpoint.value()).put("Method", verb);
        parameters.putObject("Authentication").put("ConnectionArn", "${YaguraConnection}");
        parameters.putObject("Headers").put("Content-Type", "application/json");
        ObjectNode retry = task.putArray("Retry").addObject();
        retry.putArray("ErrorEquals")
                .add("States.Http.StatusCode.429")
                .add("States.Http.StatusCode.503")
                .add("States.Http.StatusCode.504")
                .add("States.Http.Socket");
        retry.put("IntervalSeconds", 2)
                .put("BackoffRate", 2)
                .put("MaxAttempts", 6)
                .put("JitterStrategy", "FULL");
        return task;
    }

    private static ObjectNode choice(ObjectNode states, String name, String otherwise) {
        ObjectNode choice = states.putObject(name);
        choice.put("Type", "Choice").putArray("Choices");
        return choice.put("Default", otherwise);
    }

    private static void fail(ObjectNode states, String name, String cause) {
        states.putObject(name).put("Type", "Fail").put("Error", "Yagura").put("Cause", cause);
    }
}
