package dev.yagura.sandbox.shell;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A script that was started, the leader of a process group of its own. */
public final class RunningScript {
    private static final Logger LOG = LoggerFactory.getLogger(RunningScript.class);

    /** More than SSM shows of either stream, in bytes of UTF-8. */
    private static final int LONGEST_OUTPUT = 4 * 24_000;

    private static final long KILL_SECONDS = 10;

    private final Process process;
    private final Path standardOutput;
    private final Path standardError;
    private volatile boolean timedOut;

    RunningScript(Process process, Path standardOutput, Path standardError) {
        this.process = process;
        this.standardOutput = standardOutput;
        this.standardError = standardError;
    }

    /** Kills it after a while, in real time, whether somebody looks or not. */
    void limit(Duration longest) {
        Thread.ofVirtual().name("script-limit").start(() -> killAfter(longest));
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** Empty while it runs. */
    public Optional<ScriptResult> result() {
        if (process.isAlive()) {
            return Optional.empty();
        }
        return Optional.of(
                new ScriptResult(
                        process.exitValue(), read(standardOutput), read(standardError), timedOut));
    }

    /** Kills it with everything that it started and that did not leave its group. */
    public void kill() {
        if (!process.isAlive()) {
            return;
        }
        try {
            Process kill =
                    new ProcessBuilder("/bin/sh", "-c", "kill -KILL -" + process.pid())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (!kill.waitFor(KILL_SECONDS, TimeUnit.SECONDS)) {
                kill.destroyForcibly();
            }
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("a script's process group could not be killed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            // It may not have come to be the leader of a group yet.
            process.destroyForcibly();
        }
    }

    private void killAfter(Duration longest) {
        try {
            if (!process.waitFor(longest)) {
                timedOut = true;
                kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String read(Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            return new String(stream.readNBytes(LONGEST_OUTPUT), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
