package dev.yagura.bench.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
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
        System.out.println("platforms, kept when this fails: " + folder);
        Workload workload = Workload.before(Instant.now());
        List<Long> batches;
        AlertSet broken;
        try (Campaign campaign = Campaign.start(folder.resolve("broken"), workload)) {
            campaign.produce();
            campaign.awaitRecovery("the start");
            for (Fault fault : Fault.each()) {
                campaign.strike(fault);
                campaign.awaitRecovery(fault.toString());
            }
            batches = campaign.stopProducing();
            broken = campaign.findings(batches);
        }
        try (Campaign calm = Campaign.start(folder.resolve("calm"), workload)) {
            calm.produce(batches);
            assertThat(broken.differencesFrom(calm.findings(batches))).isEmpty();
        }
    }
}
