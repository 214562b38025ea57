package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.TestClock;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetFilter;
import dev.yagura.proto.inventory.v1.AssetRelation;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetState;
import dev.yagura.proto.inventory.v1.GetAssetRequest;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.testkit.SettableClock;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.Metrics;
import io.helidon.metrics.api.Tag;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What readings of a recorder decide, in PostgreSQL; the recorder says what a test wants. */
class RecordedReadingTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final String ACCOUNT = "111122223333";
    private static final AssetSet VOLUMES =
            new AssetSet(Enrolling.scope(ACCOUNT), "AWS::EC2::Volume");
    private static final Instant START = Instant.parse("2026-05-01T10:00:00Z");
    private static final Coverage RECORDED = new Coverage.Recorded();

    private final Recorder recorder = new Recorder();
    private final ScopeReader reader =
            new ScopeReader(
                    type -> recorder,
                    SERVICE.bean(Readings.class),
                    Duration.ofMillis(1),
                    TestClock.CLOCK);

    /** Pages, coverage and second looks as a test sets them. */
    private static final class Recorder implements AssetSource {
        private List<Supplier<List<Observation>>> pages = List.of();
        private Coverage coverage = RECORDED;
        private Set<String> present = Set.of();
        private Set<String> undecided = Set.of();
        private final List<String> looked = new ArrayList<>();

        @Override
        public Page page(AssetSet set, Optional<String> token) {
            int number = token.map(Integer::parseInt).orElse(0);
            return new Page(
                    pages.isEmpty() ? List.of() : pages.get(number).get(),
                    number + 1 < pages.size()
                            ? Optional.of(Integer.toString(number + 1))
                            : Optional.empty());
        }

        @Override
        public Look look(AssetSet set, List<String> nativeIds) {
            looked.addAll(nativeIds);
            return new Look(
                    List.of(),
                    nativeIds.stream().filter(present::contains).toList(),
                    nativeIds.stream()
                            .filter(id -> !present.contains(id) && !undecided.contains(id))
                            .toList());
        }

        @Override
        public int looksAtOnce() {
            return 2;
        }

        @Override
        public Coverage coverage(AssetSet set) {
            return coverage;
        }

        @Override
        public Duration pause(Duration interval) {
            return interval;
        }
    }

    @BeforeEach
    void startWithoutAssets() {
        SERVICE.clear();
    }

    @Test
    void newestItemCountsInWhateverOrderTheyCome() {
        read(
                page(item("vol-a", 10, "newest"), item("vol-a", 5, "old")),
                page(item("vol-a", 7, "old")));
        assertThat(active("vol-a").getResourceName()).isEqualTo("newest");
        assertThat(active("vol-a").getObservedTime()).isEqualTo(timestamp(START.plusSeconds(10)));

        recorder.present = Set.of("vol-a");
        settle();
        assertThat(read(page(item("vol-a", 9, "old"), item("vol-a", 8, "old"))))
                .isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(active("vol-a").getResourceName()).isEqualTo("newest");

        read(page(item("vol-a", 11, "newer"), item("vol-a", 10, "newest")));
        assertThat(active("vol-a").getResourceName()).isEqualTo("newer");
    }

    @Test
    void pageThatFailsLeavesWhatItWouldHaveHad() {
        read(page(item("vol-a", 1, "a"), item("vol-b", 1, "b")));
        settle();
        ScopeReader.Outcome outcome =
                read(
                        page(item("vol-a", 2, "a2")),
                        () -> {
                            throw new IllegalStateException("ThrottlingException");
                        });
        assertThat(outcome).isEqualTo(ScopeReader.Outcome.FAILED);
        assertThat(active("vol-a").getResourceName()).isEqualTo("a2");
        assertThat(active("vol-b").getResourceName()).isEqualTo("b");
        assertThat(recorder.looked).isEmpty();
        assertThat(health())
                .contains("AWS::EC2::Volume")
                .contains("1 failures since: ThrottlingException");
    }

    @Test
    void notRecordedIsNotGone() {
        read(page(item("vol-a", 1, "a")));
        settle();
        recorder.coverage = new Coverage.NotRecorded("recorder default is stopped; start it");
        assertThat(read()).isEqualTo(ScopeReader.Outcome.NOT_RECORDED);
        assertThat(recorder.looked).isEmpty();
        assertThat(health()).contains("not recorded: recorder default is stopped; start it");

        // Just started again, it has not written down everything yet.
        recorder.coverage = RECORDED;
        assertThat(read()).isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(recorder.looked).isEmpty();
        assertThat(active("vol-a").getResourceName()).isEqualTo("a");
        assertThat(health()).doesNotContain("not recorded").contains("recorded only since");

        settle();
        read();
        assertThat(health()).doesNotContain("recorded only since");
        assertThat(recorder.looked).containsExactly("vol-a");
        assertThat(state("vol-a")).isEqualTo(AssetState.ASSET_STATE_TOMBSTONE);
    }

    @Test
    void onlyWhatASecondLookDoesNotFindIsGone() {
        read(page(item("vol-a", 1, "a"), item("vol-b", 1, "b"), item("vol-c", 1, "c")));
        settle();
        recorder.present = Set.of("vol-a");
        recorder.undecided = Set.of("vol-b");
        assertThat(read()).isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(recorder.looked).containsExactlyInAnyOrder("vol-a", "vol-b", "vol-c");
        assertThat(state("vol-a")).isEqualTo(AssetState.ASSET_STATE_ACTIVE);
        assertThat(state("vol-b")).isEqualTo(AssetState.ASSET_STATE_ACTIVE);
        assertThat(state("vol-c")).isEqualTo(AssetState.ASSET_STATE_TOMBSTONE);
    }

    @Test
    void listThatIsBehindDoesNotBringBackWhatIsGone() {
        read(page(item("vol-a", 5, "a")));
        settle();
        read();
        assertThat(state("vol-a")).isEqualTo(AssetState.ASSET_STATE_TOMBSTONE);

        read(page(item("vol-a", 5, "a")));
        assertThat(state("vol-a")).isEqualTo(AssetState.ASSET_STATE_TOMBSTONE);

        recorder.present = Set.of("vol-a");
        read(page(item("vol-a", 5, "a")));
        assertThat(active("vol-a").getResourceName()).isEqualTo("a");

        recorder.present = Set.of();
        read();
        assertThat(state("vol-a")).isEqualTo(AssetState.ASSET_STATE_TOMBSTONE);
        read(page(item("vol-a", 6, "made again")));
        assertThat(active("vol-a").getResourceName()).isEqualTo("made again");
    }

    @Test
    void readerThatWasTakenForDeadWritesNoFurtherPage() {
        ScopeReader.Outcome outcome =
                read(
                        page(item("vol-a", 1, "a")),
                        () -> {
                            SERVICE.postgres()
                                    .execute(
                                            "UPDATE scope_reading SET lease_until ="
                                                    + " now() - interval '1 second'");
                            assertThat(SERVICE.bean(Readings.class).begin(VOLUMES)).isPresent();
                            return List.of(item("vol-b", 1, "b"));
                        });
        assertThat(outcome).isEqualTo(ScopeReader.Outcome.NOT_MINE);
        assertThat(ids()).containsExactly("vol-a");

        SERVICE.postgres().execute("UPDATE scope_reading SET lease_until = NULL");
        assertThat(read(page(item("vol-a", 1, "a")), page(item("vol-b", 1, "b"))))
                .isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(ids()).containsExactlyInAnyOrder("vol-a", "vol-b");
    }

    @Test
    void ageGrowsUntilTheNextCompleteReading() {
        AssetSet groups = new AssetSet(VOLUMES.scope(), "AWS::EC2::SecurityGroup");
        read();
        SERVICE.postgres()
                .execute("UPDATE scope_reading SET complete_time = '2026-05-01T10:00:00Z'");
        var later = new SettableClock(START.plus(Duration.ofHours(1)));
        var gauges = new FreshnessGauges(SERVICE.bean(ReadingStore.class), later);
        assertThat(gauges.age(VOLUMES)).isEqualTo(3600.0);
        assertThat(gauges.age(groups)).isNaN();
        later.advance(Duration.ofHours(1));
        gauges.follow(List.of(VOLUMES));
        Gauge<?> gauge =
                Metrics.globalRegistry()
                        .gauge(
                                "yagura_inventory_reading_age_seconds",
                                List.of(
                                        Tag.create("account", ACCOUNT),
                                        Tag.create("region", VOLUMES.scope().getRegion()),
                                        Tag.create("type", VOLUMES.resourceType())))
                        .orElseThrow();
        assertThat(gauge.value().doubleValue()).isEqualTo(7200.0);
    }

    @Test
    void typesOfAScopeDoNotTouchEachOther() {
        AssetSet groups = new AssetSet(VOLUMES.scope(), "AWS::EC2::SecurityGroup");
        read(page(item("vol-a", 1, "a")));
        settle();
        recorder.pages = List.of(page(item("sg-a", 1, "web")));
        assertThat(reader.read(groups)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(ids()).containsExactlyInAnyOrder("vol-a", "sg-a");
        assertThat(health()).contains("AWS::EC2::Volume").contains("AWS::EC2::SecurityGroup");
    }

    @Test
    void showHasRelationsAndConfigurationAndListsDoNot() {
        AssetRelation known = relation("vol-b");
        AssetRelation unknown = relation("vol-z");
        Asset described =
                Asset.newBuilder()
                        .setArn("arn:aws:ec2:ap-northeast-1:111122223333:volume/vol-a")
                        .addRelations(known)
                        .addRelations(unknown)
                        .build();
        read(
                page(
                        new Observation("vol-a", "", described, Optional.of("{\"size\":8}"), START),
                        item("vol-b", 1, "b")));
        Asset listed = active("vol-a");
        assertThat(listed.getArn()).isEqualTo(described.getArn());
        assertThat(listed.getRelationsList()).isEmpty();
        assertThat(listed.getConfiguration()).isEmpty();

        Asset shown = show(listed.getName());
        assertThat(shown.getConfiguration()).isEqualTo("{\"size\":8}");
        assertThat(shown.getRelationsList())
                .containsExactly(
                        known.toBuilder().setAsset(active("vol-b").getName()).build(), unknown);

        read(
                page(
                        new Observation(
                                "vol-a",
                                "",
                                Asset.newBuilder().setOmittedConfigurationBytes(300_000).build(),
                                Optional.of(""),
                                START.plusSeconds(1)),
                        item("vol-b", 1, "b")));
        assertThat(show(listed.getName()).getConfiguration()).isEmpty();
    }

    @SafeVarargs
    private ScopeReader.Outcome read(Supplier<List<Observation>>... pages) {
        SERVICE.postgres().execute("UPDATE scope_reading SET due_time = clock_timestamp()");
        TestClock.CLOCK.advance(Duration.ofMillis(10));
        recorder.pages = List.of(pages);
        recorder.looked.clear();
        return reader.read(VOLUMES);
    }

    private static Supplier<List<Observation>> page(Observation... items) {
        return () -> List.of(items);
    }

    /** The recorder has run for long. */
    private static void settle() {
        SERVICE.postgres()
                .execute("UPDATE scope_reading SET recorded_since = now() - interval '2 hours'");
    }

    private static Observation item(String id, int seconds, String name) {
        return new Observation(
                id,
                "",
                Asset.newBuilder().setResourceName(name).build(),
                Optional.of("{}"),
                START.plusSeconds(seconds));
    }

    private static AssetRelation relation(String volume) {
        return AssetRelation.newBuilder()
                .setName("Is a copy of Volume")
                .setResourceType("AWS::EC2::Volume")
                .setNativeId(volume)
                .build();
    }

    private static Asset active(String id) {
        return Objects.requireNonNull(listed(AssetState.ASSET_STATE_ACTIVE).get(id), id);
    }

    private static AssetState state(String id) {
        Map<String, Asset> gone = listed(AssetState.ASSET_STATE_TOMBSTONE);
        return gone.containsKey(id) ? AssetState.ASSET_STATE_TOMBSTONE : active(id).getState();
    }

    private static Set<String> ids() {
        return listed(AssetState.ASSET_STATE_ACTIVE).keySet();
    }

    private static Map<String, Asset> listed(AssetState state) {
        return stub()
                .listAssets(
                        ListAssetsRequest.newBuilder()
                                .setFilter(AssetFilter.newBuilder().setState(state))
                                .build())
                .getAssetsList()
                .stream()
                .collect(Collectors.toMap(Asset::getNativeId, asset -> asset));
    }

    private static Asset show(String name) {
        return stub().getAsset(GetAssetRequest.newBuilder().setName(name).build());
    }

    private static AssetServiceGrpc.AssetServiceBlockingStub stub() {
        return AssetServiceGrpc.newBlockingStub(SERVICE.admin(ACCOUNT));
    }

    private static String health() {
        return String.valueOf(SERVICE.bean(ScopeFreshness.class).call().getData());
    }

    private static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder().setSeconds(time.getEpochSecond()).build();
    }
}
