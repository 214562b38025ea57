package dev.yagura.gateway.guard;

import dev.yagura.gateway.stream.OpenCalls;
import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.Tag;
import io.helidon.metrics.api.Timer;
import java.time.Duration;
import java.util.List;

/**
 * Calls by method and status, refusals by reason, streams that are open. Methods that do not exist
 * are no label: callers choose their names.
 */
final class GateMetrics {
    private final MeterRegistry registry;

    GateMetrics(MeterRegistry registry, OpenCalls calls) {
        this.registry = registry;
        registry.getOrCreate(
                Gauge.builder("yagura_gateway_open_streams", calls, OpenCalls::streams)
                        .description("Streams that are open now"));
    }

    void ended(String method, String code, Duration duration) {
        registry.getOrCreate(
                        Timer.builder("yagura_gateway_calls")
                                .description("Calls that were let in, when they ended")
                                .tags(
                                        List.of(
                                                Tag.create("method", method),
                                                Tag.create("code", code))))
                .record(duration);
    }

    void refused(String reason) {
        registry.getOrCreate(
                        Counter.builder("yagura_gateway_refused_calls")
                                .description("Calls that were not let in")
                                .tags(List.of(Tag.create("reason", reason))))
                .increment();
    }
}
