package dev.yagura.bench.measure;

import dev.yagura.bench.platform.Platform;
import dev.yagura.bench.platform.PlatformOptions;
import dev.yagura.bench.platform.ProcessFacts;
import dev.yagura.bench.platform.Repository;
import dev.yagura.bench.platform.Service;
import java.io.IOException;
import java.time.Duration;

/** Starts a platform in an empty folder, stops it, and starts it again. */
public final class StartupMeasure {
    private final Repository repository;
    private final PlatformOptions options;

    public StartupMeasure(Repository repository, PlatformOptions options) {
        this.repository = repository;
        this.options = options;
    }

    /** Takes the figures; nothing runs afterwards. */
    public StartupFigures run() throws IOException {
        Duration first;
        try (Platform platform = Platform.start(repository, options)) {
            first = platform.startTime();
        }
        try (Platform platform = Platform.start(repository, options)) {
            return new StartupFigures(
                    first,
                    platform.startTime(),
                    Memory.of(platform),
                    ProcessFacts.commandLine(platform.pid(Service.INGEST)));
        }
    }
}
