package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.RecordedHistory;
import dev.yagura.proto.type.v1.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The sandbox's history of AWS Config. */
class ConfigHistoryTest {
    private static final Scope SCOPE = Enrolling.scope("111122223333");
    private static final AssetSet VOLUMES = new AssetSet(SCOPE, "AWS::EC2::Volume");
    private static final String VOLUME = "vol-%017x".formatted(1);

    @Test
    void itemsFromBeforeATimeComeNewestFirstAndWhatIsMissingHasAReason() throws Exception {
        try (SandboxCloud cloud = new SandboxCloud()) {
            ConfigHistory history = new ConfigHistory(cloud.clients());
            cloud.control().recorder().plant(VOLUMES.resourceType(), 1);
            cloud.control().advance(Duration.ofMinutes(1));
            cloud.control().recorder().deletePlanted(VOLUMES.resourceType(), VOLUME);
            Instant later = Instant.now().plus(Duration.ofHours(1));

            RecordedHistory.Items items = history.before(VOLUMES, VOLUME, later);
            assertThat(items.problem()).isEmpty();
            assertThat(items.items())
                    .extracting(RecordedHistory.Item::deleted)
                    .containsExactly(true, false);
            RecordedHistory.Item planted = items.items().getLast();
            assertThat(planted.seen().nativeId()).isEqualTo(VOLUME);
            assertThat(planted.seen().description().getTagsMap())
                    .containsEntry("Name", "planted-1");
            assertThat(planted.seen().configuration().orElseThrow()).contains(VOLUME);

            Instant deleted = items.items().getFirst().seen().time();
            assertThat(history.before(VOLUMES, VOLUME, deleted).items()).containsExactly(planted);
            assertThat(history.before(VOLUMES, VOLUME, planted.seen().time()).items()).isEmpty();

            assertThat(history.before(VOLUMES, "vol-none", later))
                    .isEqualTo(
                            new RecordedHistory.Items(
                                    List.of(), "AWS Config has nothing of it from before"));
            assertThat(
                            history.before(new AssetSet(SCOPE, AssetSets.SNAPSHOT), "snap-1", later)
                                    .problem())
                    .isEqualTo("AWS Config records nothing of AWS::EC2::Snapshot");
            cloud.control().throttle("config:GetResourceConfigHistory", 4);
            assertThat(history.before(VOLUMES, VOLUME, later).problem())
                    .startsWith("AWS Config does not answer: ThrottlingException: Rate exceeded");
            history.close();
        }
    }
}
