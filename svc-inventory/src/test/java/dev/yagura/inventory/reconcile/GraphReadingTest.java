package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.ids.AssetIds;
import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.proto.inventory.v1.AssetGraph;
import dev.yagura.proto.inventory.v1.AssetNode;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.GetAssetGraphRequest;
import dev.yagura.proto.type.v1.Scope;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** What detection and response ask about an instance, each with one call, of the whole sandbox. */
class GraphReadingTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final String ACCOUNT = "111122223333";
    private static final Scope SCOPE = Enrolling.scope(ACCOUNT);
    private static final String INSTANCE = "AWS::EC2::Instance";
    private static final String INTERFACE = "AWS::EC2::NetworkInterface";
    private static final String SUBNET = "AWS::EC2::Subnet";
    private static final String ROLE = "AWS::IAM::Role";
    private static final String TASK = "AWS::ECS::Task";
    private static final String APP = "i-083dc41ecd9ab1b98";
    private static final String DATABASE = "i-02d59893435baed09";
    private static final String WEB = "i-085b07764feced695";

    @BeforeAll
    static void readEverything() throws Exception {
        SERVICE.clear();
        try (SandboxCloud cloud = new SandboxCloud()) {
            cloud.control().joinAutoScalingGroup(WEB, "web-asg");
            cloud.control().registerTarget(WEB, "web");
            try (Ec2Client ec2 = cloud.operator().client(Ec2Client.builder(), SCOPE)) {
                ec2.createSnapshots(request ->
                        request.instanceSpecification(each -> each.instanceId(DATABASE)));
            }
            CloudSources sources = new CloudSources(cloud, Clock.systemUTC());
            ScopeReader reader =
                    new ScopeReader(
                            sources::of,
                            SERVICE.bean(Readings.class),
                            Duration.ofMillis(1),
                            Clock.systemUTC());
            for (AssetSet set : AssetSets.of(List.of(SCOPE))) {
                assertThat(reader.read(set)).isEqualTo(ScopeReader.Outcome.COMPLETE);
            }
            sources.close();
        }
    }

    @AfterAll
    static void leaveNothing() {
        SERVICE.clear();
    }

    @Test
    void whoSharesTheRoleOfAnInstance() {
        AssetGraph graph = graph(APP, 2, ROLE, INSTANCE);
        assertThat(of(graph, ROLE))
                .singleElement()
                .satisfies(role ->
                        assertThat(role.getAsset().getResourceName()).isEqualTo("app-instance"));
        assertThat(of(graph, INSTANCE))
                .extracting(AssetNode::getNativeId)
                .containsExactlyInAnyOrder(APP, DATABASE);
        assertThat(of(graph, "AWS::IAM::InstanceProfile"))
                .singleElement()
                .satisfies(profile -> {
                    assertThat(profile.getAsset().getResourceName()).isEqualTo("app-instance");
                    assertThat(profile.getNativeId()).endsWith("instance-profile/app-instance");
                });
    }

    @Test
    void whoSharesTheRoleOfATask() {
        String front = "arn:aws:ecs:ap-northeast-1:111122223333:task/shop/%032x";
        AssetGraph graph = graph(TASK, front.formatted(1), 2, ROLE, TASK, INSTANCE);
        assertThat(of(graph, ROLE))
                .singleElement()
                .satisfies(role ->
                        assertThat(role.getAsset().getResourceName()).isEqualTo("shop-front-task"));
        assertThat(of(graph, TASK))
                .extracting(AssetNode::getNativeId)
                .containsExactlyInAnyOrder(front.formatted(1), front.formatted(2));
        assertThat(of(graph(APP, 1), TASK))
                .as("what runs on an instance has a role of its own")
                .singleElement()
                .satisfies(task -> assertThat(task.getNativeId()).isEqualTo(front.formatted(3)));
        assertThat(of(graph(APP, 2, ROLE, INSTANCE), TASK)).isEmpty();
    }

    @Test
    void whatElseIsInTheSubnetAndInTheSecurityGroup() {
        AssetGraph neighbours = graph(APP, 2, SUBNET, INSTANCE);
        assertThat(of(neighbours, INSTANCE))
                .hasSize(SandboxCloud.INSTANCES - 1)
                .extracting(AssetNode::getNativeId)
                .contains(WEB)
                .doesNotContain(DATABASE);
        AssetGraph group = graph("AWS::EC2::SecurityGroup", "sg-0ed176e12487b994b", 1);
        assertThat(of(group, INSTANCE)).extracting(AssetNode::getNativeId).containsExactly(APP);
        assertThat(of(group, INTERFACE))
                .extracting(AssetNode::getNativeId)
                .containsExactly("eni-0d38b876322d4f5e4");
    }

    @Test
    void whichGroupWouldReplaceIt() {
        assertThat(of(graph(WEB, 1, AssetSets.SCALING_GROUP), AssetSets.SCALING_GROUP))
                .singleElement()
                .satisfies(group ->
                        assertThat(group.getAsset().getResourceName()).isEqualTo("web-asg"));
        assertThat(of(graph(APP, 1, AssetSets.SCALING_GROUP), AssetSets.SCALING_GROUP)).isEmpty();
    }

    @Test
    void whatSendsItRequestsAndWhatWasCopiedFromIt() {
        AssetGraph graph = graph(WEB, 2, AssetSets.TARGET_GROUP, AssetSets.LOAD_BALANCER);
        assertThat(of(graph, AssetSets.LOAD_BALANCER))
                .singleElement()
                .satisfies(balancer ->
                        assertThat(balancer.getAsset().getResourceName()).isEqualTo("shop"));
        assertThat(of(graph(APP, 2, AssetSets.TARGET_GROUP), AssetSets.TARGET_GROUP)).isEmpty();
        assertThat(
                        of(
                                graph(DATABASE, 2, "AWS::EC2::Volume", AssetSets.SNAPSHOT),
                                AssetSets.SNAPSHOT))
                .isNotEmpty()
                .allSatisfy(snapshot -> assertThat(snapshot.hasAsset()).isTrue());
    }

    @Test
    void everythingAroundAnInstanceWithItsOwner() {
        AssetGraph graph = graph(APP, 1);
        assertThat(graph.getNodes(0).getAsset().getOwner()).isEqualTo("shop");
        assertThat(graph.getNodes(0).getAsset().getEnvironment()).isEqualTo("production");
        assertThat(graph.getNodesList())
                .extracting(AssetNode::getResourceType)
                .contains(
                        INTERFACE,
                        SUBNET,
                        ROLE,
                        "AWS::EC2::SecurityGroup",
                        "AWS::EC2::VPC",
                        "AWS::EC2::Volume",
                        "AWS::EC2::Image");
        assertThat(graph.getEdgesList())
                .allSatisfy(edge -> assertThat(edge.getName()).isNotEmpty())
                .doesNotHaveDuplicates();
        AssetNode eni = of(graph, INTERFACE).getFirst();
        assertThat(eni.getAsset().getVpcId()).isEqualTo("vpc-0dfc69755784eaab6");
        assertThat(eni.getAsset().getSubnetId()).isEqualTo("subnet-0813d0f9bd7ef83f1");
    }

    private static AssetGraph graph(String instance, int depth, String... types) {
        return graph(INSTANCE, instance, depth, types);
    }

    private static AssetGraph graph(String type, String id, int depth, String... types) {
        return AssetServiceGrpc.newBlockingStub(SERVICE.admin(ACCOUNT))
                .getAssetGraph(
                        GetAssetGraphRequest.newBuilder()
                                .setName("assets/" + AssetIds.of(SCOPE, type, id))
                                .setDepth(depth)
                                .addAllResourceTypes(List.of(types))
                                .build());
    }

    private static List<AssetNode> of(AssetGraph graph, String type) {
        return graph.getNodesList().stream()
                .filter(node -> node.getResourceType().equals(type))
                .toList();
    }
}
