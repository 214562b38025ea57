package dev.yagura.bench.measure;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Working off a log that was filled before.
 *
 * @param events in the log
 * @param alerts that they made
 * @param time from the first alert to the last
 * @param cpuPerMillion processor time by process, for a million events
 */
public record DrainFigures(
        long events, long alerts, Duration time, Map<String, Duration> cpuPerMillion) {

    public DrainFigures {
        cpuPerMillion = Collections.unmodifiableMap(new LinkedHashMap<>(cpuPerMillion));
    }

    /** From the log to committed alerts. */
    public double eventsPerSecond() {
        return events / (time.toNanos() / 1e9);
    }
}
