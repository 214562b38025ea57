package dev.yagura.sandbox.ssm;

import dev.yagura.sandbox.document.Script;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A command that was sent, with its invocations. */
final class Command {
    /**
     * What SendCommand asked for.
     *
     * @param documentVersion as it was asked for: a number, $DEFAULT or $LATEST
     * @param script what the document and the parameters make
     */
    record Request(
            String documentName,
            String documentVersion,
            Script script,
            Map<String, List<String>> parameters,
            String comment,
            List<String> instanceIds,
            Map<String, List<String>> targets,
            int timeoutSeconds,
            String maxConcurrency,
            String maxErrors) {
        Request {
            parameters = Map.copyOf(parameters);
            instanceIds = List.copyOf(instanceIds);
            targets = Map.copyOf(targets);
        }
    }

    private final String id;
    private final int sequence;
    private final Request request;
    private final Instant requestedAt;
    private final Map<String, Invocation> invocations = new LinkedHashMap<>();

    Command(
            String id,
            int sequence,
            Request request,
            Instant requestedAt,
            List<Invocation> invocations) {
        this.id = id;
        this.sequence = sequence;
        this.request = request;
        this.requestedAt = requestedAt;
        invocations.forEach(each -> this.invocations.put(each.instanceId(), each));
    }

    String id() {
        return id;
    }

    /** Counts up from 1. */
    int sequence() {
        return sequence;
    }

    Request request() {
        return request;
    }

    Instant requestedAt() {
        return requestedAt;
    }

    Instant deliveryDeadline() {
        return requestedAt.plusSeconds(request.timeoutSeconds());
    }

    Collection<Invocation> invocations() {
        return invocations.values();
    }

    Optional<Invocation> on(String instanceId) {
        return Optional.ofNullable(invocations.get(instanceId));
    }

    /** The command's status: unfinished while an invocation is, then that of the worst. */
    CommandStatus status() {
        List<CommandStatus> all = invocations.values().stream().map(Invocation::status).toList();
        boolean allPending = all.stream().allMatch(status -> status == CommandStatus.PENDING);
        if (!all.isEmpty() && allPending) {
            return CommandStatus.PENDING;
        }
        if (all.contains(CommandStatus.CANCELLING)) {
            return CommandStatus.CANCELLING;
        }
        if (all.stream().anyMatch(status -> !status.isFinal())) {
            return CommandStatus.IN_PROGRESS;
        }
        return all.stream().max(CommandStatus::compareTo).orElse(CommandStatus.SUCCESS);
    }
}
