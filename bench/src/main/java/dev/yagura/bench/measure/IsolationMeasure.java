package dev.yagura.bench.measure;

import dev.yagura.bench.client.GrpcAdmin;
import dev.yagura.bench.platform.Platform;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.sandbox.control.SandboxClient;
import dev.yagura.sandbox.front.JournalEntry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Isolates instances of the AWS stand-in: one after the other, then all others at once. */
public final class IsolationMeasure {
    private static final Comparator<JournalEntry> BY_START =
            Comparator.comparing(JournalEntry::started);
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int CALLERS = 16;

    /** The service tells when an action ended; asking more often would only slow it. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Platform platform;
    private final List<String> alone;
    private final List<String> together;

    /**
     * @param alone instances that are isolated one after the other; the first few are for warming
     *     up
     * @param together instances that are isolated at once
     */
    public IsolationMeasure(Platform platform, List<String> alone, List<String> together) {
        this.platform = platform;
        this.alone = List.copyOf(alone);
        this.together = List.copyOf(together);
    }

    public IsolationFigures run() throws IOException, InterruptedException {
        try (GrpcAdmin admin =
                        new GrpcAdmin(
                                platform.gatewayPort(),
                                platform.authority(),
                                platform.adminToken());
                SandboxClient sandbox = new SandboxClient(platform.sandbox())) {
            Latencies total = new Latencies();
            Latencies inside = new Latencies();
            Latencies overhead = new Latencies();
            Duration first = Duration.ZERO;
            long calls = 0;
            long seen = last(sandbox.journal(0));
            int warming = alone.size() / 4;
            for (int i = 0; i < alone.size(); i++) {
                Instant asked = Instant.now();
                Action action = ended(admin, admin.isolate(alone.get(i)).getName());
                require(action);
                List<JournalEntry> journal = sandbox.journal(seen);
                seen = last(journal);
                Duration took = Duration.between(asked, end(action));
                Duration share = busy(journal);
                if (i == 0) {
                    first = took;
                }
                if (i >= warming) {
                    total.record(took);
                    inside.record(share);
                    overhead.record(took.minus(share));
                    calls += journal.size();
                }
            }
            long begun = System.nanoTime();
            int succeeded = isolateTogether(admin);
            return new IsolationFigures(
                    first,
                    total.quantiles(),
                    inside.quantiles(),
                    overhead.quantiles(),
                    (double) calls / (alone.size() - warming),
                    together.size(),
                    succeeded,
                    Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    private int isolateTogether(GrpcAdmin admin) throws InterruptedException {
        List<Future<Action>> asked = new ArrayList<>();
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            together.forEach(instance -> asked.add(callers.submit(() -> admin.isolate(instance))));
        }
        int succeeded = 0;
        for (Future<Action> each : asked) {
            Action action = ended(admin, of(each).getName());
            succeeded += action.getState() == ActionState.ACTION_STATE_SUCCEEDED ? 1 : 0;
        }
        return succeeded;
    }

    private static Action of(Future<Action> asked) throws InterruptedException {
        try {
            return asked.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an isolation was not taken", e.getCause());
        }
    }

    private static Action ended(GrpcAdmin admin, String name) throws InterruptedException {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < limit) {
            Action action = admin.action(name);
            if (action.getState() == ActionState.ACTION_STATE_SUCCEEDED
                    || action.getState() == ActionState.ACTION_STATE_FAILED) {
                return action;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        }
        throw new IllegalStateException(name + " has not ended within " + LIMIT);
    }

    private static void require(Action action) {
        if (action.getState() != ActionState.ACTION_STATE_SUCCEEDED) {
            throw new IllegalStateException(action.getName() + ": " + action.getStateReason());
        }
    }

    /** When it was verified, by the service's clock, which is this machine's. */
    private static Instant end(Action action) {
        var time = action.getTransitions(action.getTransitionsCount() - 1).getTime();
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    /** How long the stand-in had at least one call to answer: calls at the same time count once. */
    private static Duration busy(List<JournalEntry> journal) {
        Duration busy = Duration.ZERO;
        Instant until = Instant.MIN;
        for (JournalEntry call : journal.stream().sorted(BY_START).toList()) {
            Instant from = call.started().isAfter(until) ? call.started() : until;
            Instant to = call.started().plus(call.tookMicros(), ChronoUnit.MICROS);
            if (to.isAfter(from)) {
                busy = busy.plus(Duration.between(from, to));
                until = to;
            }
        }
        return busy;
    }

    private static long last(List<JournalEntry> journal) {
        return journal.isEmpty() ? 0 : journal.getLast().sequence();
    }
}
