package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.ids.AssetIds;
import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.TestClock;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetFilter;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetState;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.proto.inventory.v1.ListAssetsResponse;
import dev.yagura.proto.inventory.v1.WatchAssetsRequest;
import dev.yagura.proto.inventory.v1.WatchAssetsResponse;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.sandbox.front.JournalEntry;
import io.grpc.Context;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Readings of the sandbox through the AWS SDK into PostgreSQL, seen through the API. */
class ScopeReaderTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final String ACCOUNT = "111122223333";
    private static final Scope SCOPE = Enrolling.scope(ACCOUNT);
    private static final AssetSet INSTANCES = new AssetSet(SCOPE, "AWS::EC2::Instance");
    private static final String DESCRIBE = "ec2:DescribeInstances";
    private static final String WEB = "i-085b07764feced695";
    private static final String APP = "i-083dc41ecd9ab1b98";
    private static final Duration INTERVAL = Duration.ofMillis(1);

    private SandboxCloud cloud;
    private ScopeReader reader;
    private Ec2InstanceSource source;

    @BeforeEach
    void startCloud() throws Exception {
        SERVICE.clear();
        cloud = new SandboxCloud();
        source = cloud.source(TestClock.CLOCK);
        reader =
                new ScopeReader(
                        type -> source, SERVICE.bean(Readings.class), INTERVAL, TestClock.CLOCK);
    }

    @AfterEach
    void stopCloud() throws Exception {
        source.close();
        cloud.close();
    }

    @Test
    void readsEveryPageWithWhatEc2Says() {
        assertThat(read()).isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(active()).hasSize(SandboxCloud.INSTANCES);
        Asset app = the(APP);
        assertThat(app.getResourceType()).isEqualTo("AWS::EC2::Instance");
        assertThat(app.getScope()).isEqualTo(SCOPE);
        assertThat(app.getInstanceState()).isEqualTo("running");
        assertThat(app.getTagsMap()).containsEntry("Name", "app-1");
        assertThat(app.getInstanceProfileArn()).endsWith("instance-profile/app-instance");
        assertThat(app.getNetworkInterfacesList())
                .extracting(eni -> eni.getPrivateIpAddresses(0))
                .containsExactly("10.20.1.20", "10.20.1.21");
        assertThat(app.getNetworkInterfaces(0).getIpv6AddressesList())
                .containsExactly("2001:db8:1420:1::20");
    }

    @Test
    void callsNoMoreThanThePolicyAllows() throws Exception {
        read();
        cloud.control().terminate(WEB);
        read();
        var called =
                cloud.control().journal(0).stream()
                        .map(JournalEntry::operation)
                        .filter(operation -> !operation.equals("sts:AssumeRole"))
                        .collect(Collectors.toCollection(TreeSet::new));
        var allowed =
                Pattern.compile("\"(ec2:[A-Za-z*]+)\"")
                        .matcher(Files.readString(Path.of("../deploy/policies/inventory.json")))
                        .results()
                        .map(match -> match.group(1))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(allowed).containsAll(called);
    }

    @Test
    void terminatedInstanceBecomesATombstoneThatKeepsItsHistory() {
        cloud.control().freezeClock();
        read();
        cloud.control().terminate(WEB);
        read();
        assertThat(the(WEB).getInstanceState()).isEqualTo("shutting-down");
        cloud.control().advance(Duration.ofMinutes(1));
        read();
        assertThat(active()).hasSize(SandboxCloud.INSTANCES - 1).doesNotContainKey(WEB);
        Asset tombstone = of(listed(AssetState.ASSET_STATE_TOMBSTONE), WEB);
        assertThat(tombstone.getInstanceState()).isEqualTo("terminated");
        assertThat(tombstone.hasTombstoneTime()).isTrue();
        assertThat(tombstone.getNetworkInterfaces(0).getPrivateIpAddresses(0))
                .isEqualTo("10.20.1.10");
    }

    @Test
    void failedPageMakesNoTombstoneAndShowsInTheHealth() {
        read();
        plant("i-0bbbbbbbbbbbbbb01");
        for (String code : List.of("InternalError", "RequestLimitExceeded")) {
            cloud.control()
                    .planFault(
                            Map.of(
                                    "operation",
                                    DESCRIBE,
                                    "kind",
                                    "error",
                                    "code",
                                    code,
                                    "status",
                                    503,
                                    "skip",
                                    1,
                                    "times",
                                    4));
            assertThat(read()).isEqualTo(ScopeReader.Outcome.FAILED);
            assertThat(active()).containsKey("i-0bbbbbbbbbbbbbb01");
            assertThat(health()).contains("failures since").contains(code + ": ");
            cloud.control().clearFaults();
        }
        assertThat(read()).isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(active()).doesNotContainKey("i-0bbbbbbbbbbbbbb01");
        assertThat(health()).doesNotContain("failures since");
    }

    @Test
    void failedSecondLookMakesNoTombstone() {
        read();
        plant("i-0bbbbbbbbbbbbbb02");
        cloud.control()
                .planFault(
                        Map.of(
                                "operation",
                                DESCRIBE,
                                "kind",
                                "error",
                                "code",
                                "UnauthorizedOperation",
                                "status",
                                403,
                                "skip",
                                3));
        assertThat(read()).isEqualTo(ScopeReader.Outcome.FAILED);
        assertThat(active()).containsKey("i-0bbbbbbbbbbbbbb02");
    }

    @Test
    void sdkRetriesThrottlesAndDelaysPass() {
        cloud.control().throttle(DESCRIBE, 2);
        cloud.control()
                .planFault(
                        Map.of(
                                "operation",
                                DESCRIBE,
                                "kind",
                                "delay",
                                "skip",
                                2,
                                "delay",
                                Duration.ofMillis(200)));
        assertThat(read()).isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(active()).hasSize(SandboxCloud.INSTANCES);
    }

    @Test
    void olderAnswerChangesNothing() {
        read();
        SERVICE.postgres()
                .execute("UPDATE asset SET observed_time = observed_time + interval '1 hour'");
        cloud.control().stop(WEB);
        read();
        assertThat(active()).hasSize(SandboxCloud.INSTANCES);
        assertThat(the(WEB).getInstanceState()).isEqualTo("running");
    }

    @Test
    void feedHasNewsOnlyAndGoesOnFromItsCursor() throws Exception {
        read();
        String cursor = page(ListAssetsRequest.getDefaultInstance()).getCursor();
        read();
        assertThat(page(ListAssetsRequest.getDefaultInstance()).getCursor()).isEqualTo(cursor);

        cloud.control().stop(WEB);
        read();
        try (Context.CancellableContext context = Context.current().withCancellation()) {
            Iterator<WatchAssetsResponse> watch =
                    context.call(() ->
                            AssetServiceGrpc.newBlockingStub(SERVICE.admin(ACCOUNT))
                                    .withDeadlineAfter(30, TimeUnit.SECONDS)
                                    .watchAssets(
                                            WatchAssetsRequest.newBuilder()
                                                    .setCursor(cursor)
                                                    .build()));
            assertThat(nextAsset(watch).getNativeId()).isEqualTo(WEB);
        }
    }

    @Test
    void takenOverReadingWritesNothing() {
        Readings readings = SERVICE.bean(Readings.class);
        Reading first = readings.begin(INSTANCES).orElseThrow();
        assertThat(read()).isEqualTo(ScopeReader.Outcome.NOT_MINE);
        SERVICE.postgres()
                .execute("UPDATE scope_reading SET lease_until = now() - interval '1 second'");
        assertThat(read()).isEqualTo(ScopeReader.Outcome.COMPLETE);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> readings.apply(first, List.of()))
                .hasMessageContaining("taken over");
    }

    @Test
    void pageIsOneTransactionOfPostgresqlWithTheLeaseThatGuardsIt() {
        apply("i-0bbbbbbbbbbbbbb03");
        UUID id = AssetIds.of(SCOPE, "AWS::EC2::Instance", "i-0bbbbbbbbbbbbbb03");
        Map<String, String> writers =
                SERVICE.rowWriters(
                        """
                        SELECT 'asset', xmin FROM asset WHERE id = ?
                        UNION ALL SELECT feed, xmin FROM feed_change WHERE key = ?
                        UNION ALL SELECT 'lease', xmin FROM scope_reading
                        """,
                        id,
                        id);
        assertThat(writers).containsOnlyKeys("asset", "assets", "lease");
        assertThat(writers.values().stream().distinct()).as("%s", writers).hasSize(1);
    }

    @Test
    void pagesAndFiltersAndScopes() {
        read();
        List<String> seen = new ArrayList<>();
        ListAssetsRequest request = ListAssetsRequest.newBuilder().setPageSize(5).build();
        ListAssetsResponse page;
        do {
            page = page(request);
            page.getAssetsList().forEach(asset -> seen.add(asset.getNativeId()));
            request = request.toBuilder().setPageToken(page.getNextPageToken()).build();
        } while (!page.getNextPageToken().isEmpty());
        assertThat(seen).hasSize(SandboxCloud.INSTANCES).doesNotHaveDuplicates();

        AssetFilter one = AssetFilter.newBuilder().setInstanceId(APP).build();
        assertThat(page(ListAssetsRequest.newBuilder().setFilter(one).build()).getAssetsList())
                .extracting(Asset::getNativeId)
                .containsExactly(APP);
        assertThat(
                        AssetServiceGrpc.newBlockingStub(SERVICE.admin("999999999999"))
                                .listAssets(ListAssetsRequest.getDefaultInstance())
                                .getAssetsList())
                .isEmpty();
    }

    /** Reads once it is due: failed readings pause a little. */
    private ScopeReader.Outcome read() {
        SERVICE.postgres().execute("UPDATE scope_reading SET due_time = clock_timestamp()");
        TestClock.CLOCK.advance(Duration.ofMillis(10));
        return reader.read(INSTANCES);
    }

    /** An asset that EC2 does not have. */
    private static void plant(String id) {
        SERVICE.bean(Readings.class).complete(apply(id), INTERVAL);
    }

    /** A reading that saw this one and is not complete. */
    private static Reading apply(String id) {
        Readings readings = SERVICE.bean(Readings.class);
        SERVICE.postgres().execute("UPDATE scope_reading SET due_time = clock_timestamp()");
        Reading reading = readings.begin(INSTANCES).orElseThrow();
        readings.apply(
                reading,
                List.of(
                        new dev.yagura.inventory.asset.Observation(
                                id,
                                "running",
                                Asset.getDefaultInstance(),
                                TestClock.CLOCK.instant())));
        return reading;
    }

    private static String health() {
        return String.valueOf(SERVICE.bean(ScopeFreshness.class).call().getData());
    }

    private static Asset nextAsset(Iterator<WatchAssetsResponse> watch) {
        WatchAssetsResponse message = watch.next();
        while (!message.hasAsset()) {
            message = watch.next();
        }
        return message.getAsset();
    }

    private static Asset the(String id) {
        return of(active(), id);
    }

    private static Asset of(Map<String, Asset> assets, String id) {
        return java.util.Objects.requireNonNull(assets.get(id), id);
    }

    private static Map<String, Asset> active() {
        return listed(AssetState.ASSET_STATE_UNSPECIFIED);
    }

    private static Map<String, Asset> listed(AssetState state) {
        return page(
                        ListAssetsRequest.newBuilder()
                                .setPageSize(500)
                                .setFilter(AssetFilter.newBuilder().setState(state))
                                .build())
                .getAssetsList()
                .stream()
                .collect(Collectors.toMap(Asset::getNativeId, asset -> asset));
    }

    private static ListAssetsResponse page(ListAssetsRequest request) {
        return AssetServiceGrpc.newBlockingStub(SERVICE.admin(ACCOUNT)).listAssets(request);
    }
}
