package dev.yagura.sandbox.ssm;

import dev.yagura.sandbox.shell.RunningScript;
import dev.yagura.sandbox.shell.ScriptResult;
import dev.yagura.sandbox.shell.Shells;
import dev.yagura.sandbox.world.Timing;
import dev.yagura.sandbox.world.World;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Commands and how far they have come, in simulated time or as scripts that really run. */
public final class RunCommand {
    /** What the agent adds to the standard error of a script that failed. */
    private static final String FAILED_TO_RUN = "failed to run commands: ";

    private final Timing timing;
    private final ManagedNodes nodes;
    private final Map<String, Command> commands = new LinkedHashMap<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private final Shells shells;

    public RunCommand(World world, ManagedNodes nodes, Shells shells) {
        this.timing = world.timing();
        this.nodes = nodes;
        this.shells = shells;
    }

    public Shells shells() {
        return shells;
    }

    /** Scripts sent from now on that it fits end like this; the newest that fits wins. */
    public void arrange(Outcome outcome) {
        outcomes.addFirst(outcome);
    }

    Command send(Command.Request request, List<String> instanceIds, Instant now) {
        List<Invocation> invocations =
                instanceIds.stream().map(id -> invocation(id, request.script().text())).toList();
        Command command =
                new Command(
                        UUID.randomUUID().toString(),
                        commands.size() + 1,
                        request,
                        now,
                        invocations);
        commands.put(command.id(), command);
        return command;
    }

    /** Asks for an end of what has not ended; of all where no instance is named. */
    void cancel(Command command, List<String> instanceIds, Instant now) {
        command.invocations().stream()
                .filter(each -> instanceIds.isEmpty() || instanceIds.contains(each.instanceId()))
                .forEach(each -> {
                    each.cancel(now);
                    stop(each, nodes.isReachable(each.instanceId(), now));
                });
    }

    Optional<Command> find(String commandId) {
        return Optional.ofNullable(commands.get(commandId));
    }

    Collection<Command> all() {
        return Collections.unmodifiableCollection(commands.values());
    }

    /** Whether GetCommandInvocation knows it already: not right after SendCommand. */
    boolean isVisible(Command command, Instant now) {
        return !now.isBefore(command.requestedAt().plus(timing.commandVisible()));
    }

    /** The next moment after one at which an invocation may move on. */
    public Optional<Instant> nextChange(Instant after) {
        return commands.values().stream()
                .flatMap(command ->
                        command.invocations().stream()
                                .map(invocation -> nextChange(command, invocation)))
                .filter(at -> at.isAfter(after))
                .min(Instant::compareTo);
    }

    private Instant nextChange(Command command, Invocation invocation) {
        return switch (invocation.status()) {
            case PENDING -> command.requestedAt().plus(timing.commandDelivery());
            case IN_PROGRESS ->
                    invocation.script().isPresent()
                            ? Instant.MIN // Real time tells, and only looking shows.
                            : invocation.endsAt(command.request().script().executionTimeout());
            case CANCELLING -> invocation.cancelledBy(timing.commandCancel());
            case SUCCESS, FAILED, CANCELLED, TERMINATED, DELIVERY_TIMED_OUT, EXECUTION_TIMED_OUT ->
                    Instant.MIN;
        };
    }

    /**
     * Moves every invocation on, in the state of the world between the two moments.
     *
     * @param from when the world last changed
     */
    public void settle(Instant from, Instant now) {
        for (Command command : commands.values()) {
            for (Invocation invocation : command.invocations()) {
                if (!invocation.status().isFinal()) {
                    settle(command, invocation, from, now);
                }
            }
        }
    }

    private void settle(Command command, Invocation invocation, Instant from, Instant now) {
        boolean reachable = nodes.isReachable(invocation.instanceId(), now);
        if (invocation.status() == CommandStatus.PENDING) {
            deliver(command, invocation, reachable, from, now);
        }
        if (invocation.status() == CommandStatus.CANCELLING) {
            stop(invocation, reachable);
            Instant at = invocation.cancelledBy(timing.commandCancel());
            if (!at.isAfter(now)) {
                invocation.end(CommandStatus.CANCELLED, at);
            }
        }
        if (invocation.status() == CommandStatus.IN_PROGRESS) {
            if (invocation.script().isPresent()) {
                finish(invocation, invocation.script().get(), reachable, now);
            } else {
                finish(command, invocation, reachable, from, now);
            }
        }
    }

    /** A cancellation reaches a script only through the agent. */
    private static void stop(Invocation invocation, boolean reachable) {
        if (reachable && invocation.status() == CommandStatus.CANCELLING) {
            invocation.script().ifPresent(RunningScript::kill);
        }
    }

    private void deliver(
            Command command, Invocation invocation, boolean reachable, Instant from, Instant now) {
        Instant due = later(command.requestedAt().plus(timing.commandDelivery()), from);
        if (command.hasTooManyErrors()) {
            invocation.end(CommandStatus.TERMINATED, now);
        } else if (command.isBusy()) {
            return;
        } else if (reachable && !due.isAfter(now)) {
            start(command, invocation, due);
        } else if (now.isAfter(command.deliveryDeadline())
                && !nodes.isAgentStopped(invocation.instanceId())) {
            // A node whose agent is off has been seen to stay Pending for good.
            invocation.end(CommandStatus.DELIVERY_TIMED_OUT, command.deliveryDeadline());
        }
    }

    private void start(Command command, Invocation invocation, Instant at) {
        if (invocation.isArranged() || !shells.has(invocation.instanceId())) {
            invocation.start(at);
            return;
        }
        try {
            invocation.start(at, shells.start(invocation.instanceId(), command.request().script()));
        } catch (IOException e) {
            invocation.start(at);
            invocation.end(
                    CommandStatus.FAILED,
                    at,
                    outcome(invocation, 1, "", FAILED_TO_RUN + e.getMessage()));
        }
    }

    /** What really ran ends when that is seen; a host that is off takes its script with it. */
    private void finish(
            Invocation invocation, RunningScript script, boolean reachable, Instant now) {
        if (!nodes.isRunning(invocation.instanceId())) {
            script.kill();
        }
        if (reachable) {
            script.result()
                    .ifPresent(result ->
                            invocation.end(status(result), now, outcome(invocation, result)));
        }
    }

    private static CommandStatus status(ScriptResult result) {
        if (result.timedOut()) {
            return CommandStatus.EXECUTION_TIMED_OUT;
        }
        return result.exitCode() == 0 ? CommandStatus.SUCCESS : CommandStatus.FAILED;
    }

    private static Outcome outcome(Invocation invocation, ScriptResult result) {
        String standardError = result.standardError();
        if (result.exitCode() != 0) {
            String separator = standardError.isEmpty() || standardError.endsWith("\n") ? "" : "\n";
            standardError += separator + FAILED_TO_RUN + "exit status " + result.exitCode();
        }
        return outcome(invocation, result.exitCode(), result.standardOutput(), standardError);
    }

    private static Outcome outcome(
            Invocation invocation, int exitCode, String standardOutput, String standardError) {
        return new Outcome(
                invocation.instanceId(),
                null,
                exitCode,
                standardOutput,
                standardError,
                Duration.ZERO);
    }

    /** A result is known only when the agent can report it. */
    private static void finish(
            Command command, Invocation invocation, boolean reachable, Instant from, Instant now) {
        Duration limit = command.request().script().executionTimeout();
        Instant ends = invocation.endsAt(limit);
        boolean tooLong = invocation.outcome().duration().compareTo(limit) > 0;
        if (reachable && !ends.isAfter(now)) {
            CommandStatus how =
                    tooLong
                            ? CommandStatus.EXECUTION_TIMED_OUT
                            : invocation.outcome().exitCode() == 0
                                    ? CommandStatus.SUCCESS
                                    : CommandStatus.FAILED;
            invocation.end(how, later(ends, from));
        }
    }

    private Invocation invocation(String instanceId, String script) {
        Optional<Outcome> arranged =
                outcomes.stream().filter(outcome -> outcome.fits(instanceId, script)).findFirst();
        return new Invocation(
                instanceId,
                arranged.orElseGet(
                        () -> new Outcome(instanceId, null, 0, "", "", timing.commandRun())),
                arranged.isPresent());
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
