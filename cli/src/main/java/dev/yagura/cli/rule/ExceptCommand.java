package dev.yagura.cli.rule;

import com.google.protobuf.Timestamp;
import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.connection.TextFiles;
import dev.yagura.cli.connection.UsageException;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.detection.v1.CreateRuleExceptionRequest;
import dev.yagura.proto.detection.v1.DeleteRuleExceptionRequest;
import dev.yagura.proto.detection.v1.ListRuleExceptionsRequest;
import dev.yagura.proto.detection.v1.RuleException;
import dev.yagura.proto.detection.v1.RuleServiceGrpc;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `yagura rules except`. */
@Command(
        name = "except",
        mixinStandardHelpOptions = true,
        description = "Exceptions of a rule, matches that are no alerts: add, list, delete.",
        footer = {
            "",
            "Examples:",
            "  echo 'User: ansible' | yagura rules except add rules/sigma/5b4a52ba-… - \\",
            "      --reason 'configuration management' --expires P90D",
            "  yagura rules except list rules/sigma/5b4a52ba-…"
        })
final class ExceptCommand {
    private static final List<Column<RuleException>> COLUMNS =
            List.of(
                    new Column<>("EXPIRES", ExceptCommand::expires),
                    new Column<>("MATCHES", one -> Long.toUnsignedString(one.getMatchCount())),
                    new Column<>("LAST MATCH", one -> Texts.time(one.getLastMatchTime())),
                    new Column<>("BY", RuleException::getCreator),
                    new Column<>("REASON", RuleException::getReason),
                    new Column<>("TEXT", one -> one.getText().strip().replace("\n", " / ")),
                    new Column<>("NAME", RuleException::getName));

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Adds an exception: fields and values, or selections and a condition.")
    void add(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(index = "0", paramLabel = "NAME", description = "rules/{pack}/{id}")
                    String name,
            @Parameters(
                            index = "1",
                            paramLabel = "FILE",
                            description = "YAML; - is standard input.")
                    String file,
            @Option(names = "--reason", required = true, description = "Why.") String reason,
            @Option(
                            names = "--expires",
                            defaultValue = "",
                            description = "For how long (P90D, PT8H), or until when (RFC 3339).")
                    String expires) {
        RuleException.Builder exception =
                RuleException.newBuilder().setText(TextFiles.read(file)).setReason(reason);
        if (!expires.isEmpty()) {
            Instant end = end(expires, Instant.now());
            exception.setExpireTime(Timestamp.newBuilder().setSeconds(end.getEpochSecond()));
        }
        output.print(
                List.of(
                        connection.<RuleException>call(channel ->
                                RuleServiceGrpc.newBlockingStub(channel)
                                        .createRuleException(
                                                CreateRuleExceptionRequest.newBuilder()
                                                        .setParent(name)
                                                        .setException(exception)
                                                        .setRequestId(UUID.randomUUID().toString())
                                                        .build()))),
                COLUMNS);
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Exceptions of one rule, expired ones included.")
    void list(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "NAME", description = "rules/{pack}/{id}") String name) {
        output.print(
                connection.call(channel ->
                        RuleServiceGrpc.newBlockingStub(channel)
                                .listRuleExceptions(
                                        ListRuleExceptionsRequest.newBuilder()
                                                .setParent(name)
                                                .build())
                                .getExceptionsList()),
                COLUMNS);
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = "Deletes an exception.")
    void delete(
            @Mixin Connection connection,
            @Parameters(paramLabel = "NAME", description = "rules/{pack}/{id}/exceptions/{uuid}")
                    String name) {
        connection.call(channel ->
                RuleServiceGrpc.newBlockingStub(channel)
                        .deleteRuleException(
                                DeleteRuleExceptionRequest.newBuilder()
                                        .setName(name)
                                        .setRequestId(UUID.randomUUID().toString())
                                        .build()));
    }

    /** "P90D" and "PT8H" count from now. */
    static Instant end(String text, Instant now) {
        try {
            if (text.startsWith("PT")) {
                return now.plus(Duration.parse(text));
            }
            return text.startsWith("P")
                    ? now.atZone(ZoneOffset.UTC).plus(Period.parse(text)).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new UsageException(
                    "--expires: expected P90D, PT8H or 2026-12-31T00:00:00Z, got '" + text + "'");
        }
    }

    private static String expires(RuleException exception) {
        return (exception.getExpired() ? "expired " : "") + Texts.time(exception.getExpireTime());
    }
}
