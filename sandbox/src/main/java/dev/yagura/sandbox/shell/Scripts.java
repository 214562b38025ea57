package dev.yagura.sandbox.shell;

import dev.yagura.sandbox.document.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts scripts of hosts on this machine, and knows those that run. */
public final class Scripts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scripts.class);

    /** Gives a script a process group, which Java cannot; part of util-linux. */
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private final Path folder;
    private final List<RunningScript> running = new ArrayList<>();
    private boolean closed;

    private Scripts(Path folder) {
        this.folder = folder;
    }

    /**
     * Makes the folder that scripts and their output are kept in until {@link #close}.
     *
     * @throws IllegalArgumentException if this machine cannot run them
     */
    public static Scripts onThisMachine() throws IOException {
        if (!Files.isExecutable(SETSID)) {
            throw new IllegalArgumentException(
                    "--run-scripts needs Linux with " + SETSID + " (package util-linux)");
        }
        return new Scripts(Files.createTempDirectory("yagura-sandbox-scripts"));
    }

    /**
     * Starts a script as the SSM agent does: a file that its owner may execute, run by {@code sh
     * -c}, so that a first line with {@code #!} counts. Its standard input is empty.
     *
     * @throws IOException if it cannot be started
     */
    public synchronized RunningScript start(HostShell host, Script script) throws IOException {
        if (closed) {
            throw new IOException("the sandbox is closing");
        }
        running.removeIf(earlier -> !earlier.isRunning());
        Path place = Files.createTempDirectory(folder, host.instanceId());
        Path file =
                Files.createFile(
                        place.resolve("_script.sh"),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
        Files.writeString(file, script.text() + "\n");
        Path standardOutput = place.resolve("stdout");
        Path standardError = place.resolve("stderr");
        Path directory = host.workingDirectory(script.workingDirectory());
        ProcessBuilder builder =
                new ProcessBuilder(command(host, directory, file))
                        .directory(directory.toFile())
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(standardOutput.toFile())
                        .redirectError(standardError.toFile());
        builder.environment().clear();
        builder.environment().putAll(host.environment());
        RunningScript started = new RunningScript(builder.start(), standardOutput, standardError);
        started.limit(script.executionTimeout());
        running.add(started);
        return started;
    }

    private static List<String> command(HostShell host, Path directory, Path file) {
        List<String> command = new ArrayList<>(List.of(SETSID.toString()));
        command.addAll(host.entrance(directory));
        command.addAll(List.of("/bin/sh", "-c", file.toString()));
        return command;
    }

    /** Kills whatever still runs. */
    public synchronized void killAll() {
        running.forEach(RunningScript::kill);
        running.clear();
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        killAll();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("the folder of scripts could not be deleted");
        }
    }
}
