package dev.yagura.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.bench.measure.AssetQueryFigures;
import dev.yagura.bench.measure.DrainFigures;
import dev.yagura.bench.measure.IngestFigures;
import dev.yagura.bench.measure.IsolationFigures;
import dev.yagura.bench.measure.LatencyFigures;
import dev.yagura.bench.measure.Quantiles;
import dev.yagura.bench.measure.ReconcileFigures;
import dev.yagura.bench.measure.Throughput;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BenchPageTest {
    private static final Setting SETTING =
            new Setting("abc123", "./yagura bench", "2 cores", "25", "-XX:+UseSerialGC");

    @Test
    void saysWhatTheFiguresAreFrom() {
        assertThat(new BenchPage().page(SETTING))
                .contains("`./yagura bench`", "abc123", "2 cores", "`-XX:+UseSerialGC`");
    }

    @Test
    void comparesTheGatewayWithRawAppendsAndSaysWhatABatchCosts() {
        Throughput gateway = new Throughput(300_000, Map.of("ingest", Duration.ofNanos(31_400)));
        String page =
                new BenchPage()
                        .ingest(
                                new IngestFigures(
                                        16,
                                        10_240,
                                        new Throughput(600_000, Map.of()),
                                        new Throughput(1_000_000, Map.of()),
                                        gateway,
                                        gateway,
                                        Map.of("ingest", List.of("Method Samples"))))
                        .page(SETTING);

        assertThat(page)
                .contains(
                        "| 300,000 events/s | 0.50 of raw, 0.30 of raw pipelined;",
                        "| processor time a batch, through the gateway: ingest | 31 µs |",
                        "### ingest\n\n```\nMethod Samples\n```");
    }

    @Test
    void givesTheStagesFromEventToAlert() {
        Quantiles times =
                new Quantiles(
                        600, Duration.ofMillis(20), Duration.ofMillis(80), Duration.ofMillis(90));
        String table =
                new BenchPage()
                        .latency(new LatencyFigures(5000, 4990, times, times, times, times, times))
                        .table();

        assertThat(table)
                .contains(
                        "| event accepted to alert visible, at 5,000 events/s"
                                + " | p50 20.0 ms, p99 80.0 ms, max 90.0 ms (600 alerts) |");
    }

    @Test
    void givesTheSpeedOfWorkingOffALog() {
        Map<String, Duration> cost = new LinkedHashMap<>();
        cost.put("detection", Duration.ofMillis(9_400));
        cost.put("sandbox", Duration.ofMillis(10));
        String table =
                new BenchPage()
                        .drain(new DrainFigures(3_000_000, 6_000, Duration.ofSeconds(25), cost))
                        .table();
        assertThat(table)
                .contains("| 120,000 events/s | 3,000,000 events, 6,000 alerts; aim: 100,000")
                .contains("worked off: detection | 9.4 s |")
                .doesNotContain("sandbox");
    }

    @Test
    void namesTheFlagsOfTheJvmOnly() {
        assertThat(Setting.flags(List.of("java", "-Xss512k", "-Dserver.port=1", "-cp", "--x.jar")))
                .isEqualTo("-Xss512k");
    }

    @Test
    void tellsThePlatformsPartOfAnIsolationFromTheStandInsOwn() {
        Quantiles times =
                new Quantiles(
                        75, Duration.ofMillis(60), Duration.ofMillis(80), Duration.ofMillis(90));
        String table =
                new BenchPage()
                        .isolation(
                                new IsolationFigures(
                                        Duration.ofSeconds(2),
                                        times,
                                        times,
                                        times,
                                        31.2,
                                        200,
                                        199,
                                        Duration.ofSeconds(9)))
                        .table();

        assertThat(table)
                .contains(
                        "| the first isolation after the start | 2.0 s |",
                        "75 instances one after the other, 31 calls",
                        "| p50 60.0 ms, p99 80.0 ms, max 90.0 ms | aim: p99 under 100 ms |",
                        "| 200 isolations at once, until the last had ended | 9.0 s | 199 succeeded;");
    }

    @Test
    void comparesCallsOfAReadingWithTheFewest() {
        Quantiles times =
                new Quantiles(
                        200, Duration.ofMillis(20), Duration.ofMillis(80), Duration.ofMillis(90));
        String table =
                new BenchPage()
                        .reconciled(
                                new ReconcileFigures(
                                        List.of(
                                                new ReconcileFigures.Round(
                                                        "all of them new",
                                                        45,
                                                        100_000,
                                                        99_990,
                                                        1_190,
                                                        1_191,
                                                        1_000,
                                                        Duration.ofSeconds(42),
                                                        Duration.ofSeconds(40),
                                                        300 << 20)),
                                        times,
                                        310 << 20))
                        .table();

        assertThat(table)
                .contains(
                        "| 100,000 resources read, all of them new | 40.0 s, 2,500 items/s | 42.0 s",
                        "| 1,190, 1.19 of the fewest | 1,191 at the AWS stand-in, the fewest are 1,000;",
                        "| p50 20.0 ms, p99 80.0 ms, max 90.0 ms | 200 one after the other;",
                        "| memory of inventory after that | 310 MiB |");
    }

    @Test
    void saysWhatAnswersOfVeryManyAssetsHave() {
        Quantiles times =
                new Quantiles(
                        200, Duration.ofMillis(9), Duration.ofMillis(30), Duration.ofMillis(31));
        String table =
                new BenchPage()
                        .queries(
                                new AssetQueryFigures(
                                        1_000_000,
                                        3L << 30,
                                        List.of(
                                                new AssetQueryFigures.Query(
                                                        "GetPosture", "checks", times, 6, false),
                                                new AssetQueryFigures.Query(
                                                        "GetAssetGraph",
                                                        "nodes",
                                                        times,
                                                        99.5,
                                                        true)),
                                        200_000,
                                        Duration.ofSeconds(150),
                                        400 << 20))
                        .table();

        assertThat(table)
                .contains(
                        "| all hosts judged, and their postures kept | 150.0 s | 200,000 hosts;",
                        "| GetPosture of 1,000,000 | p50 9.0 ms, p99 30.0 ms, max 31.0 ms"
                                + " | 200 times, 6.0 checks an answer |",
                        "99.5 nodes an answer; aim: p99 under 50 ms |",
                        "| 400 MiB | 3,072 MiB of database |");
    }
}
