package dev.yagura.bench.measure;

import dev.yagura.bench.client.GrpcAdmin;
import dev.yagura.bench.platform.Platform;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.sandbox.control.SandboxClient;
import dev.yagura.sandbox.front.JournalEntry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Isolates instances of the AWS stand-in: one after the other, then all others at once. */
public final class IsolationMeasure {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int CALLERS = 16;

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
            long calls = 0;
            int warming = alone.size() / 4;
            for (int i = 0; i < alone.size(); i++) {
                long before = last(sandbox);
                Action action = ended(admin, admin.isolate(alone.get(i)).getName());
                require(action);
                List<JournalEntry> journal = sandbox.journal(before);
                Duration took = took(action);
                Duration share =
                        Duration.ofNanos(
                                1000 * journal.stream().mapToLong(JournalEntry::tookMicros).sum());
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
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new IllegalStateException(name + " has not ended within " + LIMIT);
    }

    private static void require(Action action) {
        if (action.getState() != ActionState.ACTION_STATE_SUCCEEDED) {
            throw new IllegalStateException(action.getName() + ": " + action.getStateReason());
        }
    }

    /** From its request to its verified end, by the service's clock. */
    private static Duration took(Action action) {
        var from = action.getCreateTime();
        var to = action.getTransitions(action.getTransitionsCount() - 1).getTime();
        return Duration.ofSeconds(
                to.getSeconds() - from.getSeconds(), (long) to.getNanos() - from.getNanos());
    }

    private static long last(SandboxClient sandbox) {
        List<JournalEntry> journal = sandbox.journal(0);
        return journal.isEmpty() ? 0 : journal.getLast().sequence();
    }
}
