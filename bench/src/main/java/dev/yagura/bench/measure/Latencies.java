package dev.yagura.bench.measure;

import com.google.protobuf.Timestamp;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/** Times of one stage; not thread-safe. */
final class Latencies {
    /** Three digits up to ten minutes. */
    private final Histogram micros = new Histogram(Duration.ofMinutes(10).toNanos() / 1000, 3);

    void record(Duration time) {
        // Clocks of processes on one machine agree; a stage of zero may read as a little less.
        micros.recordValue(Math.max(0, time.toNanos() / 1000));
    }

    /** Between two stamps of services. */
    void record(Timestamp from, Timestamp to) {
        record(
                Duration.ofSeconds(
                        to.getSeconds() - from.getSeconds(),
                        (long) to.getNanos() - from.getNanos()));
    }

    Quantiles quantiles() {
        return new Quantiles(
                micros.getTotalCount(),
                micros(micros.getValueAtPercentile(50)),
                micros(micros.getValueAtPercentile(99)),
                micros(micros.getMaxValue()));
    }

    private static Duration micros(long value) {
        return Duration.ofNanos(value * 1000);
    }
}
