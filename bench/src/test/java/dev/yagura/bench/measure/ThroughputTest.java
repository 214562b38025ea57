package dev.yagura.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThroughputTest {
    @Test
    void countsEventsBySecond() {
        assertThat(Throughput.of(30, 50, Duration.ofMillis(1500), Map.of()).eventsPerSecond())
                .isEqualTo(1000);
    }

    @Test
    void takesTheMiddleAndOfAnEvenNumberTheLower() {
        assertThat(Throughput.median(List.of(rate(3), rate(1), rate(2)))).isEqualTo(rate(2));
        assertThat(Throughput.median(List.of(rate(3), rate(1)))).isEqualTo(rate(1));
    }

    @Test
    void comparesTheGatewayWithBothKindsOfRawWriters() {
        IngestFigures figures =
                new IngestFigures(16, 10_000, rate(100), rate(200), rate(40), rate(20), Map.of());

        assertThat(figures.ratio()).isEqualTo(0.4);
        assertThat(figures.pipelinedRatio()).isEqualTo(0.2);
    }

    @Test
    void dividesProcessorTimeByBatches() {
        Cpu before = new Cpu(Map.of("ingest", Duration.ofMillis(100)));
        Cpu after =
                new Cpu(Map.of("ingest", Duration.ofMillis(300), "redis", Duration.ofMillis(50)));

        assertThat(after.perBatchSince(before, 100))
                .containsEntry("ingest", Duration.ofMillis(2))
                .containsEntry("redis", Duration.ofNanos(500_000));
    }

    private static Throughput rate(double eventsPerSecond) {
        return new Throughput(eventsPerSecond, Map.of());
    }
}
