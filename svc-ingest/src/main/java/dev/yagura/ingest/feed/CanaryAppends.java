package dev.yagura.ingest.feed;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.PermissionDeniedException;
import dev.yagura.common.identity.Principal;
import dev.yagura.ingest.log.AppendOutcome;
import dev.yagura.ingest.log.EventLog;
import dev.yagura.proto.ingest.v1.AppendCanaryResponse;
import dev.yagura.proto.ingest.v1.Canary;
import dev.yagura.proto.ingest.v1.CanaryAppend;
import dev.yagura.proto.ingest.v1.LogEntry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Puts canaries of svc-detection into every partition; nobody else has any. */
final class CanaryAppends {
    private static final String DETECTION = "detection";
    private static final int MAX_EVENT_BYTES = 64 * 1024;
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final EventLog log;
    private final Clock clock;

    CanaryAppends(EventLog log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    /**
     * Appends to all partitions, and waits until it is known what became of it in each, at most
     * five seconds.
     *
     * @throws PermissionDeniedException the caller is not svc-detection by its own certificate
     * @throws InvalidFieldException no events, or too many
     */
    AppendCanaryResponse append(Canary canary, Principal caller) {
        if (!caller.isService() || !caller.id().equals(DETECTION)) {
            throw new PermissionDeniedException("canaries are svc-detection's alone");
        }
        int size = canary.getEvents().size();
        if (size == 0 || size > MAX_EVENT_BYTES) {
            throw new InvalidFieldException(
                    "canary.events",
                    "has " + size + " bytes",
                    "send 1 to " + MAX_EVENT_BYTES + " bytes");
        }
        byte[] entry =
                LogEntry.newBuilder()
                        .setReceivedTimeNs(nanos(clock.instant()))
                        .setCanary(canary)
                        .build()
                        .toByteArray();
        List<CompletableFuture<AppendOutcome>> outcomes = new ArrayList<>();
        for (int partition = 0; partition < log.partitions(); partition++) {
            outcomes.add(log.appendCanary(partition, entry));
        }
        long end = System.nanoTime() + LIMIT.toNanos();
        AppendCanaryResponse.Builder response = AppendCanaryResponse.newBuilder();
        for (int partition = 0; partition < outcomes.size(); partition++) {
            response.addAppends(
                    answer(outcomes.get(partition), end - System.nanoTime())
                            .setPartition(partition));
        }
        return response.build();
    }

    private static CanaryAppend.Builder answer(
            CompletableFuture<AppendOutcome> outcome, long nanosLeft) {
        try {
            return answer(outcome.get(Math.max(0, nanosLeft), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return problem("the event log did not answer in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return problem("the server stops");
        } catch (ExecutionException e) {
            throw new IllegalStateException("an append fails by its outcome only", e);
        }
    }

    private static CanaryAppend.Builder answer(AppendOutcome outcome) {
        return switch (outcome) {
            case AppendOutcome.Stored(long offset) -> CanaryAppend.newBuilder().setOffset(offset);
            case AppendOutcome.Full full -> problem("the event log is full");
            case AppendOutcome.Unavailable away -> problem("the event log is away");
            case AppendOutcome.Recorded other -> throw unexpected(other);
            case AppendOutcome.Duplicate other -> throw unexpected(other);
            case AppendOutcome.Expected other -> throw unexpected(other);
            case AppendOutcome.Fenced other -> throw unexpected(other);
        };
    }

    private static CanaryAppend.Builder problem(String text) {
        return CanaryAppend.newBuilder().setProblem(text);
    }

    private static IllegalStateException unexpected(AppendOutcome outcome) {
        return new IllegalStateException("a canary has no spool, but became " + outcome);
    }

    private static long nanos(Instant time) {
        return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
    }
}
