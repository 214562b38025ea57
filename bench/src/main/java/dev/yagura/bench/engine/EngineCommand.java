package dev.yagura.bench.engine;

import dev.yagura.bench.platform.Repository;
import dev.yagura.bench.report.Setting;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.engine.RuleSetCompiler;
import dev.yagura.sigma.pack.Rule;
import dev.yagura.sigma.pack.RuleLoader;
import dev.yagura.sigma.pack.RulePack;
import dev.yagura.sigma.pack.RulePackReader;
import dev.yagura.telemetry.recording.Recording;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** `./yagura bench engine`: the rule engine by itself. */
@Command(
        name = "engine",
        mixinStandardHelpOptions = true,
        description = "Measures the rule engine in memory, against a plain loop over the rules.",
        footer = {
            "",
            "Examples:",
            "  ./yagura bench engine             the project's own rules and recording",
            "  ./yagura bench engine --rules sigma/rules --compare recordings/"
        })
public final class EngineCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..*",
            paramLabel = "RECORDING",
            description = "Files, or folders of files (default: the recorded scenario).")
    private List<Path> recordings = List.of();

    @Option(
            names = "--rules",
            paramLabel = "FOLDER",
            description = "Rules to match (default: the project's own).")
    private @Nullable Path rules;

    @Option(names = "--compare", description = "Also Hyperscan and Event Ruler, as first stage.")
    private boolean compare;

    @Option(names = "--quick", description = "Short windows: shows that it works, not how fast.")
    private boolean quick;

    @Option(names = "--output", paramLabel = "FILE", description = "Page to write.")
    private @Nullable Path output;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Repository repository = Repository.locate();
        List<RuleSetCompiler.Input> inputs = rules();
        List<Path> files = files(repository);
        List<Event> events = new ArrayList<>();
        read(files, events::add);
        say("%d rules can fire, %d events; measuring ...".formatted(inputs.size(), events.size()));
        EngineFigures figures =
                new EngineMeasure(
                                inputs,
                                events,
                                (double) decodeNanos(files) / events.size(),
                                Duration.ofSeconds(quick ? 1 : 5),
                                rounds())
                        .run(compare);
        EnginePage page = new EnginePage(figures);
        say(page.table());
        if (output != null) {
            String command =
                    "./yagura bench engine --rules FOLDER"
                            + (compare ? " --compare" : "")
                            + " RECORDINGS";
            Files.writeString(output, page.page(Setting.of(repository, commandLine(), command)));
            say("written: " + output);
        }
        return 0;
    }

    private List<RuleSetCompiler.Input> rules() {
        try {
            RulePack pack = rules == null ? RulePackReader.own() : RulePackReader.folder(rules);
            return new RuleLoader()
                    .load(pack).stream()
                            .filter(rule -> rule.state() == Rule.State.ACTIVE)
                            .filter(rule -> rule.content() instanceof Rule.Content.Detection)
                            .map(rule -> rule.input(1))
                            .toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec().commandLine(), "--rules: " + e.getMessage(), e);
        }
    }

    private int rounds() {
        return quick ? 1 : 5;
    }

    private List<Path> files(Repository repository) throws IOException {
        List<Path> given =
                recordings.isEmpty()
                        ? List.of(repository.root().resolve("sandbox/scenario/audit.log"))
                        : recordings;
        List<Path> files = new ArrayList<>();
        for (Path path : given) {
            files.addAll(files(path));
        }
        return files;
    }

    /** Processor time to read and decode all files, the median of rounds; they were read before. */
    private long decodeNanos(List<Path> files) throws IOException {
        List<Long> rounds = new ArrayList<>();
        for (int round = 0; round < rounds(); round++) {
            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            read(files, event -> {});
            rounds.add(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before);
        }
        rounds.sort(Long::compare);
        return rounds.get(rounds.size() / 2);
    }

    private void read(List<Path> files, Consumer<Event> events) throws IOException {
        for (Path file : files) {
            Recording recording =
                    Recording.detect(file)
                            .orElseThrow(() ->
                                    new ParameterException(
                                            spec().commandLine(),
                                            "RECORDING: the format of " + file + " is unknown"));
            recording.read(Clock.systemUTC(), (line, reason) -> {}, events::accept);
        }
    }

    private static List<Path> files(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static List<String> commandLine() {
        return ProcessHandle.current().info().arguments().map(List::of).orElse(List.of());
    }

    private void say(String text) {
        spec().commandLine().getOut().println(text);
        spec().commandLine().getOut().flush();
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "set by picocli");
    }
}
