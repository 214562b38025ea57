package dev.yagura.bench.engine;

import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.LogSource;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.engine.PlainRules;
import dev.yagura.sigma.engine.RuleSetCompiler;
import dev.yagura.sigma.engine.SearchComparison;
import dev.yagura.sigma.taxonomy.EventSource;
import dev.yagura.sigma.taxonomy.Taxonomy;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** Takes the engine's figures. */
final class EngineMeasure {
    private static final Device DEVICE = Device.getDefaultInstance();
    private static final int PROCESS_ACTIVITY = 1007;
    private static final int LAUNCH = 1;
    private static final int RULER_PATTERNS = 1000;
    private static final LogSource COMPARED = new LogSource("windows", "process_creation", "");

    private final List<RuleSetCompiler.Input> rules;
    private final List<Event> events;
    private final double decodeNanos;
    private final Duration window;
    private final int rounds;

    /**
     * A measurement.
     *
     * @param rules that can fire
     * @param decodeNanos to read and decode an event
     * @param window of each round
     */
    EngineMeasure(
            List<RuleSetCompiler.Input> rules,
            List<Event> events,
            double decodeNanos,
            Duration window,
            int rounds) {
        this.rules = List.copyOf(rules);
        this.events = List.copyOf(events);
        this.decodeNanos = decodeNanos;
        this.window = window;
        this.rounds = rounds;
    }

    EngineFigures run(boolean compare) throws IOException, InterruptedException {
        compile(rules); // the second time is the one that counts: the first compiles the compiler
        long before = usedHeap();
        long begun = System.nanoTime();
        EventMatcher compiled = compile(rules);
        double compileMillis = (System.nanoTime() - begun) / 1e6;
        long ruleSetBytes = usedHeap() - before;
        EventMatcher doubled =
                compile(
                        Stream.concat(rules.stream(), rules.stream().map(OtherValues::of))
                                .toList());
        PlainRules plain = new PlainRules(rules.stream().map(RuleSetCompiler.Input::rule).toList());
        List<Double> plainTimes = new ArrayList<>();
        List<Double> compiledTimes = new ArrayList<>();
        List<Double> doubledTimes = new ArrayList<>();
        List<Event> launches =
                events.stream()
                        .filter(event -> event.getClassUid() == PROCESS_ACTIVITY)
                        .filter(event -> event.getActivityId() == LAUNCH)
                        .toList();
        List<Double> plainLaunchTimes = new ArrayList<>();
        List<Double> compiledLaunchTimes = new ArrayList<>();
        List<Double> threads = new ArrayList<>();
        once(compiled);
        once(doubled);
        for (int round = 0; round < rounds; round++) {
            plainTimes.add(nanos(events, event -> plain.match(DEVICE, event).size()));
            compiledTimes.add(nanos(events, event -> compiled.match(DEVICE, event).size()));
            doubledTimes.add(nanos(events, event -> doubled.match(DEVICE, event).size()));
            plainLaunchTimes.add(nanos(launches, event -> plain.match(DEVICE, event).size()));
            compiledLaunchTimes.add(nanos(launches, event -> compiled.match(DEVICE, event).size()));
            double one = together(compiled, 1);
            threads.add(together(compiled, 2) / one);
        }
        return new EngineFigures(
                rules.size(),
                events.size(),
                once(compiled),
                decodeNanos,
                median(plainTimes),
                median(compiledTimes),
                launches.size(),
                median(plainLaunchTimes),
                median(compiledLaunchTimes),
                median(doubledTimes),
                median(threads),
                compileMillis,
                ruleSetBytes,
                compare ? Optional.of(comparison()) : Optional.empty());
    }

    private static EventMatcher compile(List<RuleSetCompiler.Input> inputs) {
        return RuleSetCompiler.compile(1, inputs);
    }

    /** What is done with one event; the result is used, so that it cannot be left out. */
    private interface Work {
        int on(Event event);
    }

    private long once(EventMatcher matcher) {
        return events.stream().mapToLong(event -> matcher.match(DEVICE, event).size()).sum();
    }

    /** Processor time of this thread for an event; all of them at least once. */
    private double nanos(List<Event> some, Work work) {
        if (some.isEmpty()) {
            return Double.NaN;
        }
        long begun = System.nanoTime();
        long processor = processorNanos();
        long done = 0;
        long found = 0;
        do {
            for (Event event : some) {
                found += work.on(event);
            }
            done += some.size();
        } while (System.nanoTime() - begun < window.toNanos());
        if (found < 0) {
            throw new IllegalStateException("counted backwards");
        }
        return (double) (processorNanos() - processor) / done;
    }

    /** Events a second of some threads that match the same events at once. */
    private double together(EventMatcher matcher, int count) throws InterruptedException {
        CountDownLatch ready = new CountDownLatch(count);
        long[] done = new long[count];
        long[] time = new long[count];
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                once(matcher);
                                ready.countDown();
                                try {
                                    ready.await();
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                    return;
                                }
                                long begun = System.nanoTime();
                                do {
                                    once(matcher);
                                    done[number] += events.size();
                                    time[number] = System.nanoTime() - begun;
                                } while (time[number] < window.toNanos());
                            }));
        }
        double rate = 0;
        for (int i = 0; i < count; i++) {
            threads.get(i).join();
            rate += done[i] / (time[i] / 1e9);
        }
        return rate;
    }

    private EngineFigures.SearchFigures comparison() throws IOException {
        EventSource source = Taxonomy.sources(COMPARED).getFirst();
        SearchComparison comparison =
                new SearchComparison(
                        source,
                        rules.stream()
                                .filter(input -> input.rule().logSource().equals(COMPARED))
                                .toList(),
                        events);
        long begun = System.nanoTime();
        SearchComparison.Way own = comparison.own();
        double ownCompile = (System.nanoTime() - begun) / 1e6;
        begun = System.nanoTime();
        SearchComparison.Way hyperscan = comparison.hyperscan();
        double hyperscanCompile = (System.nanoTime() - begun) / 1e6;
        SearchComparison.RulerWay ruler = comparison.eventRuler(RULER_PATTERNS);
        if (own.run() != hyperscan.run()) {
            throw new IllegalStateException(
                    "this engine finds %d patterns, Hyperscan %d"
                            .formatted(own.run(), hyperscan.run()));
        }
        List<Double> ownTimes = new ArrayList<>();
        List<Double> hyperscanTimes = new ArrayList<>();
        List<Double> rulerTimes = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            ownTimes.add(nanos(own, comparison.events()));
            hyperscanTimes.add(nanos(hyperscan, comparison.events()));
            rulerTimes.add(nanos(ruler, comparison.events()));
        }
        hyperscan.close();
        return new EngineFigures.SearchFigures(
                COMPARED.toString(),
                comparison.patterns(),
                comparison.events(),
                median(ownTimes),
                ownCompile,
                median(hyperscanTimes),
                hyperscanCompile,
                ruler.patterns(),
                median(rulerTimes));
    }

    private double nanos(SearchComparison.Way way, int count) {
        long begun = System.nanoTime();
        long processor = processorNanos();
        long done = 0;
        do {
            way.run();
            done += count;
        } while (System.nanoTime() - begun < window.toNanos());
        return (double) (processorNanos() - processor) / done;
    }

    private static long processorNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long usedHeap() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get((values.size() - 1) / 2);
    }
}
