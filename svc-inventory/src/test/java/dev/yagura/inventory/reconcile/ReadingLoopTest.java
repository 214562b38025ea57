package dev.yagura.inventory.reconcile;

import static dev.yagura.inventory.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetFilter;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetState;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.testkit.process.Ports;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** The loop over the sandbox and the running service's stores; nobody tells it to read. */
class ReadingLoopTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final String ACCOUNT = "111122223333";
    private static final String WEB = "i-085b07764feced695";
    private static final String APP = "i-083dc41ecd9ab1b98";
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final Pattern NEVER_READ =
            Pattern.compile("never read completely; [0-9]+ failures since: .*HTTP");
    private static final Pattern READ_BUT_FAILING =
            Pattern.compile("read completely at [^;]+; [0-9]+ failures since: InternalError: ");

    private final int port = Ports.free();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Ec2InstanceSource source =
            SandboxCloud.source(URI.create("http://127.0.0.1:" + port), Clock.systemUTC());
    private final SsmNodeSource nodes = SandboxCloud.nodes(URI.create("http://127.0.0.1:" + port));
    private final GuardDutySource guardDuty =
            SandboxCloud.guardDuty(URI.create("http://127.0.0.1:" + port));
    private final ReadingLoop loop =
            new ReadingLoop(
                    new SetReader(
                            new ScopeReader(
                                    type -> source,
                                    SERVICE.bean(Readings.class),
                                    INTERVAL,
                                    Clock.systemUTC()),
                            new NodeReader(nodes, SERVICE.bean(NodeStore.class), Clock.systemUTC()),
                            SERVICE.bean(AccountReader.class),
                            SERVICE.bean(AccountFactReader.class),
                            new DetectorReader(
                                    guardDuty,
                                    SERVICE.bean(DetectorStore.class),
                                    Clock.systemUTC())),
                    SERVICE.bean(ReadingStore.class),
                    SERVICE.bean(FreshnessGauges.class),
                    () -> List.of(new AssetSet(Enrolling.scope(ACCOUNT), "AWS::EC2::Instance")),
                    INTERVAL);

    @BeforeEach
    void startWithoutAssets() {
        SERVICE.clear();
        log.start();
        logger().addAppender(log);
        loop.start(this);
    }

    @AfterEach
    void stop() throws Exception {
        loop.stop(this);
        logger().detachAppender(log);
        source.close();
        nodes.close();
    }

    @Test
    void scopeWhoseEndpointIsAwaySaysSoAndIsReadOnceItIsBack() throws Exception {
        await("a failed reading in the health", () -> NEVER_READ.matcher(health()).find());
        assertThat(listed(AssetState.ASSET_STATE_ACTIVE)).isEmpty();
        SandboxCloud cloud = new SandboxCloud(port);
        try (cloud) {
            awaitEveryInstance();
            await("a fresh scope in the health", () -> !health().contains("failures since"));
            await("what Systems Manager manages", () -> !nodesKnown().isEmpty());
            loop.stop(this);
        }
        assertThat(log.list)
                .extracting(ILoggingEvent::getMessage)
                .contains("cannot read the assets of a scope; they grow stale, trying again");
    }

    @Test
    void scopeThatFailsAfterwardsKeepsItsAssetsAndSaysHowOldTheyAre() throws Exception {
        try (SandboxCloud cloud = new SandboxCloud(port)) {
            awaitEveryInstance();
            cloud.control()
                    .planFault(
                            Map.of(
                                    "operation",
                                    "ec2:DescribeInstances",
                                    "kind",
                                    "error",
                                    "code",
                                    "InternalError",
                                    "status",
                                    503,
                                    "times",
                                    1_000_000));
            await("failures in the health", () -> READ_BUT_FAILING.matcher(health()).find());
            assertThat(listed(AssetState.ASSET_STATE_ACTIVE)).hasSize(SandboxCloud.INSTANCES);
            cloud.control().clearFaults();
            await("a fresh scope in the health", () -> !health().contains("failures since"));
            loop.stop(this);
        }
    }

    @Test
    void terminatedInstanceIsATombstoneForeverWhetherItsEndWasSeenOrNot() throws Exception {
        try (SandboxCloud cloud = new SandboxCloud(port)) {
            awaitEveryInstance();
            cloud.control().freezeClock();
            cloud.control().terminate(WEB);
            cloud.control().advance(Duration.ofMinutes(1));
            Asset seen = awaitTombstone(WEB);
            assertThat(seen.getInstanceState()).isEqualTo("terminated");

            // EC2 forgets a terminated instance after an hour.
            cloud.control().terminate(APP);
            cloud.control().advance(Duration.ofDays(1));
            awaitTombstone(APP);

            assertThat(listed(AssetState.ASSET_STATE_TOMBSTONE)).containsOnlyKeys(WEB, APP);
            // EC2 may have told of its end once more before it forgot it.
            assertThat(withoutTime(awaitTombstone(WEB))).isEqualTo(withoutTime(seen));
            assertThat(listed(AssetState.ASSET_STATE_ACTIVE)).hasSize(SandboxCloud.INSTANCES - 2);
            loop.stop(this);
        }
    }

    private static Asset withoutTime(Asset asset) {
        return asset.toBuilder().clearObservedTime().build();
    }

    private static List<NodeKnowledge> nodesKnown() {
        return SERVICE.bean(NodeStore.class).knowledge();
    }

    private static void awaitEveryInstance() {
        await(
                "every instance",
                () ->
                        listed(AssetState.ASSET_STATE_ACTIVE).size() == SandboxCloud.INSTANCES
                                && health().contains("read completely at"));
    }

    private static Asset awaitTombstone(String id) {
        await(
                "a tombstone of " + id,
                () -> listed(AssetState.ASSET_STATE_TOMBSTONE).containsKey(id));
        return java.util.Objects.requireNonNull(listed(AssetState.ASSET_STATE_TOMBSTONE).get(id));
    }

    /** As an operator sees it; a scope that cannot be read leaves the service ready. */
    private static String health() {
        return SERVICE.ready();
    }

    private static Map<String, Asset> listed(AssetState state) {
        return AssetServiceGrpc.newBlockingStub(SERVICE.admin(ACCOUNT))
                .listAssets(
                        ListAssetsRequest.newBuilder()
                                .setPageSize(500)
                                .setFilter(AssetFilter.newBuilder().setState(state))
                                .build())
                .getAssetsList()
                .stream()
                .collect(Collectors.toMap(Asset::getNativeId, asset -> asset));
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(ScopeReader.class);
    }
}
