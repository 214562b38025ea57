package dev.yagura.bench.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** One platform that is broken on purpose, and a calm one that gets the same events. */
final class Comparison {
    private Comparison() {}

    /** What is done to the first platform while agents send. */
    @FunctionalInterface
    interface Strikes {
        void against(Campaign campaign) throws Exception;
    }

    /**
     * Fails unless both find the same.
     *
     * @param folder empty; logs and data of both are kept there when it fails
     * @param how how to repeat it, for the message
     */
    static void run(Path folder, String how, Strikes strikes) throws Exception {
        System.out.println(how + ", platforms, kept when this fails: " + folder);
        Workload workload = Workload.before(Instant.now());
        List<Long> batches;
        AlertSet broken;
        try (Campaign campaign = Campaign.start(folder.resolve("broken"), workload)) {
            campaign.produce();
            campaign.awaitRecovery("the start");
            strikes.against(campaign);
            campaign.awaitRecovery("the last strike");
            batches = campaign.stopProducing();
            broken = campaign.findings(batches);
        }
        try (Campaign calm = Campaign.start(folder.resolve("calm"), workload)) {
            calm.produce(batches);
            assertThat(broken.differencesFrom(calm.findings(batches))).as(how).isEmpty();
        }
    }
}
