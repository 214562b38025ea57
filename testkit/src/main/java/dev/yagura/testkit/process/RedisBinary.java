package dev.yagura.testkit.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.embedded.core.ExecutableProvider;

/** The program redis-server. */
public final class RedisBinary {
    private static final Pattern VERSION = Pattern.compile("v=(\\d+)\\.(\\d+)");
    private static final int OLDEST_MAJOR = 6;
    private static final int OLDEST_MINOR = 2;

    private RedisBinary() {}

    /** An installed redis-server or valkey-server of 6.2 or newer, else the embedded one. */
    public static Path find() throws IOException {
        Optional<Path> installed = installed();
        return installed.isPresent() ? installed.get() : embedded();
    }

    public static Optional<Path> installed() throws IOException {
        for (String name : List.of("redis-server", "valkey-server")) {
            Optional<Path> program = Commands.onPath(name);
            if (program.isPresent() && isNewEnough(program.get())) {
                return program;
            }
        }
        return Optional.empty();
    }

    /** From embedded-redis, unpacked once. */
    static Path embedded() throws IOException {
        Path folder =
                BinaryCache.folder(
                        "redis-embedded-1.4.4",
                        into -> {
                            Path file =
                                    ExecutableProvider.newJarResourceProvider(into.toFile())
                                            .get()
                                            .toPath();
                            Files.move(file, into.resolve("redis-server"));
                        });
        return folder.resolve("redis-server");
    }

    private static boolean isNewEnough(Path program) throws IOException {
        Matcher version = VERSION.matcher(Commands.run(List.of(program.toString(), "--version")));
        if (!version.find()) {
            return false;
        }
        int major = Integer.parseInt(version.group(1));
        return major > OLDEST_MAJOR
                || (major == OLDEST_MAJOR && Integer.parseInt(version.group(2)) >= OLDEST_MINOR);
    }
}
