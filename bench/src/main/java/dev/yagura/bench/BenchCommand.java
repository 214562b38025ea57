package dev.yagura.bench;

import dev.yagura.bench.engine.EngineCommand;
import dev.yagura.bench.measure.AssetQueryMeasure;
import dev.yagura.bench.measure.DrainMeasure;
import dev.yagura.bench.measure.FleetSeed;
import dev.yagura.bench.measure.IndicatorMeasure;
import dev.yagura.bench.measure.IngestMeasure;
import dev.yagura.bench.measure.IsolationFigures;
import dev.yagura.bench.measure.IsolationMeasure;
import dev.yagura.bench.measure.LatencyMeasure;
import dev.yagura.bench.measure.PlantedWorld;
import dev.yagura.bench.measure.ReconcileMeasure;
import dev.yagura.bench.measure.StartupFigures;
import dev.yagura.bench.measure.StartupMeasure;
import dev.yagura.bench.platform.Repository;
import dev.yagura.bench.report.BenchPage;
import dev.yagura.bench.report.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** `./yagura bench`: takes figures on platforms of its own and writes them down. */
@Command(
        name = "yagura bench",
        mixinStandardHelpOptions = true,
        subcommands = EngineCommand.class,
        description = "Measures Yagura on platforms of its own; they are deleted afterwards.",
        footer = {
            "",
            "Examples:",
            "  ./yagura bench                    every figure; writes docs/reference/bench.md",
            "  ./yagura bench latency            one figure, printed only",
            "  ./yagura bench engine             the rule engine by itself; --help says more",
            "  ./yagura bench drain              how fast a filled log becomes alerts",
            "  ./yagura bench isolation          how long an isolation takes, one and 200 at once",
            "  ./yagura bench inventory          AWS Config read, and a million assets asked about",
            "  ./yagura bench indicators         a million indicators in memory, printed only",
            "  ./yagura bench --quick            seconds instead of minutes, printed only"
        })
public final class BenchCommand implements Callable<Integer> {
    /** Events a second of all agents, at which the time from event to alert is measured. */
    private static final List<Integer> LOADS = List.of(5_000, 20_000);

    enum Figure {
        ALL,
        STARTUP,
        INGEST,
        LATENCY,
        DRAIN,
        ISOLATION,
        INVENTORY,
        /** Needs no platform, and is not on the page. */
        INDICATORS;

        boolean includes(Figure other) {
            return this == other || (this == ALL && other != INDICATORS);
        }
    }

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            defaultValue = "all",
            description =
                    "startup, ingest, latency, drain, isolation, inventory, all six (default), or"
                            + " indicators.")
    private Figure figure = Figure.ALL;

    @Option(names = "--quick", description = "Short windows: shows that it works, not how fast.")
    private boolean quick;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Page to write for all figures (default docs/reference/bench.md).")
    private @Nullable Path output;

    @Spec private @Nullable CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new BenchCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((error, command, parsed) -> {
                    command.getErr().println("yagura bench: " + causes(error));
                    return 1;
                });
    }

    private static String causes(Throwable error) {
        return Stream.iterate(error, Objects::nonNull, Throwable::getCause)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .distinct()
                .collect(Collectors.joining(": "));
    }

    @Override
    public Integer call() throws IOException, GeneralSecurityException, InterruptedException {
        if (output != null && figure != Figure.ALL) {
            throw new ParameterException(
                    spec().commandLine(),
                    "--output: a page has every figure of one run; leave out NAME");
        }
        if (figure == Figure.INDICATORS) {
            say("filling an index with indicators and looking events through ...");
            say(new IndicatorMeasure(indicators()).run().text());
            return 0;
        }
        Repository repository = Repository.locate();
        Path folder = repository.root().resolve(".yagura/bench");
        Files.createDirectories(folder);
        Workspace workspace = new Workspace(repository, Files.createTempDirectory(folder, "run-"));
        try {
            take(workspace);
        } finally {
            workspace.delete();
        }
        return 0;
    }

    private void take(Workspace workspace)
            throws IOException, GeneralSecurityException, InterruptedException {
        BenchPage page = new BenchPage();
        List<String> flags = List.of();
        if (figure.includes(Figure.STARTUP)) {
            say("starting in an empty folder, then again ...");
            StartupFigures startup =
                    new StartupMeasure(workspace.repository(), workspace.options("startup")).run();
            flags = startup.commandLine();
            page.startup(startup);
        }
        if (figure.includes(Figure.INGEST)) {
            say("appending: raw and through the gateway in turn ...");
            page.ingest(
                    workspace.on(
                            "ingest", platform -> new IngestMeasure(platform, ingest()).run()));
        }
        if (figure.includes(Figure.LATENCY)) {
            for (int load : LOADS) {
                say("from event to alert at %,d events/s ...".formatted(load));
                page.latency(
                        workspace.on(
                                "latency-" + load,
                                platform -> new LatencyMeasure(platform, latency(load)).run()));
            }
        }
        if (figure.includes(Figure.DRAIN)) {
            say("filling the log, then working it off ...");
            page.drain(
                    workspace.on("drain", platform -> new DrainMeasure(platform, drained()).run()));
        }
        if (figure.includes(Figure.ISOLATION)) {
            say("isolating instances of the AWS stand-in ...");
            page.isolation(isolation(workspace));
        }
        if (figure.includes(Figure.INVENTORY)) {
            inventory(workspace, page);
        }
        say(page.table());
        if (figure == Figure.ALL && (output != null || !quick)) {
            write(workspace.repository(), page, flags);
        }
    }

    private void write(Repository repository, BenchPage page, List<String> flags)
            throws IOException {
        Path file = output == null ? repository.root().resolve("docs/reference/bench.md") : output;
        String command = quick ? "./yagura bench --quick" : "./yagura bench";
        Files.writeString(file, page.page(Setting.of(repository, flags, command)));
        say("written: " + file);
    }

    private IsolationFigures isolation(Workspace workspace)
            throws IOException, GeneralSecurityException, InterruptedException {
        int alone = quick ? 4 : 200;
        int together = quick ? 4 : 200;
        Path seed = workspace.folder().resolve("fleet.yaml");
        List<String> fleet = FleetSeed.write(workspace.builtInSeed(), seed, alone + together);
        return workspace.on(
                "isolation",
                Map.of("YAGURA_SANDBOX_SEED", seed.toString()),
                platform ->
                        new IsolationMeasure(
                                        platform,
                                        fleet.subList(0, alone),
                                        fleet.subList(alone, fleet.size()))
                                .run());
    }

    private void inventory(Workspace workspace, BenchPage page)
            throws IOException, GeneralSecurityException, InterruptedException {
        say("reading AWS Config of the stand-in ...");
        page.reconciled(
                workspace.on(
                        "reconcile",
                        PlantedWorld.environment(
                                workspace.builtInSeed(),
                                workspace.folder().resolve("organization.yaml")),
                        platform -> new ReconcileMeasure(platform, reconciled()).run()));
        say("filling the inventory and asking it ...");
        page.queries(
                workspace.on(
                        "queries",
                        AssetQueryMeasure.environment(),
                        platform -> new AssetQueryMeasure(platform, asked()).run()));
    }

    private ReconcileMeasure.Options reconciled() {
        return quick
                ? new ReconcileMeasure.Options(9_000, 10)
                : new ReconcileMeasure.Options(100_000, 200);
    }

    private AssetQueryMeasure.Options asked() {
        return quick
                ? new AssetQueryMeasure.Options(5, 1_000, 10)
                : new AssetQueryMeasure.Options(100, 10_000, 500);
    }

    private IngestMeasure.Options ingest() {
        return quick
                ? new IngestMeasure.Options(Duration.ofSeconds(1), Duration.ofSeconds(2), 1)
                : new IngestMeasure.Options(Duration.ofSeconds(5), Duration.ofSeconds(10), 3);
    }

    private LatencyMeasure.Options latency(int load) {
        return quick
                ? new LatencyMeasure.Options(load, Duration.ofSeconds(2), Duration.ofSeconds(3))
                : new LatencyMeasure.Options(load, Duration.ofSeconds(20), Duration.ofSeconds(60));
    }

    private long drained() {
        return quick ? 200_000 : 3_000_000;
    }

    private IndicatorMeasure.Options indicators() {
        return quick
                ? new IndicatorMeasure.Options(100_000, Duration.ofMillis(200))
                : new IndicatorMeasure.Options(1_000_000, Duration.ofSeconds(2));
    }

    private void say(String text) {
        spec().commandLine().getOut().println(text);
        spec().commandLine().getOut().flush();
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "set by picocli");
    }
}
