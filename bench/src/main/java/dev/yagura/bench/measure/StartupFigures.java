package dev.yagura.bench.measure;

import java.time.Duration;
import java.util.List;

/**
 * `./yagura up` from a built tree until every service is ready.
 *
 * @param first in an empty folder: databases, certificates and tokens are made
 * @param again with what is there
 * @param memory when it was ready
 * @param commandLine of one of the services, for its flags
 */
public record StartupFigures(
        Duration first, Duration again, Memory memory, List<String> commandLine) {

    public StartupFigures {
        commandLine = List.copyOf(commandLine);
    }
}
