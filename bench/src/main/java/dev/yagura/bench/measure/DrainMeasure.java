package dev.yagura.bench.measure;

import dev.yagura.bench.client.EnrolledAgent;
import dev.yagura.bench.client.GrpcAdmin;
import dev.yagura.bench.client.GrpcAlertFollower;
import dev.yagura.bench.client.GrpcSpool;
import dev.yagura.bench.client.SpoolListener;
import dev.yagura.bench.load.BatchSource;
import dev.yagura.bench.load.Batches;
import dev.yagura.bench.load.MarkerRule;
import dev.yagura.bench.platform.Platform;
import dev.yagura.bench.platform.Service;
import dev.yagura.bench.platform.Signals;
import dev.yagura.bench.platform.Waiting;
import dev.yagura.proto.detection.v1.Alert;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * How fast detection works off what is in the log. Detection is held by SIGSTOP while sixteen
 * agents fill the log, then goes on; every tenth batch has one event that the marker rule matches,
 * each an alert of its own. Nothing is sent meanwhile.
 */
public final class DrainMeasure {
    private static final int AGENTS = 16;
    private static final int DIFFERENT_BATCHES = 128;
    private static final int MARKER_EVERY = 10;
    private static final Duration FILL_LIMIT = Duration.ofMinutes(10);
    private static final Duration DRAIN_LIMIT = Duration.ofMinutes(20);

    private final Platform platform;
    private final long batchesOfAgent;
    private final long beginNanos = TimeUnit.MILLISECONDS.toNanos(Clock.systemUTC().millis());
    private final Seen seen = new Seen();

    /**
     * Of a platform.
     *
     * @param events to fill the log with, about
     */
    public DrainMeasure(Platform platform, long events) {
        this.platform = platform;
        this.batchesOfAgent = events / Batches.EVENTS / AGENTS / MARKER_EVERY * MARKER_EVERY;
    }

    /** Alerts of markers, and when the first and the last new one came. */
    private static final class Seen {
        private final Set<Long> serials = new HashSet<>();
        private long first;
        private long last;

        synchronized void alert(Alert alert) {
            if (alert.getFirstMatchesCount() == 0) {
                return;
            }
            MarkerRule.serial(alert.getFirstMatches(0).getEvent())
                    .ifPresent(serial -> {
                        if (serials.add(serial)) {
                            last = System.nanoTime();
                            first = serials.size() == 1 ? last : first;
                        }
                    });
        }

        synchronized int count() {
            return serials.size();
        }

        synchronized Duration time() {
            return Duration.ofNanos(last - first);
        }
    }

    /**
     * Takes the figures.
     *
     * @throws IllegalStateException an alert did not come
     */
    public DrainFigures run() throws IOException, GeneralSecurityException, InterruptedException {
        try (GrpcAdmin admin =
                        new GrpcAdmin(
                                platform.gatewayPort(),
                                platform.authority(),
                                platform.adminToken());
                ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
                GrpcAlertFollower follower = admin.follow(admin.alerts().cursor(), seen::alert)) {
            List<Long> detection = List.of(platform.pid(Service.DETECTION));
            Signals.suspend(detection);
            try {
                fill(admin.enrol(AGENTS), timer);
            } finally {
                Signals.resume(detection);
            }
            DrainFigures figures = drain();
            if (follower.problem().isPresent()) {
                throw new IllegalStateException("watch ended: " + follower.problem().get());
            }
            return figures;
        }
    }

    private void fill(List<EnrolledAgent> agents, ScheduledExecutorService timer)
            throws IOException, InterruptedException {
        GrpcSpool.Gateway gateway =
                new GrpcSpool.Gateway(platform.gatewayPort(), platform.authority());
        List<GrpcSpool> spools = new ArrayList<>();
        try {
            for (int index = 0; index < agents.size(); index++) {
                EnrolledAgent agent = agents.get(index);
                spools.add(
                        GrpcSpool.open(
                                agent, gateway, source(agent, index), SpoolListener.NONE, timer));
            }
            spools.forEach(spool -> spool.allow(batchesOfAgent));
            Waiting.until(
                    () -> "filling the log",
                    FILL_LIMIT,
                    () ->
                            spools.stream()
                                    .allMatch(spool -> spool.acknowledged() >= batchesOfAgent));
        } finally {
            spools.forEach(GrpcSpool::close);
        }
    }

    private BatchSource source(EnrolledAgent agent, int index) {
        Batches batches = new Batches(agent.device().getBootId());
        BatchSource ordinary = batches.prepared(DIFFERENT_BATCHES, beginNanos);
        return sequence -> {
            if (sequence % MARKER_EVERY != 0) {
                return ordinary.batch(sequence);
            }
            long serial = sequence * AGENTS + index;
            return batches.batch(
                    sequence, beginNanos + sequence, new Batches.Markers(serial, 1, 0));
        };
    }

    private DrainFigures drain() throws IOException, InterruptedException {
        long alerts = AGENTS * batchesOfAgent / MARKER_EVERY;
        long events = AGENTS * batchesOfAgent * Batches.EVENTS;
        Waiting.until(() -> "first alert", DRAIN_LIMIT, () -> seen.count() > 0);
        Cpu before = Cpu.now(platform);
        Waiting.until(
                () -> (alerts - seen.count()) + " alerts",
                DRAIN_LIMIT,
                () -> seen.count() == alerts);
        Map<String, Duration> cpu = Cpu.now(platform).perBatchSince(before, events / 1000);
        cpu.replaceAll((name, time) -> time.multipliedBy(1000));
        return new DrainFigures(events, alerts, seen.time(), cpu);
    }
}
