package dev.yagura.bench.engine;

import dev.yagura.bench.report.MarkdownTable;
import dev.yagura.bench.report.Setting;
import java.util.Locale;

/** The engine's figures as text. */
final class EnginePage {
    private static final double MIB = 1 << 20;

    private final EngineFigures figures;

    EnginePage(EngineFigures figures) {
        this.figures = figures;
    }

    String table() {
        MarkdownTable table = new MarkdownTable("what", "figure", "compared with");
        table.row(
                "plain loop over the rules of an event's log sources",
                micros(figures.plainNanos()),
                rate(figures.plainNanos()));
        table.row(
                "compiled engine",
                micros(figures.compiledNanos()),
                "%s; %.0f times the plain loop, aim: 100 times, 5 µs"
                        .formatted(
                                rate(figures.compiledNanos()),
                                figures.plainNanos() / figures.compiledNanos()));
        if (figures.launches() > 0) {
            table.row(
                    "of these %,d process creations: plain loop".formatted(figures.launches()),
                    micros(figures.plainLaunchNanos()),
                    rate(figures.plainLaunchNanos()));
            table.row(
                    "process creations: compiled engine",
                    micros(figures.compiledLaunchNanos()),
                    "%s; %.0f times the plain loop"
                            .formatted(
                                    rate(figures.compiledLaunchNanos()),
                                    figures.plainLaunchNanos() / figures.compiledLaunchNanos()));
        }
        table.row(
                "with twice the rules",
                micros(figures.doubledNanos()),
                "%.2f times; aim: less than 1.3"
                        .formatted(figures.doubledNanos() / figures.compiledNanos()));
        table.row(
                "two threads",
                "%.2f times one".formatted(figures.twoThreads()),
                "aim: 1.6; events a second by the clock");
        table.row("reading and decoding an event", micros(figures.decodeNanos()), "apart");
        table.row(
                "compiling all rules",
                "%,.0f ms".formatted(figures.compileMillis()),
                "aim: less than 5 s");
        table.row(
                "memory of the compiled rules",
                String.format(Locale.ROOT, "%,.0f MiB", figures.ruleSetBytes() / MIB),
                "aim: less than 300 MB");
        figures.comparison().ifPresent(search -> compare(table, search));
        return table.toString();
    }

    private static void compare(MarkdownTable table, EngineFigures.SearchFigures search) {
        String what =
                "finding %,d patterns of %s: ".formatted(search.patterns(), search.logSource());
        table.row(
                what + "own automata",
                micros(search.ownNanos()),
                "built in %,.0f ms".formatted(search.ownCompileMillis()));
        table.row(
                what + "Hyperscan",
                micros(search.hyperscanNanos()),
                "%.1f times own; built in %,.0f ms"
                        .formatted(
                                search.hyperscanNanos() / search.ownNanos(),
                                search.hyperscanCompileMillis()));
        table.row(
                "finding %,d of them: Event Ruler".formatted(search.rulerPatterns()),
                micros(search.rulerNanos()),
                "%.0f times own with all".formatted(search.rulerNanos() / search.ownNanos()));
    }

    String page(Setting setting) {
        return """
        # Figures of the rule engine

        Written by `%s`. %,d rules that can fire, %,d recorded events (%,d matches) in memory, looped, so that caches are
        warm. Times are processor time for an event, medians of rounds that took turns; compare ratios, not times,
        between machines. [How to measure](../how-to/measure.md).

        - Commit: %s
        - Machine: %s
        - Java: %s

        """
                        .formatted(
                                setting.command(),
                                figures.rules(),
                                figures.events(),
                                figures.matches(),
                                setting.commit(),
                                setting.machine(),
                                setting.java())
                + table();
    }

    private static String micros(double nanos) {
        return String.format(Locale.ROOT, "%,.2f µs", nanos / 1e3);
    }

    private static String rate(double nanos) {
        return String.format(Locale.ROOT, "%,.0f events a second and core", 1e9 / nanos);
    }
}
