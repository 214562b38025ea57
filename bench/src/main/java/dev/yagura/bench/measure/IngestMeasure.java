package dev.yagura.bench.measure;

import dev.yagura.bench.client.EnrolledAgent;
import dev.yagura.bench.client.GrpcAdmin;
import dev.yagura.bench.client.GrpcSpool;
import dev.yagura.bench.client.SpoolListener;
import dev.yagura.bench.load.BatchSource;
import dev.yagura.bench.load.Batches;
import dev.yagura.bench.platform.Platform;
import dev.yagura.bench.platform.Service;
import dev.yagura.bench.platform.Signals;
import dev.yagura.bench.platform.Waiting;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Durably acknowledged events a second through the gateway, against raw XADD of the same blobs to
 * the same Redis. The rounds of each kind take turns, so that a slow minute of the machine meets
 * all of them. Redis rewrites its append-only file between the rounds.
 */
public final class IngestMeasure {
    private static final int AGENTS = 16;
    private static final int DIFFERENT_BATCHES = 128;

    /** As many batches as an agent has in flight when acknowledgements take a disk's time. */
    private static final int PIPELINE_DEPTH = 32;

    private static final Duration DELIVERY_LIMIT = Duration.ofMinutes(2);

    private final Platform platform;
    private final Options options;
    private final BatchSource source;
    private final AppendOnlyFile appendOnlyFile;

    /**
     * How long.
     *
     * @param warmUp before each window
     * @param window in which batches are counted
     * @param rounds of each kind
     */
    public record Options(Duration warmUp, Duration window, int rounds) {}

    public IngestMeasure(Platform platform, Options options) throws IOException {
        this.platform = platform;
        this.options = options;
        this.appendOnlyFile = new AppendOnlyFile(platform.redis());
        this.source =
                new Batches("00000000-0000-4000-8000-000000000000")
                        .prepared(
                                DIFFERENT_BATCHES,
                                TimeUnit.MILLISECONDS.toNanos(Clock.systemUTC().millis()));
    }

    /**
     * Takes the figures. Detection and response are held by SIGSTOP while the path to the log is
     * measured alone, and work on what is there in the last rounds.
     */
    public IngestFigures run() throws IOException, GeneralSecurityException, InterruptedException {
        try (GrpcAdmin admin =
                        new GrpcAdmin(
                                platform.gatewayPort(),
                                platform.authority(),
                                platform.adminToken());
                ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor()) {
            List<GrpcSpool> spools = open(admin.enrol(AGENTS), timer);
            try {
                return measure(spools);
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
        for (EnrolledAgent agent : agents) {
            spools.add(GrpcSpool.open(agent, gateway, source, SpoolListener.NONE, timer));
        }
        return spools;
    }

    private IngestFigures measure(List<GrpcSpool> spools) throws IOException, InterruptedException {
        List<Throughput> raw = new ArrayList<>();
        List<Throughput> pipelined = new ArrayList<>();
        List<Throughput> gateway = new ArrayList<>();
        List<Long> readers =
                List.of(platform.pid(Service.RESPONSE), platform.pid(Service.DETECTION));
        Map<String, List<String>> hottest;
        Signals.suspend(readers);
        try {
            for (int round = 0; round < options.rounds(); round++) {
                raw.add(raw(1));
                pipelined.add(raw(PIPELINE_DEPTH));
                gateway.add(throughGateway(spools));
            }
            hottest = profile(spools);
        } finally {
            Signals.resume(readers);
        }
        List<Throughput> withDetection = new ArrayList<>();
        for (int round = 0; round < options.rounds(); round++) {
            withDetection.add(throughGateway(spools));
        }
        return new IngestFigures(
                AGENTS,
                averageBlob(),
                Throughput.median(raw),
                Throughput.median(pipelined),
                Throughput.median(gateway),
                Throughput.median(withDetection),
                hottest);
    }

    /** One more round, which does not count: recording costs time. */
    private Map<String, List<String>> profile(List<GrpcSpool> spools)
            throws IOException, InterruptedException {
        Map<String, FlightRecording> recordings = new LinkedHashMap<>();
        for (Service service : List.of(Service.GATEWAY, Service.INGEST)) {
            recordings.put(service.label(), FlightRecording.start(platform.pid(service)));
        }
        throughGateway(spools);
        Map<String, List<String>> hottest = new LinkedHashMap<>();
        for (Map.Entry<String, FlightRecording> recording : recordings.entrySet()) {
            hottest.put(recording.getKey(), recording.getValue().stop());
        }
        return hottest;
    }

    private Throughput raw(int depth) throws IOException, InterruptedException {
        appendOnlyFile.rewrite();
        try (RawAppend append = RawAppend.start(platform.redis(), source, AGENTS, depth)) {
            return window(append::appended);
        }
    }

    private Throughput throughGateway(List<GrpcSpool> spools)
            throws IOException, InterruptedException {
        appendOnlyFile.rewrite();
        spools.forEach(spool -> spool.allow(Long.MAX_VALUE));
        Throughput seen = window(() -> spools.stream().mapToLong(GrpcSpool::acknowledged).sum());
        spools.forEach(GrpcSpool::stopProducing);
        Waiting.until(
                () -> "delivery of what was sent",
                DELIVERY_LIMIT,
                () -> spools.stream().allMatch(GrpcSpool::isDone));
        for (GrpcSpool spool : spools) {
            if (spool.violation().isPresent()) {
                throw new IllegalStateException(spool.violation().get());
            }
        }
        return seen;
    }

    private Throughput window(LongSupplier batches) throws IOException, InterruptedException {
        Waiting.pass(options.warmUp());
        Cpu cpuBefore = Cpu.now(platform);
        long before = batches.getAsLong();
        long begun = System.nanoTime();
        Waiting.pass(options.window());
        Duration time = Duration.ofNanos(System.nanoTime() - begun);
        long counted = batches.getAsLong() - before;
        return Throughput.of(
                counted, Batches.EVENTS, time, Cpu.now(platform).perBatchSince(cpuBefore, counted));
    }

    private double averageBlob() {
        long bytes = 0;
        for (int number = 0; number < DIFFERENT_BATCHES; number++) {
            bytes += source.batch(number).events().size();
        }
        return (double) bytes / DIFFERENT_BATCHES;
    }
}
