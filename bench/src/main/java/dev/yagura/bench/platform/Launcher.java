package dev.yagura.bench.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** `./yagura` for one platform: its own state folder and ports, nothing built again. */
record Launcher(Repository repository, PlatformOptions options, PortRange ports) {
    private static final Duration UP_LIMIT = Duration.ofMinutes(4);
    private static final Duration DOWN_LIMIT = Duration.ofMinutes(3);

    void up() throws IOException {
        run(UP_LIMIT, "up", "--detach", "--rules", options.rules().toString());
    }

    void down() throws IOException {
        run(DOWN_LIMIT, "down");
    }

    private void run(Duration limit, String... arguments) throws IOException {
        Files.createDirectories(options.home());
        Path output = options.home().resolve("launcher.log");
        Process process = start(output, arguments);
        try {
            if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                process.destroy();
                throw failure(arguments[0], "took longer than " + limit, output);
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the launcher", e);
        }
        if (process.exitValue() != 0) {
            throw failure(arguments[0], "ended with code " + process.exitValue(), output);
        }
    }

    private Process start(Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(repository.launcher().toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(repository.root().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        // What this program was started with, its log format for one, is not the platform's.
        environment.keySet().removeIf(name -> name.startsWith("YAGURA_"));
        environment.putAll(options.environment());
        environment.put("YAGURA_HOME", options.home().toString());
        environment.put("YAGURA_PORT_BASE", Integer.toString(ports.base()));
        environment.put("YAGURA_SKIP_BUILD", "1");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }

    private static IOException failure(String command, String problem, Path output)
            throws IOException {
        return new IOException(
                "./yagura %s %s: %s".formatted(command, problem, Files.readString(output).strip()));
    }
}
