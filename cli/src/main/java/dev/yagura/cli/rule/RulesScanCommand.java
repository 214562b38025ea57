package dev.yagura.cli.rule;

import dev.yagura.cli.connection.UsageException;
import dev.yagura.cli.output.Printable;
import dev.yagura.sigma.pack.Rule;
import dev.yagura.telemetry.recording.Recording;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** `yagura rules scan`. */
@Command(
        name = "scan",
        mixinStandardHelpOptions = true,
        description = {
            "Evaluates files offline, without any service, on all cores.",
            "Prints a line of JSON for each match, those of correlations last, and a summary on the",
            "error stream.",
            "Formats, told by content, packed by gzip or not: Windows event log and CloudTrail in JSON,",
            "auditd, AUOMS, Sysmon for Linux, syslog, journald, access logs, W3C logs, other JSON."
        },
        footer = {
            "",
            "Exit codes: 0 every file was read, 1 a file could not be read or not to its end,",
            "            2 wrong usage, no rules, or a file of no known format",
            "",
            "Examples:",
            "  yagura rules scan --rules sigma/rules security.json.gz",
            "  yagura rules scan --rules sigma/rules recordings/ > matches.jsonl"
        })
final class RulesScanCommand implements Callable<Integer> {
    private static final int SHOWN_BAD_LINES = 20;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--rules",
            paramLabel = "FOLDER",
            description =
                    "Folder of Sigma rules; again for more (default: the project's own pack).")
    private List<Path> folders = List.of();

    @Option(
            names = "--mappings",
            paramLabel = "FOLDER",
            description =
                    "Folder or file of mappings: log sources, fields and values of placeholders of your own.")
    private @Nullable Path mappings;

    @Option(
            names = "--json-source",
            paramLabel = "NAME",
            defaultValue = "json",
            description =
                    "Source of JSON objects that no reader knows, for mappings to name (default: ${DEFAULT-VALUE}).")
    private String jsonSource = "";

    @Option(
            names = "--threads",
            paramLabel = "COUNT",
            description = "Threads that decode and match (default: one for each core).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "Files, or folders of which every file is read.")
    private List<Path> files = List.of();

    @Override
    public Integer call() {
        if (threads < 1 || threads > 1024) {
            throw new UsageException("--threads: expected 1 to 1024, got " + threads);
        }
        List<Path> wanted = new ArrayList<>();
        for (Path file : files) {
            wanted.addAll(below(file));
        }
        OfflineRules rules = OfflineRules.read(folders, Optional.ofNullable(mappings));
        error().printf(
                        "rules: %d active, %d cannot fire, %d invalid%n",
                        rules.count(Rule.State.ACTIVE),
                        rules.count(Rule.State.CANNOT_FIRE),
                        rules.count(Rule.State.INVALID));
        error().flush();
        PrintWriter out = spec.commandLine().getOut();
        try (Scan scan = new Scan(rules, threads, out, new BadLineReport(error())::say)) {
            long start = System.nanoTime();
            int exit = 0;
            for (Path file : wanted) {
                exit = Math.max(exit, scan(scan, file));
            }
            scan.finish();
            out.flush();
            summary(scan, System.nanoTime() - start);
            return exit;
        }
    }

    private int scan(Scan scan, Path file) {
        try {
            Optional<Recording> recording = Recording.detect(file, jsonSource);
            if (recording.isEmpty()) {
                error().println(
                                Printable.of(
                                        "yagura: "
                                                + file
                                                + " is of no known format; `yagura rules scan --help` lists them"));
                return 2;
            }
            scan.file(recording.get());
            return 0;
        } catch (IOException e) {
            error().println(
                            Printable.of(
                                    "yagura: "
                                            + file
                                            + " cannot be read to its end ("
                                            + e
                                            + "); what is before was evaluated"));
            return 1;
        }
    }

    private void summary(Scan scan, long nanos) {
        double seconds = Math.max(1, nanos) / 1e9;
        error().printf(
                        Locale.ROOT,
                        "%d events in %.2f s (%.0f events/s), %d matches, %d lines not understood%n",
                        scan.events(),
                        seconds,
                        scan.events() / seconds,
                        scan.matches(),
                        scan.badLines());
        error().flush();
    }

    /** Says the first of them; a damaged file has very many. */
    private static final class BadLineReport {
        private final PrintWriter error;
        private final AtomicInteger said = new AtomicInteger();

        BadLineReport(PrintWriter error) {
            this.error = error;
        }

        void say(String file, String reason) {
            if (said.getAndIncrement() < SHOWN_BAD_LINES) {
                error.println(Printable.of("yagura: " + file + ": not understood: " + reason));
            }
        }
    }

    private static List<Path> below(Path file) {
        if (!Files.exists(file)) {
            throw new UsageException("'" + file + "' does not exist");
        }
        if (!Files.isDirectory(file)) {
            return List.of(file);
        }
        try (Stream<Path> found = Files.walk(file)) {
            return found.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the folder " + file, e);
        }
    }

    private PrintWriter error() {
        return spec.commandLine().getErr();
    }
}
