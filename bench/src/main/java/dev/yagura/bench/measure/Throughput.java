package dev.yagura.bench.measure;

import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was durable in one window.
 *
 * @param eventsPerSecond acknowledged events
 * @param cpuPerBatch processor time by process
 */
public record Throughput(double eventsPerSecond, Map<String, Duration> cpuPerBatch) {

    public Throughput {
        cpuPerBatch = Collections.unmodifiableMap(new LinkedHashMap<>(cpuPerBatch));
    }

    static Throughput of(
            long batches, int eventsInBatch, Duration time, Map<String, Duration> cpu) {
        double seconds = time.toNanos() / 1e9;
        return new Throughput(batches * eventsInBatch / seconds, cpu);
    }

    /** The one in the middle by rate; of an even number the lower of the two. */
    static Throughput median(List<Throughput> rounds) {
        return rounds.stream()
                .sorted(Comparator.comparingDouble(Throughput::eventsPerSecond))
                .toList()
                .get((rounds.size() - 1) / 2);
    }
}
