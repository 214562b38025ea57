package dev.yagura.cli.connection;

import java.time.Duration;

/** Waits between two looks at what goes on without this program. */
public final class Pause {
    private Pause() {}

    /**
     * Waits.
     *
     * @param goesOn what a person is told who does not wait any longer
     */
    public static void between(Duration looks, String goesOn) {
        try {
            Thread.sleep(looks);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UsageException("interrupted; " + goesOn);
        }
    }
}
