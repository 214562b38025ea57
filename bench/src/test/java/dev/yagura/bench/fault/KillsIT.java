package dev.yagura.bench.fault;

import dev.yagura.bench.platform.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * More than a hundred faults at random moments, also while the platform still recovers from the one
 * before. {@code -Dyagura.kills.seed=…} repeats the choice, {@code -Dyagura.kills.count=…} changes
 * the number.
 */
@Tag("long-kills")
class KillsIT {
    private static final int SETTLE_EVERY = 5;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    @Timeout(value = 3, unit = TimeUnit.HOURS)
    void findsWhatACalmRunFindsAfterRandomFaults() throws Exception {
        long seed = Long.getLong("yagura.kills.seed", System.nanoTime());
        int count = Integer.getInteger("yagura.kills.count", 120);
        Comparison.run(
                folder,
                "yagura.kills.seed=" + seed,
                campaign -> strike(campaign, count, new SplittableRandom(seed)));
    }

    /** Strikes until so many faults hit something; what is down already cannot be hit. */
    private static void strike(Campaign campaign, int count, SplittableRandom random)
            throws InterruptedException {
        List<String> hit = new ArrayList<>();
        while (hit.size() < count) {
            Fault fault = Fault.any(random);
            try {
                campaign.strike(fault);
                hit.add(fault.toString());
            } catch (IOException e) {
                // Its target was down: choose again.
            }
            if (hit.size() % SETTLE_EVERY == 0) {
                campaign.awaitRecovery(hit.toString());
            }
            Waiting.pass(Duration.ofMillis(random.nextInt(4_000)));
        }
    }
}
