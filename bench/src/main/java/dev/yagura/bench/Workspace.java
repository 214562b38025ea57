package dev.yagura.bench;

import dev.yagura.bench.load.MarkerRule;
import dev.yagura.bench.platform.Platform;
import dev.yagura.bench.platform.PlatformOptions;
import dev.yagura.bench.platform.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where the platforms of one run of the bench live.
 *
 * @param repository what is measured
 * @param folder empty at first, on the disk that a platform uses otherwise
 */
record Workspace(Repository repository, Path folder) {
    /** The log may grow while nobody reads it: the path to it is what is measured. */
    private static final Map<String, String> ENVIRONMENT = Map.of("YAGURA_REDIS_MAX_MEMORY", "6gb");

    /** What is measured on a running platform. */
    @FunctionalInterface
    interface Measurement<T> {
        T on(Platform platform) throws IOException, GeneralSecurityException, InterruptedException;
    }

    /** Of the AWS stand-in. */
    Path builtInSeed() {
        return repository.root().resolve("sandbox/src/main/resources/dev/yagura/sandbox/seed.yaml");
    }

    /** Options of a new platform with the marker rule. */
    PlatformOptions options(String name) throws IOException {
        return options(name, Map.of());
    }

    private PlatformOptions options(String name, Map<String, String> more) throws IOException {
        Path rules = folder.resolve("rules");
        MarkerRule.writeTo(rules);
        Map<String, String> environment = new HashMap<>(ENVIRONMENT);
        environment.putAll(more);
        return new PlatformOptions(folder.resolve(name), rules, environment);
    }

    /** Starts a platform, measures on it, and stops it. */
    <T> T on(String name, Measurement<T> measurement)
            throws IOException, GeneralSecurityException, InterruptedException {
        return on(name, Map.of(), measurement);
    }

    /** The same with more variables for its processes. */
    <T> T on(String name, Map<String, String> environment, Measurement<T> measurement)
            throws IOException, GeneralSecurityException, InterruptedException {
        try (Platform platform = Platform.start(repository, options(name, environment))) {
            return measurement.on(platform);
        }
    }

    /** Deletes what is left. */
    void delete() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }
}
