package dev.yagura.cli.rule;

import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Pages;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.detection.v1.DeploymentState;
import dev.yagura.proto.detection.v1.GetRuleRequest;
import dev.yagura.proto.detection.v1.ListRulesRequest;
import dev.yagura.proto.detection.v1.ListRulesResponse;
import dev.yagura.proto.detection.v1.Rule;
import dev.yagura.proto.detection.v1.RuleDiagnostic;
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
        description = {
            "Rules in force, and changes of them; a change is in force within 5 s.",
            "scan and verify work offline, on files and folders."
        },
        subcommands = {
            RuleTextCommands.Create.class,
            RuleTextCommands.Update.class,
            RuleTextCommands.Delete.class,
            BacktestCommand.class,
            DeployCommand.class,
            ExceptCommand.class,
            ImportCommand.class,
            PacksCommand.class,
            StatsCommand.class,
            CanariesCommand.class,
            RulesScanCommand.class,
            RulesVerifyCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  yagura rules list --state invalid",
            "  yagura rules verify sigma/rules",
            "  yagura rules scan --rules sigma/rules evtx-export.json.gz",
            "  yagura rules backtest my-rule.yml",
            "  yagura rules create my-rule.yml",
            "  yagura rules deploy rules/custom/5b4a52ba-… alerting --reason 'quiet for a week'"
        })
public final class RulesCommand {
    static final List<Column<Rule>> COLUMNS =
            List.of(
                    new Column<>("STATE", rule -> Texts.constant(rule.getState(), "RULE_STATE_")),
                    new Column<>("DEPLOYMENT", RulesCommand::deployment),
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
            @Option(
                            names = "--deployment",
                            defaultValue = "unspecified",
                            description = "disabled, shadow, alerting.")
                    String deployment,
            @Option(names = "--pack", defaultValue = "", description = "Only this pack.")
                    String pack,
            @Option(names = "--limit", defaultValue = "5000", description = "At most so many.")
                    int limit) {
        ListRulesRequest filter =
                ListRulesRequest.newBuilder()
                        .setState(Texts.parse(RuleState.class, "RULE_STATE_", state))
                        .setDeploymentState(
                                Texts.parse(DeploymentState.class, "DEPLOYMENT_STATE_", deployment))
                        .setPack(pack)
                        .build();
        output.print(all(connection, filter, limit), COLUMNS);
    }

    /** Rules of all pages. */
    static List<Rule> all(Connection connection, ListRulesRequest filter, int limit) {
        return connection.call(channel -> {
            var stub = RuleServiceGrpc.newBlockingStub(channel);
            return Pages.collect(
                    limit,
                    (size, token) ->
                            stub.listRules(
                                    filter.toBuilder()
                                            .setPageSize(size)
                                            .setPageToken(token)
                                            .build()),
                    ListRulesResponse::getRulesList,
                    ListRulesResponse::getNextPageToken);
        });
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
            output.print(List.of(rule), StatsCommand.COLUMNS);
            output.line("");
            output.line(rule.getText());
        }
        output.flush();
    }

    static String deployment(Rule rule) {
        return Texts.constant(rule.getDeployment().getState(), "DEPLOYMENT_STATE_");
    }

    private static String diagnostics(Rule rule) {
        return rule.getDiagnosticsList().stream()
                .map(diagnostic -> placed(rule.getSourcePath(), diagnostic))
                .collect(Collectors.joining("; "));
    }

    /** "path:line:column: message", without what is not known. */
    static String placed(String path, RuleDiagnostic diagnostic) {
        String place =
                diagnostic.getLine() == 0
                        ? path
                        : (path.isEmpty() ? "" : path + ":")
                                + diagnostic.getLine()
                                + ":"
                                + diagnostic.getColumn();
        return place.isEmpty() ? diagnostic.getMessage() : place + ": " + diagnostic.getMessage();
    }
}
