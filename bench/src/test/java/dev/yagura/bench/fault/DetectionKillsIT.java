package dev.yagura.bench.fault;

import dev.yagura.bench.platform.Service;
import dev.yagura.bench.platform.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two hundred kills of detection at random moments of its life, from the start to the middle of its
 * work. {@code -Dyagura.kills.seed=…} repeats the choice, {@code -Dyagura.kills.count=…} changes
 * the number.
 */
@Tag("long-detection-kills")
class DetectionKillsIT {
    private static final int SETTLE_EVERY = 20;

    /** Once it is ready; every fourth is killed while it starts. */
    private static final int WORKING_MILLIS = 2_500;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    @Timeout(value = 3, unit = TimeUnit.HOURS)
    void killedAtAnyMomentItFindsWhatACalmRunFinds() throws Exception {
        long seed = Long.getLong("yagura.kills.seed", System.nanoTime());
        int count = Integer.getInteger("yagura.kills.count", 200);
        Comparison.run(
                folder,
                "yagura.kills.seed=" + seed,
                campaign -> kill(campaign, count, new SplittableRandom(seed)));
    }

    private static void kill(Campaign campaign, int count, SplittableRandom random)
            throws InterruptedException {
        int killed = 0;
        while (killed < count) {
            try {
                if (random.nextInt(4) > 0) {
                    campaign.awaitReady(Service.DETECTION);
                    Waiting.pass(Duration.ofMillis(random.nextInt(WORKING_MILLIS)));
                }
                campaign.strike(new Fault.ServiceKilled(Service.DETECTION));
                killed++;
            } catch (IOException e) {
                // It was down: choose again.
            }
            if (killed % SETTLE_EVERY == 0) {
                campaign.awaitRecovery(killed + " kills");
            }
            Waiting.pass(Duration.ofMillis(random.nextInt(WORKING_MILLIS)));
        }
    }
}
