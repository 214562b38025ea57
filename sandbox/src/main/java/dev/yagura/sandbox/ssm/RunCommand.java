package dev.yagura.sandbox.ssm;

import dev.yagura.sandbox.world.Timing;
import dev.yagura.sandbox.world.World;
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

/** Commands and how far they have come. */
public final class RunCommand {
    private final Timing timing;
    private final ManagedNodes nodes;
    private final Map<String, Command> commands = new LinkedHashMap<>();
    private final List<Outcome> outcomes = new ArrayList<>();

    public RunCommand(World world, ManagedNodes nodes) {
        this.timing = world.timing();
        this.nodes = nodes;
    }

    /** Scripts sent from now on that it fits end like this; the newest that fits wins. */
    public void arrange(Outcome outcome) {
        outcomes.addFirst(outcome);
    }

    Command send(Command.Request request, List<String> instanceIds, Instant now) {
        List<Invocation> invocations =
                instanceIds.stream()
                        .map(id -> new Invocation(id, outcome(id, request.script())))
                        .toList();
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
            case IN_PROGRESS -> invocation.endsAt(command.request().executionTimeout());
            case CANCELLING -> invocation.cancelledBy(timing.commandCancel());
            case SUCCESS, FAILED, CANCELLED, DELIVERY_TIMED_OUT, EXECUTION_TIMED_OUT -> Instant.MIN;
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
            Instant at = invocation.cancelledBy(timing.commandCancel());
            if (!at.isAfter(now)) {
                invocation.end(CommandStatus.CANCELLED, at);
            }
        }
        if (invocation.status() == CommandStatus.IN_PROGRESS) {
            finish(command, invocation, reachable, from, now);
        }
    }

    private void deliver(
            Command command, Invocation invocation, boolean reachable, Instant from, Instant now) {
        Instant due = later(command.requestedAt().plus(timing.commandDelivery()), from);
        if (reachable && !due.isAfter(now)) {
            invocation.start(due);
        } else if (now.isAfter(command.deliveryDeadline())
                && !nodes.isAgentStopped(invocation.instanceId())) {
            // A node whose agent is off has been seen to stay Pending for good.
            invocation.end(CommandStatus.DELIVERY_TIMED_OUT, command.deliveryDeadline());
        }
    }

    /** A result is known only when the agent can report it. */
    private static void finish(
            Command command, Invocation invocation, boolean reachable, Instant from, Instant now) {
        Duration limit = command.request().executionTimeout();
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

    private Outcome outcome(String instanceId, String script) {
        return outcomes.stream()
                .filter(outcome -> outcome.fits(instanceId, script))
                .findFirst()
                .orElseGet(() -> new Outcome(instanceId, null, 0, "", "", timing.commandRun()));
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
