package dev.yagura.cli.evidence;

import com.google.protobuf.ByteString;
import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.connection.UsageException;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Printable;
import dev.yagura.common.evidence.EvidenceChain;
import dev.yagura.common.evidence.EvidenceChain.KnownHead;
import dev.yagura.common.evidence.EvidenceChain.Verdict;
import dev.yagura.common.evidence.EvidenceLink;
import dev.yagura.common.evidence.EvidenceLink.Head;
import dev.yagura.proto.response.v1.EvidenceHead;
import dev.yagura.proto.response.v1.EvidenceRecord;
import dev.yagura.proto.response.v1.EvidenceServiceGrpc;
import dev.yagura.proto.response.v1.ExportEvidenceRequest;
import dev.yagura.proto.response.v1.ExportEvidenceResponse;
import dev.yagura.proto.response.v1.GetEvidenceHeadRequest;
import io.grpc.Channel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** `yagura evidence`. */
@Command(
        name = "evidence",
        mixinStandardHelpOptions = true,
        description = {
            "Proof of what was done about actions, and what runs of playbooks decided: export,"
                    + " verify, head."
        },
        footer = {
            "",
            "Examples:",
            "  yagura evidence verify",
            "  yagura evidence export > evidence.jsonl",
            "  yagura evidence verify evidence.jsonl --expect-head 1204:9f86d081884c7d65…"
        })
public final class EvidenceCommand {
    private static final Pattern HEAD = Pattern.compile("([0-9]{1,18}):([0-9a-fA-F]{64})");

    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "export",
            description = {
                "The chain as JSON lines, for verify and for programs.",
                "Exit code 1 when it does not verify."
            },
            mixinStandardHelpOptions = true)
    int export(
            @Mixin Connection connection,
            @Option(
                            names = "--action",
                            paramLabel = "NAME",
                            defaultValue = "",
                            description =
                                    "actions/{id}: of other actions only the hashes, so that the"
                                            + " chain can still be followed.")
                    String action,
            @Option(
                            names = "--run",
                            paramLabel = "NAME",
                            defaultValue = "",
                            description =
                                    "playbookRuns/{id}: likewise; its records name its actions.")
                    String run) {
        PrintWriter out = spec.commandLine().getOut();
        ExportEvidenceRequest request =
                ExportEvidenceRequest.newBuilder().setAction(action).setPlaybookRun(run).build();
        Verdict verdict =
                connection.call(channel -> follow(channel, request, List.of(), out::println));
        out.flush();
        return report(verdict, spec.commandLine().getErr());
    }

    @Command(
            name = "verify",
            description = {
                "Recomputes every hash, of the service's chain or of an exported file, and names"
                        + " the first record that was altered, is missing or is in the wrong"
                        + " place.",
                "Exit code 1 when there is one."
            },
            mixinStandardHelpOptions = true)
    int verify(
            @Mixin Connection connection,
            @Parameters(
                            paramLabel = "FILE",
                            arity = "0..1",
                            description = "Of export; without one the service is asked.")
                    @Nullable Path file,
            @Option(
                            names = "--expect-head",
                            paramLabel = "NUMBER:HASH",
                            description =
                                    "A head written down earlier, which the chain must still"
                                            + " have. May be given several times.")
                    @Nullable List<String> expected) {
        List<KnownHead> known = new ArrayList<>();
        (expected == null ? List.<String>of() : expected).forEach(head -> known.add(noted(head)));
        Verdict verdict =
                file == null
                        ? connection.call(channel ->
                                follow(
                                        channel,
                                        ExportEvidenceRequest.getDefaultInstance(),
                                        known,
                                        line -> {}))
                        : follow(file, known);
        return report(verdict, spec.commandLine().getOut());
    }

    @Command(
            name = "head",
            description = "Number and hash of the last record; keep it outside of the platform.",
            mixinStandardHelpOptions = true)
    void head(@Mixin Connection connection, @Mixin Output output) {
        EvidenceHead head =
                connection.call(channel -> head(EvidenceServiceGrpc.newBlockingStub(channel)));
        if (output.isJson()) {
            output.json(head);
        } else {
            output.line(head(head).toString());
        }
        output.flush();
    }

    /** Where lines of an export go. */
    private interface Lines {
        void add(String line);
    }

    /** The head first: the export that is asked for after it must reach it. */
    private static Verdict follow(
            Channel channel, ExportEvidenceRequest request, List<KnownHead> expected, Lines lines) {
        var stub = EvidenceServiceGrpc.newBlockingStub(channel);
        List<KnownHead> known = new ArrayList<>(expected);
        known.add(new KnownHead(head(head(stub)), "the service's head"));
        EvidenceChain chain = new EvidenceChain(known);
        Iterator<ExportEvidenceResponse> records = stub.exportEvidence(request);
        boolean isWhole = request.getAction().isEmpty() && request.getPlaybookRun().isEmpty();
        while (records.hasNext()) {
            EvidenceRecord record = records.next().getRecord();
            try {
                EvidenceLink link = EvidenceLine.link(record);
                if (link.withheld() && isWhole) {
                    throw new EvidenceFormatException("comes without its content");
                }
                chain.add(link);
                lines.add(EvidenceLine.write(record));
            } catch (EvidenceFormatException e) {
                chain.fail(
                        record.getAction() + record.getPlaybookRun(),
                        String.valueOf(e.getMessage()));
            }
        }
        return chain.end();
    }

    private static Verdict follow(Path file, List<KnownHead> known) {
        EvidenceChain chain = new EvidenceChain(known);
        // Bytes that are no text become a sign that no record has there, so they are found too.
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(
                                Files.newInputStream(file), StandardCharsets.UTF_8))) {
            String line = reader.readLine();
            while (line != null) {
                try {
                    chain.add(EvidenceLine.link(line));
                } catch (EvidenceFormatException e) {
                    chain.fail("", String.valueOf(e.getMessage()));
                }
                line = reader.readLine();
            }
        } catch (IOException e) {
            throw new UsageException("FILE: cannot read " + file + ": " + e.getMessage());
        }
        return chain.end();
    }

    /** What does not hold is always an error's text. */
    private int report(Verdict verdict, PrintWriter out) {
        if (verdict.problem().isPresent()) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(
                    "yagura: the evidence does not hold: "
                            + Printable.of(verdict.problem().get().toString()));
            err.flush();
            return CommandLine.ExitCode.SOFTWARE;
        }
        out.println(verdict.head().number() + " records verified" + withheld(verdict));
        out.println("head " + verdict.head());
        out.println(
                "Keep the head outside of the platform: with it, --expect-head shows later that"
                        + " nothing up to here was rewritten.");
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private static String withheld(Verdict verdict) {
        return verdict.withheld() == 0
                ? ""
                : "; the content of %d of them is withheld".formatted(verdict.withheld());
    }

    private static EvidenceHead head(EvidenceServiceGrpc.EvidenceServiceBlockingStub stub) {
        return stub.getEvidenceHead(GetEvidenceHeadRequest.getDefaultInstance());
    }

    private static Head head(EvidenceHead head) {
        return new Head(head.getNumber(), head.getHash());
    }

    private static KnownHead noted(String text) {
        Matcher head = HEAD.matcher(text);
        if (!head.matches()) {
            throw new UsageException(
                    "--expect-head: expected NUMBER:HASH as `yagura evidence head` prints it, got '"
                            + text
                            + "'");
        }
        return new KnownHead(
                new Head(
                        Long.parseLong(head.group(1)),
                        ByteString.copyFrom(HexFormat.of().parseHex(head.group(2)))),
                "the head given with --expect-head");
    }
}
