package dev.yagura.bench.measure;

import com.sun.management.ThreadMXBean;
import dev.yagura.indicator.EventScanner;
import dev.yagura.indicator.IndicatorIndex;
import dev.yagura.indicator.IndicatorKey;
import dev.yagura.indicator.IndicatorKind;
import dev.yagura.indicator.MalformedIndicatorException;
import dev.yagura.proto.telemetry.v1.DnsQuery;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.File;
import dev.yagura.proto.telemetry.v1.Hashes;
import dev.yagura.proto.telemetry.v1.NetworkEndpoint;
import dev.yagura.proto.telemetry.v1.Process;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Fills the index of detection with random indicators in the proportions of public feeds, and looks
 * events through with it, on one thread of this process. Times are of the processor, so that other
 * work on the machine counts for nothing. Needs no platform.
 */
public final class IndicatorMeasure {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final EventScanner.Unmapped NOTHING_ELSE = name -> null;
    private static final int ROUNDS = 5;

    /** Few enough for the cache: detection has decoded an event right before. */
    private static final int EVENTS = 256;

    private final Options options;
    private final SplittableRandom random = new SplittableRandom(20_260_301);
    private long hits;

    /**
     * How much.
     *
     * @param indicators in the index
     * @param round of looking events through; five count, after one that does not
     */
    public record Options(int indicators, Duration round) {}

    public IndicatorMeasure(Options options) {
        this.options = options;
    }

    /** Takes the figures. */
    public IndicatorFigures run() {
        long before = usedHeap();
        IndicatorIndex index = new IndicatorIndex();
        long begun = THREADS.getCurrentThreadCpuTime();
        for (int count = 0; count < options.indicators(); count++) {
            index.add(indicator());
        }
        double addNanos =
                (double) (THREADS.getCurrentThreadCpuTime() - begun) / options.indicators();
        long heap = usedHeap() - before;
        EventScanner scanner = new EventScanner((field, value, key) -> hits++);
        List<Event> events = new ArrayList<>();
        for (int count = 0; count < EVENTS; count++) {
            events.add(event(count));
        }
        double eventNanos = nanos(scanner, index, events);
        long allocated = allocated(scanner, index, events);
        Event met = met();
        index.add(key(IndicatorKind.ADDRESS, "203.0.113.66"));
        double hitNanos = nanos(scanner, index, List.of(met));
        hits = 0;
        long lookups = mistaken(scanner, index);
        return new IndicatorFigures(
                index.size(),
                index.bytes(),
                heap,
                addNanos,
                eventNanos,
                hitNanos,
                allocated,
                lookups,
                hits);
    }

    /** The median of the rounds. */
    private double nanos(EventScanner scanner, IndicatorIndex index, List<Event> events) {
        round(scanner, index, events);
        double[] rounds = new double[ROUNDS];
        for (int count = 0; count < ROUNDS; count++) {
            rounds[count] = round(scanner, index, events);
        }
        Arrays.sort(rounds);
        return rounds[ROUNDS / 2];
    }

    private double round(EventScanner scanner, IndicatorIndex index, List<Event> events) {
        int batches = Math.max(1, EVENTS / events.size());
        long begun = THREADS.getCurrentThreadCpuTime();
        long end = begun + options.round().toNanos();
        long now = begun;
        long count = 0;
        while (now < end) {
            for (int batch = 0; batch < batches; batch++) {
                for (int event = 0; event < events.size(); event++) {
                    scanner.scan(index, events.get(event), NOTHING_ELSE);
                }
            }
            count += (long) batches * events.size();
            now = THREADS.getCurrentThreadCpuTime();
        }
        return (double) (now - begun) / count;
    }

    private static long allocated(EventScanner scanner, IndicatorIndex index, List<Event> events) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int count = 0; count < events.size(); count++) {
            scanner.scan(index, events.get(count), NOTHING_ELSE);
        }
        return (THREADS.getCurrentThreadAllocatedBytes() - before) / events.size();
    }

    /** Every event has values that were never seen; the hits are counted. */
    private long mistaken(EventScanner scanner, IndicatorIndex index) {
        long lookups = 0;
        for (int count = 0; count < options.indicators(); count++) {
            scanner.scan(
                    index,
                    Event.newBuilder()
                            .setFile(
                                    File.newBuilder()
                                            .setHashes(
                                                    Hashes.newBuilder()
                                                            .setSha256(hex(64))
                                                            .setSha1(hex(40))
                                                            .setMd5(hex(32))))
                            .build(),
                    NOTHING_ELSE);
            lookups += 3;
        }
        return lookups;
    }

    /** Mostly hashes, then names, addresses and URLs. */
    private IndicatorKey indicator() {
        int part = random.nextInt(100);
        if (part < 55) {
            return part < 35
                    ? key(IndicatorKind.SHA256, hex(64))
                    : part < 45
                            ? key(IndicatorKind.SHA1, hex(40))
                            : key(IndicatorKind.MD5, hex(32));
        }
        if (part < 75) {
            return key(part < 65 ? IndicatorKind.DOMAIN : IndicatorKind.DOMAIN_TREE, name("bad"));
        }
        if (part < 88) {
            return key(IndicatorKind.ADDRESS, address(11));
        }
        if (part < 89) {
            return key(IndicatorKind.NETWORK, address(12) + "/" + (16 + random.nextInt(15)));
        }
        return part < 98
                ? key(IndicatorKind.URL, "http://" + name("bad") + "/" + hex(12))
                : key(IndicatorKind.FILE, hex(10) + ".exe");
    }

    private static IndicatorKey key(IndicatorKind kind, String value) {
        try {
            return IndicatorKey.parse(kind, value);
        } catch (MalformedIndicatorException e) {
            throw new IllegalStateException("the generator makes sound values", e);
        }
    }

    /**
     * In turn a start, a connection, a question and a file; none of their values is an indicator.
     */
    private Event event(int number) {
        return switch (number % 4) {
            case 0 ->
                    Event.newBuilder()
                            .setClassUid(1007)
                            .setActivityId(1)
                            .setProcess(
                                    Process.newBuilder()
                                            .setPath("/usr/bin/curl")
                                            .setCmdLine(
                                                    "/usr/bin/curl -fsSL -o /opt/app/data.json https://"
                                                            + name("good")
                                                            + "/v1/items?page="
                                                            + number)
                                            .setHashes(Hashes.newBuilder().setSha256(hex(64))))
                            .build();
            case 1 ->
                    Event.newBuilder()
                            .setClassUid(4001)
                            .setSrcEndpoint(NetworkEndpoint.newBuilder().setIp("10.1.2.3"))
                            .setDstEndpoint(
                                    NetworkEndpoint.newBuilder()
                                            .setIp(address(52))
                                            .setHostname(name("good")))
                            .putUnmapped("syscall", "connect")
                            .build();
            case 2 ->
                    Event.newBuilder()
                            .setClassUid(4003)
                            .setDnsQuery(
                                    DnsQuery.newBuilder()
                                            .setHostname("www." + name("good"))
                                            .addAnswers(address(52))
                                            .addAnswers("2a00:1450:4001::" + number))
                            .putUnmapped("EventID", "22")
                            .build();
            default ->
                    Event.newBuilder()
                            .setClassUid(1001)
                            .setFile(File.newBuilder().setPath("/var/lib/app/cache/" + hex(12)))
                            .putUnmapped("syscall", "openat")
                            .build();
        };
    }

    private static Event met() {
        return Event.newBuilder()
                .setClassUid(4001)
                .setDstEndpoint(NetworkEndpoint.newBuilder().setIp("203.0.113.66"))
                .putUnmapped("syscall", "connect")
                .build();
    }

    private String address(int first) {
        return first
                + "."
                + random.nextInt(256)
                + "."
                + random.nextInt(256)
                + "."
                + random.nextInt(256);
    }

    private String name(String kind) {
        return hex(10) + "." + kind + ".example";
    }

    private String hex(int length) {
        StringBuilder hex = new StringBuilder(length);
        while (hex.length() < length) {
            hex.append(Character.forDigit(random.nextInt(16), 16));
        }
        return hex.toString();
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
