package dev.yagura.cli.rule;

import com.google.protobuf.util.Durations;
import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.connection.TextFiles;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Printable;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.detection.v1.Backtest;
import dev.yagura.proto.detection.v1.BacktestMatch;
import dev.yagura.proto.detection.v1.RuleServiceGrpc;
import dev.yagura.proto.detection.v1.RuleState;
import dev.yagura.proto.detection.v1.VerifyRuleRequest;
import dev.yagura.proto.detection.v1.VerifyRuleResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `yagura rules backtest`. */
@Command(
        name = "backtest",
        mixinStandardHelpOptions = true,
        description = "Checks a rule, and counts what it would match in the log that is kept.",
        footer = {
            "",
            "Examples:",
            "  yagura rules backtest my-rule.yml",
            "  yagura rules backtest rules/custom/5b4a52ba-… --for PT15S --mib 512",
            "",
            "Exit codes: 0 the rule can fire, 1 it cannot or does not load"
        })
final class BacktestCommand implements Callable<Integer> {
    private static final List<Column<BacktestMatch>> COLUMNS =
            List.of(
                    new Column<>("TIME", match -> Texts.time(match.getTime())),
                    new Column<>("HOST", BacktestMatch::getHostname),
                    new Column<>(
                            "MATCHED",
                            match ->
                                    match.getMatchedFieldsList().stream()
                                            .map(field -> field.getField() + "=" + field.getValue())
                                            .collect(Collectors.joining(", "))),
                    new Column<>("EVENT", BacktestMatch::getEventId),
                    new Column<>("EXCEPTION", BacktestMatch::getException));

    @Mixin private Connection connection = new Connection();
    @Mixin private Output output = new Output();

    @Parameters(
            paramLabel = "FILE|NAME",
            description = "One Sigma rule (- is standard input), or rules/{pack}/{id}.")
    private String subject = "";

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            defaultValue = "PT5S",
            description = "How long to look at the log, at most PT15S (default ${DEFAULT-VALUE}).")
    private Duration time = Duration.ZERO;

    @Option(
            names = "--mib",
            defaultValue = "64",
            description =
                    "How much of the log to look at, at most 1024 (default ${DEFAULT-VALUE}).")
    private int mib;

    @Override
    public Integer call() {
        VerifyRuleRequest.Builder request =
                VerifyRuleRequest.newBuilder()
                        .setMaxDuration(Durations.fromNanos(time.toNanos()))
                        .setMaxBytes((long) mib << 20);
        if (subject.startsWith("rules/")) {
            request.setName(subject);
        } else {
            request.setText(TextFiles.read(subject));
        }
        VerifyRuleResponse response =
                connection.call(channel ->
                        RuleServiceGrpc.newBlockingStub(channel).verifyRule(request.build()));
        if (output.isJson()) {
            output.json(response);
        } else {
            print(response);
        }
        output.flush();
        return response.getState() == RuleState.RULE_STATE_ACTIVE ? 0 : 1;
    }

    private void print(VerifyRuleResponse response) {
        output.line("state  " + Texts.constant(response.getState(), "RULE_STATE_"));
        response.getDiagnosticsList()
                .forEach(diagnostic ->
                        output.line(Printable.of("       " + RulesCommand.placed("", diagnostic))));
        if (response.hasBacktest()) {
            print(response.getBacktest());
        }
    }

    private void print(Backtest test) {
        output.line(
                "looked at  %d of %d batches, %d events, %d of its log source, %s to %s"
                        .formatted(
                                test.getBatches(),
                                test.getKeptBatches(),
                                test.getEvents(),
                                test.getLogsourceEvents(),
                                Texts.time(test.getFirstTime()),
                                Texts.time(test.getLastTime())));
        if (!test.getIncompleteReason().isEmpty()) {
            output.line("not all:  " + test.getIncompleteReason());
        }
        output.line(
                "matches  %d (%d more are excepted), alerts  %d, %s a day, cost  %d ns an event"
                        .formatted(
                                test.getMatches(),
                                test.getExceptedMatches(),
                                test.getAlerts(),
                                String.format(Locale.ROOT, "%.1f", test.getAlertsPerDay()),
                                test.getCostNs()));
        if (test.getSamplesCount() > 0) {
            output.line("");
            output.print(test.getSamplesList(), COLUMNS);
        }
    }
}
