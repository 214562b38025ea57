package dev.yagura.bench.measure;

import dev.yagura.bench.client.EnrolledAgent;
import dev.yagura.bench.client.GrpcAdmin;
import dev.yagura.bench.client.GrpcAlertFollower;
import dev.yagura.bench.client.GrpcSpool;
import dev.yagura.bench.client.SpoolListener;
import dev.yagura.bench.load.BatchSource;
import dev.yagura.bench.load.Batches;
import dev.yagura.bench.platform.Platform;
import dev.yagura.bench.platform.Waiting;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * From event to alert at a steady load: agents send in turn, ten batches a second have one event
 * that the marker rule matches, each of a process of its own, so that each is an alert.
 */
public final class LatencyMeasure {
    private static final int AGENTS = 16;
    private static final int MARKERS_PER_SECOND = 10;
    private static final int DIFFERENT_BATCHES = 128;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final Platform platform;
    private final Options options;
    private final long batchNanos;
    private final long markerEvery;
    private final MarkerTimes markers = new MarkerTimes();
    private final long beginNanos = TimeUnit.MILLISECONDS.toNanos(Clock.systemUTC().millis());
    private volatile boolean counting;

    /**
     * How much, and how long.
     *
     * @param eventsPerSecond of all agents together
     * @param warmUp at the same load; its markers are not counted
     * @param window whose markers are counted
     */
    public record Options(int eventsPerSecond, Duration warmUp, Duration window) {}

    public LatencyMeasure(Platform platform, Options options) {
        this.platform = platform;
        this.options = options;
        this.batchNanos = SECOND_NANOS * Batches.EVENTS / options.eventsPerSecond();
        this.markerEvery =
                Math.max(1, options.eventsPerSecond() / Batches.EVENTS / MARKERS_PER_SECOND);
    }

    /**
     * Takes the figures.
     *
     * @throws IllegalStateException an alert did not come, or the load was not taken
     */
    public LatencyFigures run() throws IOException, GeneralSecurityException, InterruptedException {
        try (GrpcAdmin admin =
                        new GrpcAdmin(
                                platform.gatewayPort(),
                                platform.authority(),
                                platform.adminToken());
                ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
                GrpcAlertFollower follower =
                        admin.follow(
                                admin.alerts().cursor(),
                                alert ->
                                        markers.visible(alert, System.nanoTime(), Instant.now()))) {
            List<GrpcSpool> spools = open(admin.enrol(AGENTS), timer);
            try {
                LatencyFigures figures = measure(spools, timer);
                if (follower.problem().isPresent()) {
                    throw new IllegalStateException("watch ended: " + follower.problem().get());
                }
                return figures;
            } finally {
                spools.forEach(GrpcSpool::close);
            }
        }
    }

    private List<GrpcSpool> open(List<EnrolledAgent> agents, ScheduledExecutorService timer)
            throws IOException {
        GrpcSpool.Gateway gateway =
                new GrpcSpool.Gateway(platform.gatewayPort(), platform.authority());
        List<GrpcSpool> spools = new ArrayList<>();
        for (int index = 0; index < agents.size(); index++) {
            EnrolledAgent agent = agents.get(index);
            spools.add(
                    GrpcSpool.open(agent, gateway, source(agent, index), new Notes(index), timer));
        }
        return spools;
    }

    /**
     * Ordinary batches are made beforehand: making them would take as much as the platform does.
     */
    private BatchSource source(EnrolledAgent agent, int index) {
        Batches batches = new Batches(agent.device().getBootId());
        BatchSource ordinary = batches.prepared(DIFFERENT_BATCHES, beginNanos);
        return sequence -> {
            long turn = turn(index, sequence);
            return isMarked(turn)
                    ? batches.batch(
                            sequence,
                            beginNanos + turn * batchNanos,
                            new Batches.Markers(turn, 1, 0))
                    : ordinary.batch(sequence);
        };
    }

    private static long turn(int index, long sequence) {
        return (sequence - 1) * AGENTS + index;
    }

    private boolean isMarked(long turn) {
        return turn % markerEvery == 0;
    }

    private LatencyFigures measure(List<GrpcSpool> spools, ScheduledExecutorService timer)
            throws InterruptedException {
        long[] turn = {0};
        ScheduledFuture<?> pace =
                timer.scheduleAtFixedRate(
                        () -> spools.get((int) (turn[0]++ % AGENTS)).allowOneMore(),
                        0,
                        batchNanos,
                        TimeUnit.NANOSECONDS);
        Waiting.pass(options.warmUp());
        counting = true;
        long before = acknowledged(spools);
        long begun = System.nanoTime();
        Waiting.pass(options.window());
        double rate =
                (acknowledged(spools) - before)
                        * Batches.EVENTS
                        / ((System.nanoTime() - begun) / 1e9);
        pace.cancel(false);
        Waiting.until(
                () -> "delivery of the load",
                LIMIT,
                () -> spools.stream().allMatch(GrpcSpool::isDone));
        Waiting.until(
                () -> markers.missing() + " markers have no alert",
                LIMIT,
                () -> markers.missing() == 0);
        return markers.figures(options.eventsPerSecond(), rate);
    }

    private static long acknowledged(List<GrpcSpool> spools) {
        return spools.stream().mapToLong(GrpcSpool::acknowledged).sum();
    }

    /** Takes the time at which each marker leaves. */
    private final class Notes implements SpoolListener {
        private final int index;

        Notes(int index) {
            this.index = index;
        }

        @Override
        public void sent(long sequence) {
            long turn = turn(index, sequence);
            if (counting && isMarked(turn)) {
                markers.sent(turn, System.nanoTime());
            }
        }

        @Override
        public void acknowledged(long sequence) {}
    }
}
