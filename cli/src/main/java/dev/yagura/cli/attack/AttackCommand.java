package dev.yagura.cli.attack;

import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.connection.UsageException;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.detection.v1.AttackCoverage;
import dev.yagura.proto.detection.v1.CoverageServiceGrpc;
import dev.yagura.proto.detection.v1.GetAttackCoverageRequest;
import dev.yagura.proto.detection.v1.TechniqueCoverage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** `yagura attack`. */
@Command(
        name = "attack",
        mixinStandardHelpOptions = true,
        description = {
            "What of MITRE ATT&CK is covered: by rules that alert, that are proven by passing cases",
            "or regression data, and whose telemetry arrives."
        },
        footer = {
            "",
            "Examples:",
            "  yagura attack coverage",
            "  yagura attack layer coverage.json",
            "  yagura attack layer --window P1D --name 'Web tier' -"
        })
public final class AttackCommand {
    private static final String STANDARD_OUTPUT = "-";

    static final List<Column<TechniqueCoverage>> COLUMNS =
            List.of(
                    new Column<>("TECHNIQUE", TechniqueCoverage::getTechnique),
                    new Column<>("RULES", technique -> Integer.toString(technique.getRulesCount())),
                    new Column<>(
                            "SEVERITY", technique -> Texts.of(technique.getRules(0).getSeverity())),
                    new Column<>(
                            "PROOF",
                            technique ->
                                    Texts.constant(
                                            technique.getRules(0).getProof(), "RULE_PROOF_")),
                    new Column<>(
                            "LAST TELEMETRY",
                            technique -> Texts.time(technique.getRules(0).getLastTelemetryTime())),
                    new Column<>("RULE", technique -> technique.getRules(0).getTitle()));

    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "coverage",
            mixinStandardHelpOptions = true,
            description =
                    "Covered techniques, each with its most severe rule, and what does not count.")
    void coverage(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(
                            names = "--window",
                            defaultValue = "P7D",
                            description =
                                    "Telemetry must have arrived within this (default"
                                            + " ${DEFAULT-VALUE}; PT1H to P90D).")
                    String window) {
        AttackCoverage coverage = coverage(connection, window);
        if (output.isJson()) {
            output.json(coverage);
            output.flush();
            return;
        }
        output.print(coverage.getTechniquesList(), COLUMNS);
        output.line("");
        uncounted(coverage).forEach(output::line);
        output.flush();
    }

    @Command(
            name = "layer",
            mixinStandardHelpOptions = true,
            description = "Writes a layer for the ATT&CK Navigator (layer format 4.5).")
    void layer(
            @Mixin Connection connection,
            @Option(
                            names = "--window",
                            defaultValue = "P7D",
                            description =
                                    "Telemetry must have arrived within this (default"
                                            + " ${DEFAULT-VALUE}; PT1H to P90D).")
                    String window,
            @Option(
                            names = "--name",
                            defaultValue = "Yagura coverage",
                            description = "Name of the layer (default ${DEFAULT-VALUE}).")
                    String name,
            @Option(
                            names = "--attack-version",
                            defaultValue = "",
                            description =
                                    "Version of ATT&CK to show it on, for example 18 (default: the"
                                            + " Navigator's).")
                    String attackVersion,
            @Parameters(
                            paramLabel = "FILE",
                            defaultValue = STANDARD_OUTPUT,
                            description = "Where to; - is the standard output (default).")
                    String file) {
        AttackCoverage coverage = coverage(connection, window);
        String layer =
                JsonText.of(
                        NavigatorLayer.of(
                                coverage,
                                name,
                                Optional.of(attackVersion).filter(version -> !version.isEmpty())));
        if (file.equals(STANDARD_OUTPUT)) {
            PrintWriter out = spec.root().commandLine().getOut();
            out.println(layer);
            out.flush();
        } else {
            write(Path.of(file), layer);
        }
        PrintWriter said = spec.root().commandLine().getErr();
        said.println(coverage.getTechniquesCount() + " techniques are covered");
        uncounted(coverage).forEach(said::println);
        said.flush();
    }

    private static void write(Path file, String layer) {
        try {
            Files.writeString(file, layer + "\n");
        } catch (IOException e) {
            throw new UsageException("cannot write " + file + ": " + e.getMessage());
        }
    }

    private static AttackCoverage coverage(Connection connection, String window) {
        Duration parsed = window(window);
        return connection.call(channel ->
                CoverageServiceGrpc.newBlockingStub(channel)
                        .getAttackCoverage(
                                GetAttackCoverageRequest.newBuilder()
                                        .setWindow(
                                                com.google.protobuf.Duration.newBuilder()
                                                        .setSeconds(parsed.toSeconds()))
                                        .build()));
    }

    private static Duration window(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new UsageException(
                    "--window: expected an ISO-8601 duration such as P7D, got '" + text + "'");
        }
    }

    private static List<String> uncounted(AttackCoverage coverage) {
        return coverage.getUncountedList().stream()
                .map(uncounted ->
                        "not counted: %d rules, %s (%s%s)"
                                .formatted(
                                        uncounted.getRuleCount(),
                                        NavigatorLayer.reason(uncounted.getReason()),
                                        uncounted.getNames(0),
                                        uncounted.getRuleCount() > 1 ? ", …" : ""))
                .toList();
    }
}
