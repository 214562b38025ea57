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
     * @param outputBucket where output goes; empty for nowhere
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
            String maxErrors,
            String outputBucket) {
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

    /** More failed than MaxErrors: nobody else begins. */
    boolean hasTooManyErrors() {
        long errors =
                invocations.values().stream()
                        .map(Invocation::status)
                        .filter(status -> status.isFinal() && status != CommandStatus.SUCCESS)
                        .count();
        return errors > limit(request.maxErrors());
    }

    /** As many as MaxConcurrency are at it. */
    boolean isBusy() {
        long running =
                invocations.values().stream()
                        .map(Invocation::status)
                        .filter(status -> status != CommandStatus.PENDING && !status.isFinal())
                        .count();
        return running >= Math.max(1, limit(request.maxConcurrency()));
    }

    /** A number, or a percentage of the hosts. */
    private long limit(String text) {
        return text.endsWith("%")
                ? invocations.size() * Long.parseLong(text.substring(0, text.length() - 1)) / 100
                : Long.parseLong(text);
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
