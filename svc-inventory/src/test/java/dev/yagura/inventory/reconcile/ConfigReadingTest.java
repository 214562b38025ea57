package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.account.AccountFactSource;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.software.SoftwareReadings;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetFilter;
import dev.yagura.proto.inventory.v1.AssetRelation;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetState;
import dev.yagura.proto.inventory.v1.GetAssetRequest;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.sandbox.control.RecorderClient;
import dev.yagura.sandbox.control.ResourceClient;
import dev.yagura.sandbox.front.JournalEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** Readings of the sandbox's AWS Config through the SDK into PostgreSQL, seen through the API. */
class ConfigReadingTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final String ACCOUNT = "111122223333";
    private static final String VOLUME = "AWS::EC2::Volume";
    private static final AssetSet VOLUMES = new AssetSet(Enrolling.scope(ACCOUNT), VOLUME);
    private static final AssetSet BUCKETS = new AssetSet(VOLUMES.scope(), AssetSets.BUCKET);
    private static final String SELECT = "config:SelectResourceConfig";
    private static final int PLANTED = 205;

    private SandboxCloud cloud;
    private RecorderClient recorder;
    private CloudSources sources;
    private ScopeReader reader;

    @BeforeEach
    void startCloud() throws Exception {
        SERVICE.clear();
        cloud = new SandboxCloud();
        recorder = cloud.control().recorder();
        sources = new CloudSources(cloud, Clock.systemUTC());
        reader =
                new ScopeReader(
                        sources::of,
                        SERVICE.bean(Readings.class),
                        Duration.ofMillis(1),
                        Clock.systemUTC());
    }

    @AfterEach
    void stopCloud() throws Exception {
        sources.close();
        cloud.close();
    }

    @Test
    void everyTypeIsReadWithItsRelationsAndNoMoreIsCalledThanThePolicyAllows() throws Exception {
        recorder.plant(VOLUME, 1);
        try (Ec2Client ec2 = cloud.operator().client(Ec2Client.builder(), VOLUMES.scope())) {
            ec2.createSnapshots(request ->
                    request.instanceSpecification(each -> each.instanceId("i-0aaaaaaaaaaaaaa01")));
        }
        cloud.control().resources().makeBucket("shop");
        int arranged = cloud.control().journal(0).size();
        List<AssetSet> sets = AssetSets.of(List.of(VOLUMES.scope()));
        for (AssetSet set : sets) {
            assertThat(read(set)).as(set.text()).isEqualTo(ScopeReader.Outcome.COMPLETE);
            assertThat(active(set.resourceType())).as(set.text()).isNotEmpty();
        }
        Asset listed =
                active("AWS::EC2::NetworkInterface").values().stream()
                        .filter(eni -> eni.getNativeId().startsWith("eni-0aaaaaaaaaaaaaa"))
                        .findFirst()
                        .orElseThrow();
        assertThat(listed.getArn()).endsWith(listed.getNativeId());
        Asset eni = stub().getAsset(GetAssetRequest.newBuilder().setName(listed.getName()).build());
        assertThat(eni.getConfiguration()).contains("\"groups\"");
        assertThat(eni.getCaptureTime()).isEqualTo(eni.getObservedTime());
        assertThat(eni.getRelationsList())
                .allSatisfy(relation -> assertThat(relation.getAsset()).startsWith("assets/"))
                .extracting(AssetRelation::getResourceType)
                .containsExactly(
                        "AWS::EC2::Instance",
                        "AWS::EC2::SecurityGroup",
                        "AWS::EC2::Subnet",
                        "AWS::EC2::VPC");

        settle();
        recorder.deletePlanted(VOLUME, planted(1));
        read(VOLUMES);
        cloud.control().resources().deleteBucket("shop");
        read(BUCKETS);
        cloud.control().deleteFunction("shop-mail");
        read(new AssetSet(VOLUMES.scope(), "AWS::Lambda::Function"));
        sources.of(AssetSets.PROFILE)
                .look(
                        new AssetSet(VOLUMES.scope(), AssetSets.PROFILE),
                        List.of("arn:aws:iam::111122223333:instance-profile/gone"));
        SsmNodeSource nodes = cloud.nodes();
        new NodeReader(nodes, SERVICE.bean(NodeStore.class), Clock.systemUTC())
                .read(VOLUMES.scope());
        nodes.close();
        new SoftwareReadings(SERVICE).read(cloud.clients(), VOLUMES.scope());
        try (AccountFactSource account =
                new AccountFactSource(cloud.clients(), Clock.systemUTC())) {
            account.read(VOLUMES.scope());
            cloud.control().advance(Duration.ofSeconds(3));
            account.read(VOLUMES.scope());
        }
        ConfigHistory history = new ConfigHistory(cloud.clients());
        assertThat(history.before(VOLUMES, planted(1), Instant.now()).problem()).isEmpty();
        history.close();
        GuardDutySource guardDuty = cloud.guardDuty();
        new DetectorReader(guardDuty, SERVICE.bean(DetectorStore.class), Clock.systemUTC())
                .read(VOLUMES.scope());
        guardDuty.close();
        assertThat(called(arranged)).isEqualTo(allowed());
    }

    @Test
    void pageThatIsThrottledIsAskedForAgainAndOneThatFailsBuriesNothing() {
        recorder.plant(VOLUME, PLANTED);
        int all = PLANTED + SandboxCloud.INSTANCES;
        cloud.control().throttle(SELECT, 2);
        assertThat(read(VOLUMES)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        int known = active(VOLUME).size();
        assertThat(known).isGreaterThanOrEqualTo(all);

        settle();
        recorder.deletePlanted(VOLUME, planted(PLANTED));
        cloud.control()
                .planFault(
                        Map.of(
                                "operation",
                                SELECT,
                                "kind",
                                "error",
                                "code",
                                "InternalServiceException",
                                "status",
                                500,
                                "skip",
                                1,
                                "times",
                                4));
        assertThat(read(VOLUMES)).isEqualTo(ScopeReader.Outcome.FAILED);
        assertThat(active(VOLUME)).hasSize(known);
        cloud.control().clearFaults();
        assertThat(read(VOLUMES)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(active(VOLUME)).hasSize(known - 1);
    }

    @Test
    void typeThatIsNotRecordedKeepsItsAssets() {
        recorder.plant(VOLUME, 3);
        read(VOLUMES);
        int known = active(VOLUME).size();
        settle();
        recorder.recordOnly("AWS::EC2::VPC");
        assertThat(read(VOLUMES)).isEqualTo(ScopeReader.Outcome.NOT_RECORDED);
        assertThat(health()).contains("recorder default does not record AWS::EC2::Volume; add it");
        recorder.recordOnly();
        recorder.stop();
        assertThat(read(VOLUMES)).isEqualTo(ScopeReader.Outcome.NOT_RECORDED);
        assertThat(health()).contains("recorder default is stopped; start it");
        assertThat(active(VOLUME)).hasSize(known);
        recorder.start();
        assertThat(read(VOLUMES)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(active(VOLUME)).hasSize(known);
        assertThat(health()).doesNotContain("not recorded");
    }

    @Test
    void bucketIsGoneOnceS3DoesNotHaveItWhateverAwsConfigTells() {
        ResourceClient resources = cloud.control().resources();
        List.of("shop", "shop-logs").forEach(resources::makeBucket);
        read(BUCKETS);
        settle();
        resources.deleteBucket("shop");
        // Told by AWS Config an hour later.
        recorder.lagBy(Duration.ofHours(1));
        resources.makeBucket("shop");
        assertThat(read(BUCKETS)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(active(BUCKETS.resourceType())).containsKeys("shop", "shop-logs");

        resources.deleteBucket("shop");
        assertThat(read(BUCKETS)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(listed(BUCKETS.resourceType(), AssetState.ASSET_STATE_TOMBSTONE))
                .containsOnlyKeys("shop");
        assertThat(active(BUCKETS.resourceType())).containsKey("shop-logs");
    }

    @Test
    void whatTheSecondLookLeavesUnprocessedIsAskedForAgain() {
        recorder.plant(VOLUME, 3);
        read(VOLUMES);
        settle();
        recorder.processAtMost(1);
        recorder.deletePlanted(VOLUME, planted(1));
        recorder.deletePlanted(VOLUME, planted(2));
        assertThat(read(VOLUMES)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(listed(VOLUME, AssetState.ASSET_STATE_TOMBSTONE))
                .containsOnlyKeys(planted(1), planted(2));
    }

    private ScopeReader.Outcome read(AssetSet set) {
        SERVICE.postgres().execute("UPDATE scope_reading SET due_time = clock_timestamp()");
        return reader.read(set);
    }

    /** The recorder has run for long. */
    private static void settle() {
        SERVICE.postgres()
                .execute("UPDATE scope_reading SET recorded_since = now() - interval '2 hours'");
    }

    private static String planted(int number) {
        return "vol-%017x".formatted(number);
    }

    private TreeSet<String> called(int arranged) {
        return cloud.control().journal(0).stream()
                .skip(arranged)
                .map(JournalEntry::operation)
                .filter(operation -> !operation.equals("sts:AssumeRole"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static TreeSet<String> allowed() throws Exception {
        return Pattern.compile("\"([a-z0-9]+:[A-Za-z*]+)\"")
                .matcher(Files.readString(Path.of("../deploy/policies/inventory.json")))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, Asset> active(String type) {
        return listed(type, AssetState.ASSET_STATE_ACTIVE);
    }

    private static Map<String, Asset> listed(String type, AssetState state) {
        return stub()
                .listAssets(
                        ListAssetsRequest.newBuilder()
                                .setPageSize(500)
                                .setFilter(
                                        AssetFilter.newBuilder()
                                                .setResourceType(type)
                                                .setState(state))
                                .build())
                .getAssetsList()
                .stream()
                .collect(Collectors.toMap(Asset::getNativeId, asset -> asset));
    }

    private static AssetServiceGrpc.AssetServiceBlockingStub stub() {
        return AssetServiceGrpc.newBlockingStub(SERVICE.admin(ACCOUNT));
    }

    private static String health() {
        return String.valueOf(SERVICE.bean(ScopeFreshness.class).call().getData());
    }
}
