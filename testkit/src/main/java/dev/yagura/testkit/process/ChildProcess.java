package dev.yagura.testkit.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server process that never outlives this one: a shell beside it reads from this process's end of
 * a pipe and signals the server when the pipe ends, which a SIGKILL of this process causes too.
 */
final class ChildProcess implements AutoCloseable {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final int LOG_TAIL_LINES = 15;

    /**
     * $1 is the signal, the rest the command; exec keeps the process id of this shell. The signal
     * is repeated: Redis refuses it while it writes its first append-only file, and forgets it.
     */
    private static final String GUARD =
            "signal=$1; shift; exec 3<&0; "
                    + "(cat <&3 >/dev/null 2>&1; "
                    + "while kill -\"$signal\" $$ 2>/dev/null; do sleep 0.5; done) & "
                    + "exec \"$@\" </dev/null 3<&-";

    private final String name;
    private final Process process;
    private final Path log;

    /** A condition that a server meets when it serves. */
    @FunctionalInterface
    interface Probe {
        /** False, or any exception, for not yet. */
        boolean ready() throws Exception;
    }

    private ChildProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a command.
     *
     * @param stopSignal what makes the server stop well, for example "INT"
     * @param log the server's output is appended to it
     */
    static ChildProcess start(String name, List<String> command, String stopSignal, Path log)
            throws IOException {
        List<String> guarded = new ArrayList<>(List.of("sh", "-c", GUARD, name, stopSignal));
        guarded.addAll(command);
        Process process =
                new ProcessBuilder(guarded)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        return new ChildProcess(name, process, log);
    }

    /**
     * Waits until the server serves.
     *
     * @throws IOException when it ends before, or not within the limit; with the end of its log
     */
    void awaitReady(Probe probe, Duration limit) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!isReady(probe)) {
            if (!process.isAlive()) {
                throw new IOException(
                        "%s ended with code %d:%n%s".formatted(name, process.exitValue(), tail()));
            }
            if (System.nanoTime() > deadline) {
                close();
                throw new IOException(
                        "%s does not serve after %s:%n%s".formatted(name, limit, tail()));
            }
            pause();
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Like a crash. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
        closePipe();
    }

    /** Signals the server by the end of the pipe and waits for its end. */
    @Override
    public void close() {
        closePipe();
        if (!awaitEnd()) {
            process.destroyForcibly();
            awaitEnd();
        }
    }

    private static boolean isReady(Probe probe) {
        try {
            return probe.ready();
        } catch (Exception e) {
            return false;
        }
    }

    private void closePipe() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // The other end is gone: nothing is left to be told.
        }
    }

    private boolean awaitEnd() {
        try {
            return process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for a server", e);
        }
    }

    private String tail() throws IOException {
        List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
        return String.join(
                System.lineSeparator(),
                lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
    }
}
