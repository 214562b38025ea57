package dev.yagura.cli.indicator;

import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.connection.UsageException;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.detection.v1.ImportFormat;
import dev.yagura.proto.detection.v1.ImportHeader;
import dev.yagura.proto.detection.v1.ImportIndicatorsResponse;
import dev.yagura.proto.detection.v1.ImportProblem;
import dev.yagura.proto.detection.v1.Severity;
import io.grpc.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `yagura indicators import`. */
@Command(
        name = "import",
        description = "Replaces a list by a file, or makes it.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  yagura indicators import feed.csv --list abuse-feed --title 'Abuse feed'",
            "  yagura indicators import bundle.json --list partner --dry-run"
        })
final class ImportCommand implements Runnable {
    private static final List<Column<ImportProblem>> PROBLEM_COLUMNS =
            List.of(
                    new Column<>("LINE", problem -> Long.toString(problem.getLine())),
                    new Column<>("WHERE", ImportProblem::getSubject),
                    new Column<>("PROBLEM", ImportProblem::getMessage));

    @Mixin private Connection connection = new Connection();
    @Mixin private Output output = new Output();

    @Parameters(paramLabel = "FILE", description = "CSV or STIX 2.1 bundle.")
    private Path file = Path.of("");

    @Option(
            names = "--list",
            paramLabel = "LIST",
            required = true,
            description = "Id of the list: a-z, 0-9 and -.")
    private String list = "";

    @Option(names = "--title", defaultValue = "", description = "For people.")
    private String title = "";

    @Option(
            names = "--format",
            defaultValue = "",
            description = "csv or stix; by default stix for *.json, else csv.")
    private String format = "";

    @Option(
            names = "--severity",
            defaultValue = "medium",
            description = "Of indicators that state none.")
    private String severity = "";

    @Option(
            names = "--confidence",
            defaultValue = "50",
            description = "Of indicators that state none, 1 to 100.")
    private int confidence;

    @Option(
            names = "--request-id",
            paramLabel = "UUID",
            defaultValue = "",
            description = "The same one for a retry; by default a new one.")
    private String requestId = "";

    @Option(names = "--dry-run", description = "Counts and reports, and changes nothing.")
    private boolean dryRun;

    @Override
    public void run() {
        ImportIndicatorsResponse answer = connection.call(channel -> send(channel, header()));
        if (output.isJson()) {
            output.json(answer);
        } else {
            print(answer);
        }
        output.flush();
    }

    private ImportHeader header() {
        return ImportHeader.newBuilder()
                .setRequestId(requestId.isEmpty() ? UUID.randomUUID().toString() : requestId)
                .setList(list)
                .setTitle(title)
                .setFormat(format())
                .setDefaultSeverity(Texts.parse(Severity.class, "SEVERITY_", severity))
                .setDefaultConfidence(confidence)
                .setValidateOnly(dryRun)
                .build();
    }

    private ImportFormat format() {
        if (format.isEmpty()) {
            return file.toString().toLowerCase(Locale.ROOT).endsWith(".json")
                    ? ImportFormat.IMPORT_FORMAT_STIX
                    : ImportFormat.IMPORT_FORMAT_CSV;
        }
        return Texts.parse(ImportFormat.class, "IMPORT_FORMAT_", format);
    }

    private ImportIndicatorsResponse send(Channel channel, ImportHeader header) {
        try (InputStream in = Files.newInputStream(file)) {
            return GrpcIndicatorUpload.send(channel, header, in);
        } catch (NoSuchFileException e) {
            throw new UsageException("FILE: " + file + " does not exist");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send " + file, e);
        }
    }

    private void print(ImportIndicatorsResponse answer) {
        output.line(
                "%s version %d%s: %d added, %d changed, %d removed, %d unchanged, %d came twice, %d left out"
                        .formatted(
                                answer.getList().getName(),
                                answer.getList().getVersion(),
                                dryRun ? " (dry run)" : "",
                                answer.getAdded(),
                                answer.getChanged(),
                                answer.getRemoved(),
                                answer.getUnchanged(),
                                answer.getDuplicates(),
                                answer.getRejected()));
        if (answer.getProblemsCount() > 0) {
            output.print(answer.getProblemsList(), PROBLEM_COLUMNS);
        }
    }
}
