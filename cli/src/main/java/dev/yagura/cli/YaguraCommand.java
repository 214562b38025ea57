package dev.yagura.cli;

import dev.yagura.cli.action.ActionsCommand;
import dev.yagura.cli.agent.AgentsCommand;
import dev.yagura.cli.alert.AlertsCommand;
import dev.yagura.cli.asset.AssetsCommand;
import dev.yagura.cli.attack.AttackCommand;
import dev.yagura.cli.connection.CallErrors;
import dev.yagura.cli.coverage.CoverageCommand;
import dev.yagura.cli.evidence.EvidenceCommand;
import dev.yagura.cli.incident.IncidentsCommand;
import dev.yagura.cli.indicator.IndicatorsCommand;
import dev.yagura.cli.ledger.LedgerCommand;
import dev.yagura.cli.plan.ResponsePlanCommand;
import dev.yagura.cli.playbook.PlaybooksCommand;
import dev.yagura.cli.posture.PostureCommand;
import dev.yagura.cli.rule.RulesCommand;
import dev.yagura.cli.token.TokensCommand;
import dev.yagura.cli.webhook.WebhooksCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of the command line. */
@Command(
        name = "yagura",
        mixinStandardHelpOptions = true,
        description = "Endpoint detection and response for AWS: client of the public API.",
        subcommands = {
            AlertsCommand.class,
            IncidentsCommand.class,
            ActionsCommand.class,
            PlaybooksCommand.class,
            ResponsePlanCommand.class,
            WebhooksCommand.class,
            EvidenceCommand.class,
            AssetsCommand.class,
            CoverageCommand.class,
            PostureCommand.class,
            AgentsCommand.class,
            RulesCommand.class,
            IndicatorsCommand.class,
            AttackCommand.class,
            TokensCommand.class,
            LedgerCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  yagura alerts list --min-severity high",
            "  yagura incidents show incidents/0198c0de-…",
            "  yagura actions plan isolate_instance i-0123456789abcdef0",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not signed in or not allowed,",
            "            4 not found, 5 refused by a precondition, 6 server not reachable"
        })
public final class YaguraCommand {

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command line with this program's errors and exit codes. */
    static CommandLine commandLine() {
        return new CommandLine(new YaguraCommand())
                .setExecutionExceptionHandler(new CallErrors())
                .setUsageHelpAutoWidth(true);
    }
}
