package dev.yagura.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    private final Latencies latencies = new Latencies();

    @Test
    void givesTheTimesThatHalfAndNearlyAllStayBelow() {
        for (int millis = 1; millis <= 100; millis++) {
            latencies.record(Duration.ofMillis(millis));
        }
        Quantiles seen = latencies.quantiles();

        assertThat(seen.count()).isEqualTo(100);
        assertThat(seen.p50()).isBetween(Duration.ofMillis(49), Duration.ofMillis(51));
        assertThat(seen.p99()).isBetween(Duration.ofMillis(98), Duration.ofMillis(100));
        assertThat(seen.max()).isBetween(Duration.ofMillis(99), Duration.ofMillis(101));
    }

    @Test
    void subtractsStampsAcrossASecond() {
        latencies.record(
                Timestamp.newBuilder().setSeconds(9).setNanos(900_000_000).build(),
                Timestamp.newBuilder().setSeconds(10).setNanos(100_000_000).build());

        assertThat(latencies.quantiles().p50())
                .isBetween(Duration.ofMillis(199), Duration.ofMillis(201));
    }
}
