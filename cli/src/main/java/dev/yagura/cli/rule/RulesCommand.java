package dev.yagura.cli.rule;

import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Pages;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.detection.v1.GetRuleRequest;
import dev.yagura.proto.detection.v1.ListRulesRequest;
import dev.yagura.proto.detection.v1.Rule;
import dev.yagura.proto.detection.v1.RuleServiceGrpc;
import dev.yagura.proto.detection.v1.RuleState;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `yagura rules`. */
@Command(
        name = "rules",
        mixinStandardHelpOptions = true,
        description = "Rules: list, show those in force; scan files and verify folders offline.",
        subcommands = {RulesScanCommand.class, RulesVerifyCommand.class},
        footer = {
            "",
            "Examples:",
            "  yagura rules list --state invalid",
            "  yagura rules verify sigma/rules",
            "  yagura rules scan --rules sigma/rules evtx-export.json.gz"
        })
public final class RulesCommand {
    private static final List<Column<Rule>> COLUMNS =
            List.of(
                    new Column<>("STATE", rule -> Texts.constant(rule.getState(), "RULE_STATE_")),
                    new Column<>("SEVERITY", rule -> Texts.of(rule.getSeverity())),
                    new Column<>("LOGSOURCE", Rule::getLogsource),
                    new Column<>("TITLE", Rule::getTitle),
                    new Column<>("TECHNIQUES", rule -> String.join(",", rule.getTechniquesList())),
                    new Column<>("NAME", Rule::getName),
                    new Column<>("DIAGNOSTICS", RulesCommand::diagnostics));

    @Command(name = "list", description = "Rules by pack and id.", mixinStandardHelpOptions = true)
    void list(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(
                            names = "--state",
                            defaultValue = "unspecified",
                            description = "active, cannot-fire, invalid.")
                    String state,
            @Option(names = "--pack", defaultValue = "", description = "Only this pack.")
                    String pack,
            @Option(names = "--limit", defaultValue = "5000", description = "At most so many.")
                    int limit) {
        RuleState wanted = Texts.parse(RuleState.class, "RULE_STATE_", state);
        List<Rule> rules =
                connection.call(channel -> {
                    var stub = RuleServiceGrpc.newBlockingStub(channel);
                    return Pages.collect(
                            limit,
                            (size, token) -> {
                                var page =
                                        stub.listRules(
                                                ListRulesRequest.newBuilder()
                                                        .setPageSize(size)
                                                        .setPageToken(token)
                                                        .setState(wanted)
                                                        .setPack(pack)
                                                        .build());
                                return new Pages.Page<>(
                                        page.getRulesList(), page.getNextPageToken());
                            });
                });
        output.print(rules, COLUMNS);
    }

    @Command(
            name = "show",
            description = "One rule with its text.",
            mixinStandardHelpOptions = true)
    void show(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "NAME", description = "rules/{pack}/{id}") String name) {
        Rule rule =
                connection.call(channel ->
                        RuleServiceGrpc.newBlockingStub(channel)
                                .getRule(GetRuleRequest.newBuilder().setName(name).build()));
        if (output.isJson()) {
            output.json(rule);
        } else {
            output.print(List.of(rule), COLUMNS);
            output.line("");
            output.line(rule.getText());
        }
        output.flush();
    }

    private static String diagnostics(Rule rule) {
        return rule.getDiagnosticsList().stream()
                .map(diagnostic ->
                        rule.getSourcePath()
                                + ":"
                                + diagnostic.getLine()
                                + ":"
                                + diagnostic.getColumn()
                                + ": "
                                + diagnostic.getMessage())
                .collect(Collectors.joining("; "));
    }
}
