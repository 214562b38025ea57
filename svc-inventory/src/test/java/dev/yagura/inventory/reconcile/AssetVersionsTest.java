package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Timestamp;
import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.TestClock;
import dev.yagura.inventory.asset.AssetHistory;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetFilter;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetState;
import dev.yagura.proto.inventory.v1.AssetVersion;
import dev.yagura.proto.inventory.v1.GetAssetRequest;
import dev.yagura.proto.inventory.v1.ListAssetVersionsRequest;
import dev.yagura.proto.inventory.v1.ListAssetVersionsResponse;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.proto.inventory.v1.ListAssetsResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What readings leave of what assets were, in PostgreSQL, seen through the API. */
class AssetVersionsTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final String ACCOUNT = "111122223333";
    private static final AssetSet VOLUMES =
            new AssetSet(Enrolling.scope(ACCOUNT), "AWS::EC2::Volume");
    private static final String NAME = "assets/" + VOLUMES.id("vol-a");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Readings readings = SERVICE.bean(Readings.class);

    @BeforeEach
    void startWithoutAssets() {
        SERVICE.clear();
        SERVICE.postgres()
                .execute("UPDATE asset_history SET begin_time = now() - interval '1 day'");
        TestClock.CLOCK.advance(MINUTE);
    }

    @Test
    void assetIsWhatItWasThroughChangesTombstoneAndRisingAgain() {
        Instant unknown = TestClock.CLOCK.instant();
        Instant small = read(item("vol-a", "small", "{\"size\":8}"));
        Instant large = read(item("vol-a", "large", "{\"size\":16}"));
        Instant gone = bury("vol-a");
        Instant back = read(item("vol-a", "back", "{\"size\":16}"));
        // Nothing new.
        read(item("vol-a", "back", "{\"size\":16}"));

        assertThat(get(small).getResourceName()).isEqualTo("small");
        assertThat(get(small).getConfiguration()).isEqualTo("{\"size\":8}");
        assertThat(get(small).hasObservedTime()).isFalse();
        assertThat(get(large.minusNanos(1_000))).isEqualTo(get(small));
        assertThat(get(large).getResourceName()).isEqualTo("large");
        assertThat(get(large).getConfiguration()).isEqualTo("{\"size\":16}");
        assertThat(get(gone).getState()).isEqualTo(AssetState.ASSET_STATE_TOMBSTONE);
        assertThat(get(gone).getTombstoneTime()).isEqualTo(timestamp(gone));
        assertThat(get(gone).getConfiguration()).isEqualTo("{\"size\":16}");
        assertThat(get(back).getState()).isEqualTo(AssetState.ASSET_STATE_ACTIVE);
        assertThat(get(back)).isEqualTo(get(TestClock.CLOCK.instant()));

        StatusRuntimeException refusal = refusal(() -> get(unknown));
        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(refusal.getStatus().getDescription())
                .contains(NAME + " as of " + unknown + ", when the inventory did not know it");

        assertThat(listed(unknown, AssetState.ASSET_STATE_ACTIVE)).isEmpty();
        assertThat(listed(small, AssetState.ASSET_STATE_ACTIVE)).containsExactly("small");
        assertThat(listed(gone, AssetState.ASSET_STATE_ACTIVE)).isEmpty();
        assertThat(listed(gone, AssetState.ASSET_STATE_TOMBSTONE)).containsExactly("large");
        assertThat(listed(back, AssetState.ASSET_STATE_ACTIVE)).containsExactly("back");

        List<AssetVersion> versions = versions(10, () -> {});
        assertThat(versions)
                .extracting(AssetVersion::getStartTime)
                .containsExactly(
                        timestamp(back), timestamp(gone), timestamp(large), timestamp(small));
        assertThat(versions)
                .extracting(AssetVersion::getEndTime)
                .containsExactly(
                        Timestamp.getDefaultInstance(),
                        timestamp(back),
                        timestamp(gone),
                        timestamp(large));
        assertThat(versions.get(2).getAsset()).isEqualTo(get(large));
        assertThat(number("SELECT count(configuration) FROM asset_version"))
                .as("configurations are kept where they changed")
                .isEqualTo(1);
    }

    @Test
    void configurationAloneBeginsAVersion() {
        Instant small = read(item("vol-a", "a", "{\"size\":8}"));
        Instant large = read(item("vol-a", "a", "{\"size\":16}"));
        assertThat(get(small).getConfiguration()).isEqualTo("{\"size\":8}");
        assertThat(get(large).getConfiguration()).isEqualTo("{\"size\":16}");
        assertThat(versions(10, () -> {}))
                .extracting(AssetVersion::getStartTime)
                .containsExactly(timestamp(large), timestamp(small));
    }

    @Test
    void pagesOfVersionsStayStableWhileTheAssetChanges() {
        for (int i = 0; i < 5; i++) {
            read(item("vol-a", "name-" + i, "{}"));
        }
        List<String> names =
                versions(2, () -> read(item("vol-a", "later-" + TestClock.CLOCK.millis(), "{}")))
                        .stream()
                        .map(version -> version.getAsset().getResourceName())
                        .toList();
        assertThat(names).containsExactly("name-4", "name-3", "name-2", "name-1", "name-0");
    }

    @Test
    void pageOfLargeVersionsHasFewerOfThem() {
        for (int i = 0; i < 10; i++) {
            read(item("vol-a", "name-" + i, "あ".repeat(85_000) + i));
        }
        ListAssetVersionsRequest request =
                ListAssetVersionsRequest.newBuilder().setParent(NAME).setPageSize(50).build();
        assertThat(stub().listAssetVersions(request).getVersionsCount()).isEqualTo(8);
        assertThat(versions(50, () -> {})).hasSize(10);
    }

    @Test
    void pagesOfAPastListStayStableWhileAssetsAreWritten() {
        Observation[] items =
                IntStream.range(0, 7)
                        .mapToObj(i -> item("vol-" + i, "then", "{}"))
                        .toArray(Observation[]::new);
        Instant time = read(items);
        List<String> seen = new ArrayList<>();
        ListAssetsResponse page;
        ListAssetsRequest request =
                ListAssetsRequest.newBuilder().setPageSize(2).setReadTime(timestamp(time)).build();
        do {
            page = stub().listAssets(request);
            page.getAssetsList()
                    .forEach(asset -> seen.add(asset.getNativeId() + asset.getResourceName()));
            read(item("vol-new-" + seen.size(), "later", "{}"), item("vol-6", "later", "{}"));
            bury("vol-" + seen.size() % 7);
            request = request.toBuilder().setPageToken(page.getNextPageToken()).build();
        } while (!page.getNextPageToken().isEmpty());
        assertThat(seen)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 7).mapToObj(i -> "vol-" + i + "then").toList());
        ListAssetsRequest other =
                request.toBuilder()
                        .setPageToken(
                                stub().listAssets(request.toBuilder().clearPageToken().build())
                                        .getNextPageToken())
                        .clearReadTime()
                        .build();
        assertThat(refusal(() -> stub().listAssets(other)).getStatus().getDescription())
                .contains("page_token");
    }

    @Test
    void timesThatCannotBeToldAreRefused() {
        read(item("vol-a", "a", "{}"));
        for (Instant time :
                List.of(
                        TestClock.CLOCK.instant().plusSeconds(1),
                        TestClock.CLOCK.instant().minus(Duration.ofDays(2)),
                        Instant.EPOCH)) {
            for (ThrowingCallable call :
                    List.<ThrowingCallable>of(
                            () -> get(time), () -> listed(time, AssetState.ASSET_STATE_ACTIVE))) {
                StatusRuntimeException refusal = refusal(call);
                assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
                assertThat(refusal.getStatus().getDescription()).contains("read_time");
            }
        }
    }

    @Test
    void versionsThatEndedTooLongAgoAreDeletedAndTheOneOfThatTimeStays() {
        read(item("vol-a", "first", "{}"));
        read(item("vol-a", "second", "{\"size\":8}"));
        read(item("vol-a", "third", "{}"));
        // The second one was in force when what is kept begins.
        SERVICE.postgres()
                .execute(
                        "UPDATE asset_version SET valid_from = valid_from - interval '200 days';"
                                + " UPDATE asset_version SET valid_until = valid_until - interval"
                                + " '200 days' WHERE valid_until < (SELECT update_time FROM asset)");
        AssetHistory history = SERVICE.bean(AssetHistory.class);
        history.forget();
        assertThat(history.forget()).isZero();
        assertThat(versions(10, () -> {}))
                .extracting(version -> version.getAsset().getResourceName())
                .containsExactly("third", "second");
        SERVICE.postgres().execute("UPDATE asset_history SET begin_time = '2020-01-01Z'");
        Asset earliest = get(TestClock.CLOCK.instant().minus(Duration.ofDays(90)));
        assertThat(earliest.getResourceName()).isEqualTo("second");
        assertThat(earliest.getConfiguration()).isEqualTo("{\"size\":8}");
    }

    /** A reading that saw these, a minute after the last; returns its time. */
    private Instant read(Observation... items) {
        TestClock.CLOCK.advance(MINUTE);
        Reading reading = begin();
        readings.apply(reading, List.of(items));
        readings.complete(reading, Duration.ZERO);
        return TestClock.CLOCK.instant();
    }

    private Instant bury(String id) {
        TestClock.CLOCK.advance(MINUTE);
        Reading reading = begin();
        readings.confirm(
                reading,
                new AssetSource.Look(List.of(), List.of(), List.of(id)),
                TestClock.CLOCK.instant());
        readings.complete(reading, Duration.ZERO);
        return TestClock.CLOCK.instant();
    }

    private Reading begin() {
        SERVICE.postgres().execute("UPDATE scope_reading SET due_time = clock_timestamp()");
        return readings.begin(VOLUMES).orElseThrow();
    }

    /** As said just now. */
    private static Observation item(String id, String name, String configuration) {
        return new Observation(
                id,
                "",
                Asset.newBuilder().setResourceName(name).build(),
                Optional.of(configuration),
                TestClock.CLOCK.instant().plus(MINUTE).minusMillis(1));
    }

    private static Asset get(Instant time) {
        return stub().getAsset(
                        GetAssetRequest.newBuilder()
                                .setName(NAME)
                                .setReadTime(timestamp(time))
                                .build());
    }

    private static List<String> listed(Instant time, AssetState state) {
        return stub()
                .listAssets(
                        ListAssetsRequest.newBuilder()
                                .setReadTime(timestamp(time))
                                .setFilter(AssetFilter.newBuilder().setState(state))
                                .build())
                .getAssetsList()
                .stream()
                .map(Asset::getResourceName)
                .toList();
    }

    private static List<AssetVersion> versions(int size, Runnable between) {
        List<AssetVersion> versions = new ArrayList<>();
        ListAssetVersionsRequest request =
                ListAssetVersionsRequest.newBuilder().setParent(NAME).setPageSize(size).build();
        ListAssetVersionsResponse page;
        do {
            page = stub().listAssetVersions(request);
            versions.addAll(page.getVersionsList());
            between.run();
            request = request.toBuilder().setPageToken(page.getNextPageToken()).build();
        } while (!page.getNextPageToken().isEmpty());
        return versions;
    }

    private static long number(String sql) {
        return SERVICE.postgres()
                .transactions()
                .query(connection -> {
                    try (PreparedStatement query = connection.prepareStatement(sql);
                            ResultSet row = query.executeQuery()) {
                        row.next();
                        return row.getLong(1);
                    }
                });
    }

    private static StatusRuntimeException refusal(ThrowingCallable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call);
    }

    private static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    private static AssetServiceGrpc.AssetServiceBlockingStub stub() {
        return AssetServiceGrpc.newBlockingStub(SERVICE.admin(ACCOUNT));
    }
}
