package dev.yagura.agent.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs scripts on this host as the SSM agent does: from a file of their owner's alone, with an
 * environment of their own, as the leader of a process group, to a time limit.
 *
 * @param environment more variables
 * @param entrance what stands before the command line
 */
public record ScriptHost(Map<String, String> environment, List<String> entrance) {
    private static final int LONGEST_OUTPUT = 64 * 1024;
    private static final int LONGEST_ERRORS = 2 * 1024;
    private static final String PLACE = "run-";
    private static final Duration LONGEST_LIFE = Duration.ofHours(1);
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final String PATH = "/usr/sbin:/usr/bin:/sbin:/bin";
    private static final long KILL_SECONDS = 10;

    public ScriptHost {
        environment = Map.copyOf(environment);
        entrance = List.copyOf(entrance);
    }

    /** This machine as it is. */
    static ScriptHost here() {
        return new ScriptHost(Map.of(), List.of());
    }

    /** How a script ended. */
    record Ended(int exitCode, String output, String errors, boolean timedOut) {}

    /** Runs a script to its end, which may come by interruption: it goes on then. */
    Ended run(String script, String instanceId, Path folder, Duration timeout)
            throws IOException, InterruptedException {
        Path place = Files.createTempDirectory(folder, PLACE);
        Path file =
                Files.createFile(
                        place.resolve("script.sh"),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
        Files.writeString(file, script);
        Path output = place.resolve("output");
        Path errors = place.resolve("errors");
        Process process = start(file, instanceId, output, errors);
        boolean ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
            kill(process);
        }
        Ended end =
                new Ended(
                        ended ? process.exitValue() : -1,
                        read(output, LONGEST_OUTPUT),
                        read(errors, LONGEST_ERRORS),
                        !ended);
        delete(place);
        return end;
    }

    /** Deletes what an earlier process has left, but not what may still run. */
    static void clean(Path folder) throws IOException {
        Instant old = Instant.now().minus(LONGEST_LIFE);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path each : files.toList()) {
                if (each.getFileName().toString().startsWith(PLACE)
                        && Files.getLastModifiedTime(each).toInstant().isBefore(old)) {
                    delete(each);
                }
            }
        }
    }

    private Process start(Path file, String instanceId, Path output, Path errors)
            throws IOException {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            command.add(SETSID.toString());
        }
        command.addAll(entrance);
        command.addAll(List.of("/bin/sh", file.toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(Path.of("/").toFile())
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of("PATH", PATH, "HOME", "/root", "AWS_SSM_INSTANCE_ID", instanceId));
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** With everything that it started and that did not leave its group. */
    private static void kill(Process process) throws IOException, InterruptedException {
        Process kill =
                new ProcessBuilder("/bin/sh", "-c", "kill -KILL -" + process.pid())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (!kill.waitFor(KILL_SECONDS, TimeUnit.SECONDS)) {
            kill.destroyForcibly();
        }
        process.destroyForcibly();
    }

    private static String read(Path file, int most) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            return new String(stream.readNBytes(most), StandardCharsets.UTF_8);
        }
    }

    private static void delete(Path place) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
