package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetFilter;
import dev.yagura.proto.inventory.v1.AssetRelation;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetState;
import dev.yagura.proto.inventory.v1.ContainerImage;
import dev.yagura.proto.inventory.v1.GetAssetRequest;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.sandbox.control.QueueClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** What no recorder tells, or tells late, read from its own APIs into PostgreSQL. */
class ListedReadingTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final String ACCOUNT = "111122223333";
    private static final Scope SCOPE = Enrolling.scope(ACCOUNT);
    private static final AssetSet PROFILES = new AssetSet(SCOPE, AssetSets.PROFILE);
    private static final AssetSet TARGET_GROUPS = new AssetSet(SCOPE, AssetSets.TARGET_GROUP);
    private static final AssetSet SCALING_GROUPS = new AssetSet(SCOPE, AssetSets.SCALING_GROUP);
    private static final AssetSet SNAPSHOTS = new AssetSet(SCOPE, AssetSets.SNAPSHOT);
    private static final AssetSet IMAGES = new AssetSet(SCOPE, AssetSets.IMAGE);
    private static final AssetSet TASKS = new AssetSet(SCOPE, "AWS::ECS::Task");
    private static final String REGISTRY = "111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/";
    private static final String WEB = "i-085b07764feced695";
    private static final String BALANCER =
            "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9199";

    private static SandboxCloud cloud;

    private CloudSources sources;
    private ScopeReader reader;

    @BeforeAll
    static void startCloud() throws Exception {
        cloud = new SandboxCloud();
    }

    @AfterAll
    static void stopCloud() throws Exception {
        cloud.close();
    }

    @BeforeEach
    void startWithoutAssets() {
        SERVICE.clear();
        cloud.control().reset();
        sources = new CloudSources(cloud, Clock.systemUTC());
        reader =
                new ScopeReader(
                        sources::of,
                        SERVICE.bean(Readings.class),
                        Duration.ofMillis(1),
                        Clock.systemUTC());
    }

    @AfterEach
    void closeSources() {
        sources.close();
    }

    @Test
    void instanceProfilesOfEveryPageNameTheirRoleAndGoByTheirName() {
        assertThat(read(PROFILES)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        Map<String, Asset> all = listed(PROFILES, AssetState.ASSET_STATE_ACTIVE);
        assertThat(all).hasSizeGreaterThan(2);
        Asset app = the(all, "arn:aws:iam::111122223333:instance-profile/app-instance");
        assertThat(app.getResourceName()).isEqualTo("app-instance");
        assertThat(app.hasResourceCreateTime()).isTrue();
        assertThat(relations(app))
                .containsExactly(
                        "Is associated with Role arn:aws:iam::111122223333:role/app-instance");

        String gone = "arn:aws:iam::111122223333:instance-profile/gone";
        String moved = "arn:aws:iam::111122223333:instance-profile/old/app-instance";
        AssetSource.Look look =
                sources.of(AssetSets.PROFILE)
                        .look(PROFILES, List.of(app.getNativeId(), gone, moved));
        assertThat(look.gone()).containsExactly(gone, moved);
        assertThat(look.observations())
                .extracting(Observation::nativeId)
                .containsExactly(app.getNativeId());
    }

    @Test
    void targetGroupsNameTheirLoadBalancerAndTheInstancesBehindIt() {
        cloud.control().registerTarget(WEB, "web");
        assertThat(read(TARGET_GROUPS)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        Map<String, Asset> all = listed(TARGET_GROUPS, AssetState.ASSET_STATE_ACTIVE);
        assertThat(all).hasSize(3);
        Asset group =
                all.values().stream()
                        .filter(each -> each.getResourceName().equals("web"))
                        .findFirst()
                        .orElseThrow();
        String web = group.getNativeId();
        assertThat(relations(group))
                .containsExactly(
                        "Is associated with Instance " + WEB,
                        "Is contained in Vpc vpc-0dfc69755784eaab6",
                        "Is associated with LoadBalancer " + BALANCER);
        AssetSource.Look look =
                sources.of(AssetSets.TARGET_GROUP).look(TARGET_GROUPS, List.of(web, web + "0"));
        assertThat(look.gone()).containsExactly(web + "0");
        assertThat(look.observations()).hasSize(1);
    }

    @Test
    void snapshotsNameTheirVolumeAndBecomeTombstones() {
        String first;
        try (Ec2Client ec2 = cloud.operator().client(Ec2Client.builder(), SCOPE)) {
            for (int i = 1; i <= SandboxCloud.PAGE; i++) {
                snapshot(ec2, "i-0aaaaaaaaaaaaaa0" + i);
            }
            first = snapshot(ec2, WEB);
            assertThat(read(SNAPSHOTS)).isEqualTo(ScopeReader.Outcome.COMPLETE);
            Asset seen = the(listed(SNAPSHOTS, AssetState.ASSET_STATE_ACTIVE), first);
            assertThat(seen.getTagsMap()).containsEntry("team", "shop");
            assertThat(seen.getOwner()).isEqualTo("shop");
            assertThat(whole(seen).getConfiguration()).contains("\"encrypted\":");
            assertThat(relations(seen)).singleElement().asString().startsWith("Is created from");
            ec2.deleteSnapshot(request -> request.snapshotId(first));
        }
        cloud.control().advance(Duration.ofMinutes(1));
        assertThat(read(SNAPSHOTS)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(listed(SNAPSHOTS, AssetState.ASSET_STATE_TOMBSTONE)).containsOnlyKeys(first);
        assertThat(listed(SNAPSHOTS, AssetState.ASSET_STATE_ACTIVE))
                .hasSizeGreaterThanOrEqualTo(SandboxCloud.PAGE);
    }

    @Test
    void imagesOfEveryRepositoryAreFoundByTasksAndBecomeTombstones() {
        String digest = "sha256:" + "a".repeat(64);
        for (int i = 1; i <= 3; i++) {
            cloud.control()
                    .resources()
                    .pushImage("base", "sha256:" + String.valueOf(i).repeat(64), "v" + i);
        }
        cloud.control().resources().pushImage("web", digest, "latest");
        assertThat(read(IMAGES)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(read(TASKS)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        Map<String, Asset> all = listed(IMAGES, AssetState.ASSET_STATE_ACTIVE);
        assertThat(all).hasSize(5);
        Asset shop = the(all, REGISTRY + "shop@sha256:" + "0".repeat(64));
        assertThat(shop.getContainerImages(0).getImage()).isEqualTo(REGISTRY + "shop:1");
        assertThat(relations(shop)).containsExactly("Is contained in Repository shop");
        Asset task = listed(TASKS, AssetState.ASSET_STATE_ACTIVE).values().iterator().next();
        assertThat(whole(task).getRelationsList())
                .filteredOn(each -> each.getResourceType().equals(AssetSets.IMAGE))
                .extracting(AssetRelation::getAsset)
                .containsExactly(shop.getName());

        cloud.control().resources().deleteImage("web", digest);
        cloud.control().resources().pushImage("base", "sha256:" + "1".repeat(64), "v2");
        assertThat(read(IMAGES)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(listed(IMAGES, AssetState.ASSET_STATE_TOMBSTONE))
                .containsOnlyKeys(REGISTRY + "web@" + digest);
        assertThat(
                        the(
                                        listed(IMAGES, AssetState.ASSET_STATE_ACTIVE),
                                        REGISTRY + "base@sha256:" + "1".repeat(64))
                                .getContainerImagesList())
                .extracting(ContainerImage::getImage)
                .containsExactly(REGISTRY + "base:v1", REGISTRY + "base:v2");
        assertThat(
                        sources.of(AssetSets.IMAGE)
                                .look(IMAGES, List.of(REGISTRY + "none@" + digest))
                                .gone())
                .hasSize(1);
    }

    @Test
    void scalingGroupsTellTheirMembersAndHowTheyAreSet() {
        cloud.control().joinAutoScalingGroup(WEB, "web-asg");
        cloud.control().attachTargetGroups("web-asg", List.of("web"));
        List.of("batch", "nightly")
                .forEach(name ->
                        cloud.control()
                                .resources()
                                .putAutoScalingGroup(name, Map.of("team", "shop")));
        assertThat(read(SCALING_GROUPS)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(groups(AssetState.ASSET_STATE_ACTIVE))
                .containsOnlyKeys("batch", "nightly", "web-asg");
        Asset web = the(groups(AssetState.ASSET_STATE_ACTIVE), "web-asg");
        assertThat(web.getArn()).isEqualTo(web.getNativeId());
        assertThat(web.hasResourceCreateTime()).isTrue();
        assertThat(relations(web))
                .satisfiesExactly(
                        each -> assertThat(each).isEqualTo("Contains Instance " + WEB),
                        each ->
                                assertThat(each)
                                        .startsWith("Is associated with LaunchTemplate lt-"),
                        each -> assertThat(each).startsWith("Is associated with Subnet subnet-"),
                        each -> assertThat(each).contains(":targetgroup/web/"));
        assertThat(web.getSubnetId()).isEmpty();
        assertThat(the(groups(AssetState.ASSET_STATE_ACTIVE), "batch").getOwner())
                .isEqualTo("shop");

        cloud.control().suspendProcesses("web-asg", List.of("Launch"));
        assertThat(read(SCALING_GROUPS)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(whole(web).getConfiguration())
                .as("nothing but its configuration has changed")
                .contains("\"suspendedProcesses\":[{\"processName\":\"Launch\"}]")
                .contains("\"maxSize\":4", "\"version\":\"1\"");

        cloud.control().resources().deleteAutoScalingGroup("batch");
        cloud.control().resources().putAutoScalingGroup("batch", Map.of());
        assertThat(read(SCALING_GROUPS)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        Asset old = the(groups(AssetState.ASSET_STATE_TOMBSTONE), "batch");
        Asset made = the(groups(AssetState.ASSET_STATE_ACTIVE), "batch");
        assertThat(made.getNativeId()).isNotEqualTo(old.getNativeId());
        assertThat(made.getOwner()).isEmpty();
    }

    @Test
    void whatAwsConfigTellsOfAScalingGroupIsReasonToLookAtIt() {
        QueueClient queue = cloud.control().queue("told");
        cloud.control().recorder().tell("told", "event-bridge");
        read(SCALING_GROUPS);
        News news =
                new News(
                        sources::of,
                        SERVICE.bean(ToldItems.class),
                        () -> AssetSets.of(List.of(SCOPE)),
                        Clock.systemUTC());
        cloud.control().joinAutoScalingGroup(WEB, "web-asg");
        assertThat(take(news, queue)).containsExactly(News.Outcome.CHANGED);
        assertThat(relations(the(groups(AssetState.ASSET_STATE_ACTIVE), "web-asg")))
                .contains("Contains Instance " + WEB);

        cloud.control().resources().deleteAutoScalingGroup("web-asg");
        assertThat(take(news, queue)).containsExactly(News.Outcome.CHANGED);
        assertThat(groups(AssetState.ASSET_STATE_TOMBSTONE)).containsOnlyKeys("web-asg");
    }

    /** What becomes of each message about a scaling group. */
    private static List<News.Outcome> take(News news, QueueClient queue) {
        return queue.take().stream()
                .map(body -> WorldFacts.json(body).path("detail").path("configurationItem"))
                .filter(item -> item.path("resourceType").asText().equals(AssetSets.SCALING_GROUP))
                .map(news::take)
                .toList();
    }

    private static Map<String, Asset> groups(AssetState state) {
        return listed(SCALING_GROUPS, state).values().stream()
                .collect(Collectors.toMap(Asset::getResourceName, asset -> asset));
    }

    private static String snapshot(Ec2Client ec2, String instance) {
        return ec2.createSnapshots(request ->
                        request.instanceSpecification(each -> each.instanceId(instance))
                                .tagSpecifications(tags ->
                                        tags.resourceType("snapshot")
                                                .tags(tag -> tag.key("team").value("shop"))))
                .snapshots()
                .getFirst()
                .snapshotId();
    }

    private ScopeReader.Outcome read(AssetSet set) {
        SERVICE.postgres().execute("UPDATE scope_reading SET due_time = clock_timestamp()");
        return reader.read(set);
    }

    private static Asset the(Map<String, Asset> all, String id) {
        return Objects.requireNonNull(all.get(id), id);
    }

    private static List<String> relations(Asset asset) {
        return whole(asset).getRelationsList().stream().map(ListedReadingTest::text).toList();
    }

    private static String text(AssetRelation relation) {
        return relation.getName() + " " + relation.getNativeId();
    }

    private static Asset whole(Asset asset) {
        return stub().getAsset(GetAssetRequest.newBuilder().setName(asset.getName()).build());
    }

    private static Map<String, Asset> listed(AssetSet set, AssetState state) {
        return stub()
                .listAssets(
                        ListAssetsRequest.newBuilder()
                                .setPageSize(500)
                                .setFilter(
                                        AssetFilter.newBuilder()
                                                .setResourceType(set.resourceType())
                                                .setState(state))
                                .build())
                .getAssetsList()
                .stream()
                .collect(Collectors.toMap(Asset::getNativeId, asset -> asset));
    }

    private static AssetServiceGrpc.AssetServiceBlockingStub stub() {
        return AssetServiceGrpc.newBlockingStub(SERVICE.admin(ACCOUNT));
    }
}
