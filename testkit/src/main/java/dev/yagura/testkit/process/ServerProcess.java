package dev.yagura.testkit.process;

import org.jspecify.annotations.Nullable;

/** A server that is a child process while it runs. */
abstract class ServerProcess implements AutoCloseable {
    private @Nullable ChildProcess process;

    /** The one that is ready now. */
    final void keep(ChildProcess ready) {
        process = ready;
    }

    /** Stops it well, clients or not, and waits for the end. */
    public final void stop() {
        ChildProcess running = process;
        process = null;
        if (running != null) {
            running.close();
        }
    }

    /** SIGKILL, like a crash. */
    public final void kill() {
        ChildProcess running = process;
        process = null;
        if (running != null) {
            running.kill();
        }
    }

    @Override
    public final void close() {
        stop();
    }

    public final boolean isAlive() {
        return process != null && process.isAlive();
    }
}
