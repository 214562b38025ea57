package dev.yagura.cli.rule;

import com.google.protobuf.ByteString;
import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.connection.UsageException;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Printable;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.detection.v1.DeploymentState;
import dev.yagura.proto.detection.v1.ImportRulePackHeader;
import dev.yagura.proto.detection.v1.ImportRulePackRequest;
import dev.yagura.proto.detection.v1.ImportRulePackResponse;
import dev.yagura.proto.detection.v1.RuleServiceGrpc;
import dev.yagura.sigma.pack.RegressionData;
import dev.yagura.sigma.pack.RulePackReader;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `yagura rules import`. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = "Imports a zip archive or a folder of Sigma rules as one pack.",
        footer = {
            "",
            "Examples:",
            "  yagura rules import sigma_core.zip --pack sigma-core --dry-run",
            "  yagura rules import sigma_core.zip --pack sigma-core",
            "  yagura rules import my-rules/ --pack mine --state alerting"
        })
final class ImportCommand implements Runnable {
    private static final int CHUNK = 128 << 10;
    private static final int SHOWN = 50;
    private static final long DEADLINE_SECONDS = 120;

    @Mixin private Connection connection = new Connection();
    @Mixin private Output output = new Output();

    @Parameters(paramLabel = "ZIP|FOLDER", description = "Archive or folder of *.yml files.")
    private Path source = Path.of("");

    @Option(names = "--pack", required = true, description = "Name of the pack.")
    private String pack = "";

    @Option(
            names = "--state",
            defaultValue = "unspecified",
            description =
                    "disabled, shadow, alerting: of rules that nobody deployed otherwise (default:"
                            + " as the pack was, shadow for a new one).")
    private String state = "";

    @Option(names = "--dry-run", description = "Only the report; stores nothing.")
    private boolean dryRun;

    @Override
    public void run() {
        ImportRulePackHeader header =
                ImportRulePackHeader.newBuilder()
                        .setPack(pack)
                        .setDefaultState(
                                Texts.parse(DeploymentState.class, "DEPLOYMENT_STATE_", state))
                        .setRequestId(UUID.randomUUID().toString())
                        .setValidateOnly(dryRun)
                        .build();
        byte[] archive = archive();
        ImportRulePackResponse response =
                connection.call(channel -> send(channel, header, ByteString.copyFrom(archive)));
        if (output.isJson()) {
            output.json(response);
        } else {
            print(response);
        }
        output.flush();
    }

    private static ImportRulePackResponse send(
            Channel channel, ImportRulePackHeader header, ByteString archive) {
        CompletableFuture<ImportRulePackResponse> answer = new CompletableFuture<>();
        StreamObserver<ImportRulePackRequest> upload =
                RuleServiceGrpc.newStub(channel)
                        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                        .importRulePack(new Answer(answer));
        upload.onNext(ImportRulePackRequest.newBuilder().setHeader(header).build());
        for (int from = 0; from < archive.size(); from += CHUNK) {
            upload.onNext(
                    ImportRulePackRequest.newBuilder()
                            .setChunk(
                                    archive.substring(from, Math.min(archive.size(), from + CHUNK)))
                            .build());
        }
        upload.onCompleted();
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw Status.fromThrowable(e.getCause())
                    .asRuntimeException(Status.trailersFromThrowable(e.getCause()));
        }
    }

    /** The one answer of the call. */
    private record Answer(CompletableFuture<ImportRulePackResponse> future)
            implements StreamObserver<ImportRulePackResponse> {
        @Override
        public void onNext(ImportRulePackResponse response) {
            future.complete(response);
        }

        @Override
        public void onError(Throwable error) {
            future.completeExceptionally(error);
        }

        @Override
        public void onCompleted() {
            future.completeExceptionally(
                    Status.INTERNAL.withDescription("the server answered nothing").asException());
        }
    }

    private byte[] archive() {
        try {
            return Files.isDirectory(source) ? zipped(source) : Files.readAllBytes(source);
        } catch (IOException e) {
            throw new UsageException("cannot read " + source + ": " + e.getMessage());
        }
    }

    private static byte[] zipped(Path folder) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Stream<Path> files = Files.walk(folder);
                ZipOutputStream zip = new ZipOutputStream(bytes)) {
            List<Path> taken = files.filter(Files::isRegularFile).sorted().toList();
            for (Path rule : taken) {
                String name = folder.relativize(rule).toString().replace('\\', '/');
                if (!RulePackReader.isRule(name) && !RegressionData.isRead(name)) {
                    continue;
                }
                zip.putNextEntry(new ZipEntry(name));
                Files.copy(rule, zip);
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private void print(ImportRulePackResponse response) {
        output.print(List.of(response.getPack()), PacksCommand.COLUMNS);
        output.line("");
        output.line(response.getSkippedFiles() + " other files were not read");
        response.getRefusedEntriesList()
                .forEach(refused ->
                        output.line(
                                Printable.of(
                                        "refused  "
                                                + refused.getPath()
                                                + ": "
                                                + refused.getReason())));
        response.getRulesList().stream()
                .limit(SHOWN)
                .forEach(rule ->
                        rule.getDiagnosticsList()
                                .forEach(diagnostic ->
                                        output.line(
                                                Printable.of(
                                                        Texts.constant(
                                                                        rule.getState(),
                                                                        "RULE_STATE_")
                                                                + "  "
                                                                + RulesCommand.placed(
                                                                        rule.getSourcePath(),
                                                                        diagnostic)))));
        if (response.getRulesCount() > SHOWN) {
            output.line(
                    "... and " + (response.getRulesCount() - SHOWN) + " more; -o json prints all");
        }
    }
}
