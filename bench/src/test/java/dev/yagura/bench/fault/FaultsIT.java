package dev.yagura.bench.fault;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The promise of the README, on the whole: no acknowledged event lost, no alert twice. */
class FaultsIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    @Timeout(value = 25, unit = TimeUnit.MINUTES)
    void killsEachServiceInTurnUnderLoadAndFindsWhatACalmRunFinds() throws Exception {
        Comparison.run(
                folder,
                "each fault once",
                campaign -> {
                    for (Fault fault : Fault.each()) {
                        campaign.strike(fault);
                        campaign.awaitRecovery(fault.toString());
                    }
                });
    }
}
