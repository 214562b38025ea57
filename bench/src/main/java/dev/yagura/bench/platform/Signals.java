package dev.yagura.bench.platform;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Signals to processes by id, through kill(1): Java itself can only end a process. */
public final class Signals {
    private Signals() {}

    /** SIGKILL: no handler runs, nothing is flushed. */
    public static void kill(List<Long> pids) throws IOException {
        send("KILL", pids);
    }

    /** SIGSTOP: sockets stay open and nothing answers. */
    public static void suspend(List<Long> pids) throws IOException {
        send("STOP", pids);
    }

    /** SIGCONT. */
    public static void resume(List<Long> pids) throws IOException {
        send("CONT", pids);
    }

    private static void send(String signal, List<Long> pids) throws IOException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        pids.forEach(pid -> command.add(Long.toString(pid)));
        Process kill =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new IOException("no such process for signal " + signal + ": " + pids);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while sending " + signal, e);
        }
    }
}
