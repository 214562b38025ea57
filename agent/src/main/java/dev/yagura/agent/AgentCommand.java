package dev.yagura.agent;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of the agent. */
@Command(
        name = "yagura-agent",
        mixinStandardHelpOptions = true,
        versionProvider = AgentVersion.class,
        description = "Sends what the sensors of a Linux host record to Yagura.",
        subcommands = {
            EnrollCommand.class,
            RunCommand.class,
            ReplayCommand.class,
            StatusCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  yagura-agent enroll --gateway edr.example.com:7443 --ca ca.pem --token-file token --state /var/lib/yagura",
            "  yagura-agent run --state /var/lib/yagura --source auditd:/var/log/audit/audit.log",
            "  yagura-agent replay --state /var/lib/yagura --time shift audit.log.gz",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not allowed (revoked or expired certificate, wrong token),",
            "            4 not found, 5 refused (another agent uses the same state, or the state is another host's), 6 gateway not reachable"
        })
public final class AgentCommand {

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command line with this program's errors and exit codes. */
    static CommandLine commandLine() {
        return new CommandLine(new AgentCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(new AgentErrors())
                .setUsageHelpAutoWidth(true);
    }
}
