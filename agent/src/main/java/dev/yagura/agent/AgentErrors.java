package dev.yagura.agent;

import dev.yagura.agent.failure.AgentFailure;
import dev.yagura.common.config.InvalidSettingException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** One line for people, an exit code for programs; a stack trace only for what nobody foresaw. */
final class AgentErrors implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(
            Exception error, CommandLine commandLine, ParseResult parsed) throws Exception {
        return switch (error) {
            case AgentFailure failure -> say(commandLine, failure, failure.kind().exitCode());
            case InvalidSettingException setting ->
                    say(commandLine, setting, AgentFailure.Kind.USAGE.exitCode());
            default -> throw error;
        };
    }

    private static int say(CommandLine commandLine, Exception error, int exitCode) {
        commandLine.getErr().println("yagura-agent: " + error.getMessage());
        commandLine.getErr().flush();
        return exitCode;
    }
}
