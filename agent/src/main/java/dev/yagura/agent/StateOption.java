package dev.yagura.agent;

import dev.yagura.agent.enrollment.StateFolder;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where an agent that is enrolled keeps what it knows. */
final class StateOption {
    @Option(
            names = "--state",
            paramLabel = "DIR",
            required = true,
            description = "Folder of the enrolled agent.")
    private Path state = Path.of("");

    StateFolder folder() {
        return new StateFolder(state);
    }
}
