package dev.yagura.sandbox.document;

import java.util.List;
import java.util.Set;

/**
 * A step with aws:runShellScript, its inputs as they are written in the document.
 *
 * @param name what GetCommandInvocation calls the plugin
 * @param platforms where it runs
 * @param runCommand lines; one that is nothing but a reference to a StringList if that is all
 * @param workingDirectory empty for the agent's own
 * @param timeoutSeconds a number or a reference
 */
record Step(
        String name,
        Set<Platform> platforms,
        List<String> runCommand,
        String workingDirectory,
        String timeoutSeconds) {
    Step {
        platforms = Set.copyOf(platforms);
        runCommand = List.copyOf(runCommand);
    }
}
