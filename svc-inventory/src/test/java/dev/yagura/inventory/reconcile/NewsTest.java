package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.TestClock;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.inventory.reconcile.News.Outcome;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetFilter;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetState;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What single items decide, in PostgreSQL; AWS answers second looks as a test wants. */
class NewsTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final String ACCOUNT = "111122223333";
    private static final String VOLUME = "AWS::EC2::Volume";
    private static final String ID = "vol-a";
    private static final AssetSet VOLUMES = new AssetSet(Enrolling.scope(ACCOUNT), VOLUME);

    private final Looks live = new Looks();
    private final Looks recorded = new Looks();
    private final News news =
            new News(
                    type -> AssetSets.isLive(new AssetSet(VOLUMES.scope(), type)) ? live : recorded,
                    SERVICE.bean(ToldItems.class),
                    () -> AssetSets.of(List.of(VOLUMES.scope())),
                    TestClock.CLOCK);

    /** When the service found out; items are captured before and after. */
    private Instant now;

    /** Second looks only. */
    private static final class Looks implements AssetSource {
        private Look answer = new Look(List.of(), List.of(), List.of());
        private final List<String> asked = new ArrayList<>();

        @Override
        public Look look(AssetSet set, List<String> nativeIds) {
            asked.addAll(nativeIds);
            return answer;
        }

        @Override
        public Page page(AssetSet set, Optional<String> token) {
            return new Page(List.of(), Optional.empty());
        }

        @Override
        public int looksAtOnce() {
            return 1;
        }

        @Override
        public Coverage coverage(AssetSet set) {
            return new Coverage.Recorded();
        }

        @Override
        public Duration pause(Duration interval) {
            return interval;
        }
    }

    @BeforeEach
    void startWithoutAssets() {
        SERVICE.clear();
        TestClock.CLOCK.advance(Duration.ofHours(1));
        now = TestClock.CLOCK.instant();
    }

    @Test
    void itemFromBeforeAReadingFoundTheAssetGoneNeedsASecondLook() {
        assertThat(news.take(item("OK", -60))).isEqualTo(Outcome.CHANGED);
        Reading reading = SERVICE.bean(Readings.class).begin(VOLUMES).orElseThrow();
        SERVICE.bean(Readings.class)
                .confirm(reading, new AssetSource.Look(List.of(), List.of(), List.of(ID)), now);
        assertThat(state()).isEqualTo(AssetState.ASSET_STATE_TOMBSTONE);

        assertThatThrownBy(() -> news.take(item("OK", -30)))
                .isInstanceOf(IllegalStateException.class);
        recorded.answer = new AssetSource.Look(List.of(), List.of(), List.of(ID));
        assertThat(news.take(item("OK", -30))).isEqualTo(Outcome.NOTHING_NEW);
        assertThat(state()).isEqualTo(AssetState.ASSET_STATE_TOMBSTONE);
        recorded.answer = new AssetSource.Look(List.of(), List.of(ID), List.of());
        assertThat(news.take(item("OK", -30))).isEqualTo(Outcome.CHANGED);
        assertThat(state()).isEqualTo(AssetState.ASSET_STATE_ACTIVE);
        assertThat(recorded.asked).hasSize(3);
    }

    @Test
    void itemOfWhatNoReadingSinceHasFoundNeedsASecondLook() {
        Readings readings = SERVICE.bean(Readings.class);
        readings.complete(readings.begin(VOLUMES).orElseThrow(), Duration.ofHours(1));
        SERVICE.postgres().execute("UPDATE scope_reading SET complete_time = '%s'".formatted(now));
        recorded.answer = new AssetSource.Look(List.of(), List.of(), List.of(ID));
        assertThat(news.take(item("ResourceDiscovered", -30))).isEqualTo(Outcome.NOTHING_NEW);
        assertThat(recorded.asked).containsExactly(ID);
        recorded.answer = new AssetSource.Look(List.of(), List.of(ID), List.of());
        assertThat(news.take(item("ResourceDiscovered", -30))).isEqualTo(Outcome.CHANGED);
        assertThat(state()).isEqualTo(AssetState.ASSET_STATE_ACTIVE);
        assertThat(news.take(item("OK", -20))).isEqualTo(Outcome.CHANGED);
        assertThat(recorded.asked).hasSize(2);
    }

    @Test
    void onlyADeletionOfWhatIsRecordedIsLookedFor() {
        news.take(item("ResourceDiscovered", -60));
        assertThat(news.take(item("ResourceDeletedNotRecorded", -50)))
                .isEqualTo(Outcome.NOTHING_NEW);
        assertThat(news.take(item("ResourceNotRecorded", -50))).isEqualTo(Outcome.NOTHING_NEW);
        assertThat(news.take(item("ResourceDeleted", -70))).isEqualTo(Outcome.NOTHING_NEW);
        assertThat(recorded.asked).isEmpty();
        recorded.answer = new AssetSource.Look(List.of(), List.of(), List.of(ID));
        assertThat(news.take(item("ResourceDeleted", -50))).isEqualTo(Outcome.CHANGED);
        assertThat(news.take(item("ResourceDeleted", -50))).isEqualTo(Outcome.NOTHING_NEW);
        assertThat(news.take(item("OK", -55))).isEqualTo(Outcome.NOTHING_NEW);
        assertThat(recorded.asked).hasSize(1);
        assertThat(state()).isEqualTo(AssetState.ASSET_STATE_TOMBSTONE);

        // Made again under the same name, before the deletion was found out.
        recorded.answer = new AssetSource.Look(List.of(), List.of(ID), List.of());
        assertThat(news.take(item("ResourceDiscovered", -40))).isEqualTo(Outcome.CHANGED);
        assertThat(state()).isEqualTo(AssetState.ASSET_STATE_ACTIVE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AWS::EC2::Instance", AssetSets.SCALING_GROUP})
    void whatIsReadLiveIsLookedAtOnceForAllThatWasCapturedBefore(String type) {
        ObjectNode item = item("OK", -10).put("resourceType", type);
        item.put("resourceId", "i-a");
        assertThat(news.needsWhole(item)).isFalse();
        live.answer =
                new AssetSource.Look(
                        List.of(new Observation("i-a", "running", Asset.getDefaultInstance(), now)),
                        List.of(),
                        List.of());
        assertThat(news.take(item)).isEqualTo(Outcome.CHANGED);
        assertThat(news.take(item)).isEqualTo(Outcome.NOTHING_NEW);
        assertThat(live.asked).containsExactly("i-a");
        assertThat(recorded.asked).isEmpty();
    }

    @Test
    void globalTypeIsOfTheScopeThatReadsIt() {
        ObjectNode role = item("OK", -10).put("resourceType", "AWS::IAM::Role");
        assertThat(news.take(role.put("awsRegion", "us-east-1"))).isEqualTo(Outcome.NOT_READ);
        assertThat(news.needsWhole(role)).isFalse();
        assertThat(news.take(role.put("awsRegion", "global"))).isEqualTo(Outcome.CHANGED);
    }

    /** Another region's recorder may be ahead of the one that is read. */
    @Test
    void globalTypeIsNotGoneBecauseTheRegionThatIsReadDoesNotHaveItYet() {
        AssetSet roles = new AssetSet(VOLUMES.scope(), "AWS::IAM::Role");
        news.take(item("OK", -60).put("resourceType", "AWS::IAM::Role").put("awsRegion", "global"));
        Readings readings = SERVICE.bean(Readings.class);
        Reading reading = readings.begin(roles).orElseThrow();
        assertThat(readings.doubtful(reading)).isEmpty();
        TestClock.CLOCK.advance(Duration.ofHours(1));
        assertThat(readings.doubtful(reading)).containsExactly(ID);

        news.take(item("OK", -50));
        assertThat(readings.doubtful(readings.begin(VOLUMES).orElseThrow()))
                .as("told by the recorder that is read")
                .containsExactly(ID);
    }

    @Test
    void itemWaitsForTheReadingThatIsWriting() throws Exception {
        news.take(item("OK", -60));
        try (Connection reading = SERVICE.postgres().dataSource().getConnection();
                Statement statement = reading.createStatement()) {
            reading.setAutoCommit(false);
            statement.execute("SELECT generation FROM scope_reading FOR UPDATE");
            CompletableFuture<Outcome> told =
                    CompletableFuture.supplyAsync(() -> news.take(item("OK", -30)));
            awaitWaiter();
            statement.execute("UPDATE asset SET observed_time = observed_time + interval '1 day'");
            reading.commit();
            assertThat(told.join()).isEqualTo(Outcome.NOTHING_NEW);
        }
    }

    private static void awaitWaiter() {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (SERVICE.rowWriters(
                        "SELECT pid::text, pid::text FROM pg_stat_activity"
                                + " WHERE datname = current_database() AND wait_event_type = 'Lock'")
                .isEmpty()) {
            assertThat(System.nanoTime()).as("somebody waits").isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    private ObjectNode item(String status, int seconds) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("awsAccountId", ACCOUNT)
                .put("awsRegion", VOLUMES.scope().getRegion())
                .put("resourceType", VOLUME)
                .put("resourceId", ID)
                .put("configurationItemStatus", status)
                .put("configurationItemCaptureTime", now.plusSeconds(seconds).toString());
    }

    private static AssetState state() {
        AssetFilter gone =
                AssetFilter.newBuilder()
                        .setResourceType(VOLUME)
                        .setState(AssetState.ASSET_STATE_TOMBSTONE)
                        .build();
        return AssetServiceGrpc.newBlockingStub(SERVICE.admin(ACCOUNT))
                        .listAssets(ListAssetsRequest.newBuilder().setFilter(gone).build())
                        .getAssetsList()
                        .isEmpty()
                ? AssetState.ASSET_STATE_ACTIVE
                : AssetState.ASSET_STATE_TOMBSTONE;
    }
}
