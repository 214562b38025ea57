package dev.yagura.ingest.telemetry;

import dev.yagura.proto.ingest.v1.AcknowledgementStatus;
import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.Tag;
import io.helidon.metrics.api.Timer;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What the intake counts; "yagura_ingest_…". */
final class TelemetryMetrics {
    private static final String ACKNOWLEDGEMENT_PREFIX = "ACKNOWLEDGEMENT_STATUS_";

    private final Map<AcknowledgementStatus, Counter> batches =
            new EnumMap<>(AcknowledgementStatus.class);
    private final Counter events;
    private final Counter bytes;
    private final Counter declaredLost;
    private final Timer append;

    TelemetryMetrics(MeterRegistry registry, Supplier<Long> bufferedBytes) {
        for (AcknowledgementStatus status : AcknowledgementStatus.values()) {
            batches.put(status, registry.getOrCreate(batchCounter(status)));
        }
        events =
                registry.getOrCreate(
                        Counter.builder("yagura_ingest_events").description("Events stored"));
        bytes =
                registry.getOrCreate(
                        Counter.builder("yagura_ingest_bytes")
                                .description("Bytes of events stored, as agents sent them"));
        declaredLost =
                registry.getOrCreate(
                        Counter.builder("yagura_ingest_declared_lost")
                                .description("Events declared lost"));
        append =
                registry.getOrCreate(
                        Timer.builder("yagura_ingest_append")
                                .description("Time from receipt of a batch to its outcome"));
        registry.getOrCreate(
                Gauge.builder("yagura_ingest_buffered_bytes", bufferedBytes)
                        .description("Bytes of batches that are not acknowledged yet"));
    }

    private static Counter.Builder batchCounter(AcknowledgementStatus status) {
        return Counter.builder("yagura_ingest_batches")
                .description("Batches and gaps answered, by acknowledgement")
                .tags(List.of(Tag.create("status", name(status))));
    }

    private static String name(AcknowledgementStatus status) {
        return status.name().replace(ACKNOWLEDGEMENT_PREFIX, "").toLowerCase(Locale.ROOT);
    }

    void answered(AcknowledgementStatus status) {
        Counter counter = batches.get(status);
        if (counter != null) {
            counter.increment();
        }
    }

    void stored(int eventCount, int byteCount, long nanos) {
        events.increment(eventCount);
        bytes.increment(byteCount);
        append.record(nanos, TimeUnit.NANOSECONDS);
    }

    void lost(long eventCount) {
        declaredLost.increment(eventCount);
    }
}
