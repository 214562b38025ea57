package dev.yagura.bench.measure;

import com.google.protobuf.Timestamp;
import dev.yagura.bench.load.MarkerRule;
import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.detection.v1.AlertTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Follows each marker from its sending to its alert; each alert is of exactly one marker. */
final class MarkerTimes {
    private final Map<Long, Long> sentNanos = new HashMap<>();
    private final Latencies sentToVisible = new Latencies();
    private final Latencies acceptedToVisible = new Latencies();
    private final Latencies acceptedToDetected = new Latencies();
    private final Latencies detectedToCommitted = new Latencies();
    private final Latencies committedToVisible = new Latencies();

    /** A marker left; the first time counts. */
    synchronized void sent(long serial, long nanoTime) {
        sentNanos.putIfAbsent(serial, nanoTime);
    }

    /** An alert was seen; ignored unless it is the first of a marker that was noted. */
    synchronized void visible(Alert alert, long nanoTime, Instant now) {
        OptionalLong serial =
                alert.getFirstMatchesCount() == 0
                        ? OptionalLong.empty()
                        : MarkerRule.serial(alert.getFirstMatches(0).getEvent());
        Long sent = serial.isEmpty() ? null : sentNanos.remove(serial.getAsLong());
        if (sent == null) {
            return;
        }
        AlertTimes times = alert.getTimes();
        Timestamp visible =
                Timestamp.newBuilder()
                        .setSeconds(now.getEpochSecond())
                        .setNanos(now.getNano())
                        .build();
        sentToVisible.record(Duration.ofNanos(nanoTime - sent));
        acceptedToVisible.record(times.getIngested(), visible);
        acceptedToDetected.record(times.getIngested(), times.getDetected());
        detectedToCommitted.record(times.getDetected(), times.getCommitted());
        committedToVisible.record(times.getCommitted(), visible);
    }

    /** Markers whose alert was not seen yet. */
    synchronized int missing() {
        return sentNanos.size();
    }

    synchronized LatencyFigures figures(int target, double eventsPerSecond) {
        return new LatencyFigures(
                target,
                eventsPerSecond,
                sentToVisible.quantiles(),
                acceptedToVisible.quantiles(),
                acceptedToDetected.quantiles(),
                detectedToCommitted.quantiles(),
                committedToVisible.quantiles());
    }
}
