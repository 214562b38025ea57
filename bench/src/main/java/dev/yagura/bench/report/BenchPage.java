package dev.yagura.bench.report;

import dev.yagura.bench.measure.AssetQueryFigures;
import dev.yagura.bench.measure.DrainFigures;
import dev.yagura.bench.measure.IngestFigures;
import dev.yagura.bench.measure.IsolationFigures;
import dev.yagura.bench.measure.LatencyFigures;
import dev.yagura.bench.measure.Quantiles;
import dev.yagura.bench.measure.ReconcileFigures;
import dev.yagura.bench.measure.StartupFigures;
import dev.yagura.bench.measure.Throughput;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures as text: one table, and what explains it. */
public final class BenchPage {
    private static final String NONE = "";
    private static final double MIB = 1 << 20;

    private final MarkdownTable table = new MarkdownTable("what", "figure", "compared with");
    private final StringBuilder explanation = new StringBuilder();

    /** Adds how long `up` takes, and memory. */
    public BenchPage startup(StartupFigures figures) {
        table.row("`up`, first start in an empty folder", seconds(figures.first()), NONE);
        table.row("`up` again", seconds(figures.again()), "aim: at most 30 s");
        figures.memory()
                .byProcess()
                .forEach((name, facts) ->
                        table.row(
                                "memory of " + name,
                                mebibytes(facts.residentBytes()),
                                mebibytes(facts.proportionalBytes())
                                        + " with shared pages divided"));
        table.row(
                "memory of all processes",
                mebibytes(figures.memory().residentBytes()),
                mebibytes(figures.memory().proportionalBytes())
                        + " with shared pages counted once; aim: at most 2,560 MiB");
        return this;
    }

    /** Adds durable events a second, and what a batch costs. */
    public BenchPage ingest(IngestFigures figures) {
        String who = "%d writers".formatted(figures.agents());
        table.row(
                "raw XADD, " + who + ", one batch after the other",
                rate(figures.raw()),
                "blobs of %.1f KiB".formatted(figures.blobBytes() / 1024));
        table.row("raw XADD, " + who + ", pipelined", rate(figures.rawPipelined()), NONE);
        table.row(
                "through the gateway, %d agents, durable".formatted(figures.agents()),
                rate(figures.gateway()),
                "%.2f of raw, %.2f of raw pipelined; aim: 0.3 of raw"
                        .formatted(figures.ratio(), figures.pipelinedRatio()));
        table.row(
                "the same with detection at work",
                rate(figures.withDetection()),
                "%.2f of raw"
                        .formatted(
                                figures.withDetection().eventsPerSecond()
                                        / figures.raw().eventsPerSecond()));
        cost("through the gateway", figures.gateway());
        cost("with detection at work", figures.withDetection());
        table.row(
                "processor time a batch, raw XADD: redis",
                micros(figures.raw().cpuPerBatch().getOrDefault("redis", Duration.ZERO)),
                NONE);
        hottest(figures.hottest());
        return this;
    }

    private void cost(String way, Throughput throughput) {
        throughput
                .cpuPerBatch()
                .forEach((name, time) -> {
                    if (time.toNanos() >= 1000) {
                        table.row(
                                "processor time a batch, %s: %s".formatted(way, name),
                                micros(time),
                                NONE);
                    }
                });
    }

    private void hottest(Map<String, List<String>> byService) {
        if (byService.isEmpty()) {
            return;
        }
        explanation.append(
                "\n## Where the time goes\n\nHottest methods while agents send as fast as they can"
                        + " (flight recorder; samples of Java code only).\n");
        byService.forEach((service, lines) ->
                explanation
                        .append("\n### ")
                        .append(service)
                        .append("\n\n```\n")
                        .append(String.join("\n", lines))
                        .append("\n```\n"));
    }

    /** Adds times from event to alert. */
    public BenchPage latency(LatencyFigures figures) {
        String load = "at %,d events/s".formatted(figures.target());
        table.row(
                "load taken, " + load,
                String.format(Locale.ROOT, "%,.0f events/s", figures.eventsPerSecond()),
                NONE);
        table.row(
                "event accepted to alert visible, " + load,
                quantiles(figures.acceptedToVisible()),
                "aim: p99 under 500 ms");
        table.row("event sent to alert visible, " + load, quantiles(figures.sentToVisible()), NONE);
        table.row(
                "of it: accepted to detected, " + load,
                quantiles(figures.acceptedToDetected()),
                NONE);
        table.row(
                "of it: detected to committed, " + load,
                quantiles(figures.detectedToCommitted()),
                NONE);
        table.row(
                "of it: committed to visible, " + load,
                quantiles(figures.committedToVisible()),
                NONE);
        return this;
    }

    /** Adds how fast a filled log becomes alerts. */
    public BenchPage drain(DrainFigures figures) {
        table.row(
                "a filled log worked off to committed alerts",
                String.format(Locale.ROOT, "%,.0f events/s", figures.eventsPerSecond()),
                "%,d events, %,d alerts; aim: 100,000 events/s"
                        .formatted(figures.events(), figures.alerts()));
        figures.cpuPerMillion()
                .forEach((name, time) -> {
                    if (time.toMillis() >= 50) {
                        table.row(
                                "processor time of a million events worked off: " + name,
                                seconds(time),
                                NONE);
                    }
                });
        return this;
    }

    /** Adds how long an isolation takes. */
    public BenchPage isolation(IsolationFigures figures) {
        table.row("the first isolation after the start", seconds(figures.first()), NONE);
        table.row(
                "isolation asked for to read back and verified",
                times(figures.total()),
                "%d instances one after the other, %.0f calls to the AWS stand-in each"
                        .formatted(figures.total().count(), figures.calls()));
        table.row("of it: inside the AWS stand-in", times(figures.sandbox()), NONE);
        table.row(
                "of it: the platform's own, and the wire",
                times(figures.overhead()),
                "aim: p99 under 100 ms");
        table.row(
                "%d isolations at once, until the last had ended".formatted(figures.atOnce()),
                seconds(figures.allTime()),
                "%d succeeded; all in one VPC, eight at a time".formatted(figures.succeeded()));
        return this;
    }

    /** Adds how the inventory keeps in step with AWS Config. */
    public BenchPage reconciled(ReconcileFigures figures) {
        for (ReconcileFigures.Round round : figures.rounds()) {
            String what = "%,d resources read, %s".formatted(round.items(), round.what());
            table.row(
                    what,
                    String.format(
                            Locale.ROOT,
                            "%s, %,.0f items/s",
                            seconds(round.read()),
                            round.itemsPerSecond()),
                    "%s with the wait for the first to begin; %,d sets, %,d assets new, changed or gone"
                            .formatted(seconds(round.asked()), round.sets(), round.news()));
            table.row(
                    "calls to AWS Config of it",
                    String.format(
                            Locale.ROOT, "%,d, %.2f of the fewest", round.calls(), round.ratio()),
                    "%,d at the AWS stand-in, the fewest are %,d; aim: at most 1.20"
                            .formatted(round.arrived(), round.least()));
            table.row("memory of inventory after it", mebibytes(round.residentBytes()), NONE);
        }
        table.row(
                "message of a change in the queue to its arrival at a watch",
                times(figures.change()),
                "%d one after the other; aim: under 1 s".formatted(figures.change().count()));
        table.row("memory of inventory after that", mebibytes(figures.changesBytes()), NONE);
        return this;
    }

    /** Adds how long answers about very many assets take. */
    public BenchPage queries(AssetQueryFigures figures) {
        String of = " of %,d".formatted(figures.assets());
        for (AssetQueryFigures.Query query : figures.queries()) {
            table.row(
                    query.what() + of,
                    times(query.times()),
                    String.format(
                            Locale.ROOT,
                            "%d times, %.1f %s an answer%s",
                            query.times().count(),
                            query.results(),
                            query.unit(),
                            query.aimed() ? "; aim: p99 under 50 ms" : ""));
        }
        table.row(
                "all hosts judged, and their postures kept",
                seconds(figures.round()),
                "%,d hosts; the first round, partly beside these questions"
                        .formatted(figures.hosts()));
        table.row(
                "memory of inventory after these",
                mebibytes(figures.residentBytes()),
                "%s of database".formatted(mebibytes(figures.databaseBytes())));
        return this;
    }

    /** The table alone. */
    public String table() {
        return table.toString();
    }

    /** The whole page. */
    public String page(Setting setting) {
        return """
        # Figures

        Written by `%s`; every ratio is of one run on one machine. [How to measure](../how-to/measure.md) says
        what each figure is and how to take it again.

        - Commit: %s
        - Machine: %s; everything, the load generator too, runs on it
        - Java: %s
        - Flags of the services, the same as in production: `%s`

        """
                        .formatted(
                                setting.command(),
                                setting.commit(),
                                setting.machine(),
                                setting.java(),
                                setting.flags())
                + table
                + explanation;
    }

    private static String rate(Throughput throughput) {
        return String.format(Locale.ROOT, "%,.0f events/s", throughput.eventsPerSecond());
    }

    private static String quantiles(Quantiles times) {
        return times(times) + " (%d alerts)".formatted(times.count());
    }

    private static String times(Quantiles times) {
        return "p50 %s, p99 %s, max %s"
                .formatted(millis(times.p50()), millis(times.p99()), millis(times.max()));
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
    }

    private static String millis(Duration time) {
        return String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
    }

    private static String micros(Duration time) {
        return String.format(Locale.ROOT, "%.0f µs", time.toNanos() / 1e3);
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%,.0f MiB", bytes / MIB);
    }
}
