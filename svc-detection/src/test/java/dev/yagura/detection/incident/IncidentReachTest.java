package dev.yagura.detection.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.grpc.ErrorInterceptor;
import dev.yagura.common.grpc.GrpcServer;
import dev.yagura.common.grpc.GrpcServerConfig;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.detection.Await;
import dev.yagura.detection.RunningDetection;
import dev.yagura.detection.TestCaller;
import dev.yagura.detection.TestEvents;
import dev.yagura.proto.detection.v1.GetIncidentReachRequest;
import dev.yagura.proto.detection.v1.GetIncidentRequest;
import dev.yagura.proto.detection.v1.HostReach;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentFilter;
import dev.yagura.proto.detection.v1.IncidentReach;
import dev.yagura.proto.detection.v1.IncidentServiceGrpc;
import dev.yagura.proto.detection.v1.ListIncidentsRequest;
import dev.yagura.proto.detection.v1.ReachGroup;
import dev.yagura.proto.detection.v1.ReachKind;
import dev.yagura.proto.detection.v1.ReachedAsset;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetEdge;
import dev.yagura.proto.inventory.v1.AssetGraph;
import dev.yagura.proto.inventory.v1.AssetNode;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.GetAssetGraphRequest;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.proto.inventory.v1.ListAssetsResponse;
import dev.yagura.proto.inventory.v1.WatchAssetsRequest;
import dev.yagura.proto.inventory.v1.WatchAssetsResponse;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.type.v1.Role;
import dev.yagura.testkit.PostgresFixture;
import dev.yagura.testkit.TestCertificates;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole service beside an inventory that answers by mutual TLS, and then does not. */
class IncidentReachTest {
    private static final Device HOST = TestEvents.host("i-0000000000000007");

    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("detection");
    @TempDir static Path folder;

    private static final Inventory INVENTORY = new Inventory();
    private static @Nullable GrpcServer server;
    private static RunningDetection detection;

    @BeforeAll
    static void startService() throws Exception {
        detection = new RunningDetection(folder, POSTGRES, IncidentReachTest::settings);
        Await.until(INVENTORY.watched::getCount, left -> left == 0);
        detection.ingest().append(HOST, TestEvents.scenario().all());
    }

    private static Map<String, String> settings(TestCertificates certificates) throws Exception {
        GrpcServer started =
                new GrpcServer(
                                new GrpcServerConfig(
                                        "127.0.0.1",
                                        0,
                                        1 << 20,
                                        Duration.ofMillis(100),
                                        Duration.ofHours(1)),
                                TlsContexts.server(
                                        certificates.service("inventory"), ClientAuth.REQUIRE),
                                new GrpcServer.Parts(
                                        List.of(INVENTORY), List.of(new ErrorInterceptor()), null))
                        .start();
        server = started;
        return Map.of(
                "yagura.detection.client.inventory.addresses",
                "127.0.0.1:" + started.port(),
                "yagura.detection.client.inventory.deadline",
                "PT20S");
    }

    @AfterAll
    static void stopService() {
        detection.close();
        if (server != null) {
            server.close();
        }
    }

    @Test
    void incidentSaysWhoseItsHostIsAndItsPriorityFollows() {
        Incident incident = incident();
        assertThat(incident.getReach().getAssetsList())
                .singleElement()
                .satisfies(host -> {
                    assertThat(host.getCriticality()).isEqualTo("critical");
                    assertThat(host.getOwner()).isEqualTo("shop");
                    assertThat(host.getEnvironment()).isEqualTo("production");
                });
        assertThat(incident.getContributionsList())
                .anyMatch(part -> part.getPoints() == 20 && part.getLabel().endsWith(": critical"));
        assertThat(incident.getPriority()).isEqualTo(100);
        assertThat(listed(100)).hasSize(1);
        POSTGRES.execute("UPDATE incident SET priority = priority - 1");
        assertThat(listed(99)).hasSize(1);
        assertThat(listed(100)).isEmpty();
        POSTGRES.execute("UPDATE incident SET priority = NULL");
        assertThat(listed(100)).as("its priority is not known to the filter").hasSize(1);
        assertThatThrownBy(() -> listed(101)).hasMessageContaining("filter.min_priority");
    }

    @Test
    void reachIsWhatTheGraphHasAroundTheHost() {
        HostReach host = reach().getHosts(0);
        assertThat(host.getUnknownReason()).isEmpty();
        assertThat(host.getHost().getHostId()).isEqualTo(HOST.getHostId());
        assertThat(host.getGroupsList())
                .extracting(ReachGroup::getKind)
                .containsExactly(
                        ReachKind.REACH_KIND_SHARES_ROLE,
                        ReachKind.REACH_KIND_SHARES_ROLE,
                        ReachKind.REACH_KIND_SHARES_ROLE,
                        ReachKind.REACH_KIND_SAME_SUBNET,
                        ReachKind.REACH_KIND_TASK_ON_HOST,
                        ReachKind.REACH_KIND_VOLUME,
                        ReachKind.REACH_KIND_SNAPSHOT,
                        ReachKind.REACH_KIND_ROLE_OF_TASK);
        ReachGroup instances = host.getGroups(0);
        assertThat(instances.getThroughList()).contains("app");
        assertThat(instances.getAssetsList())
                .singleElement()
                .satisfies(other -> {
                    assertThat(other.getLabel()).isEqualTo("db-1");
                    assertThat(other.getCriticality()).isEqualTo("high");
                    assertThat(other.getHasAgent()).isTrue();
                });
        assertThat(host.getGroups(1).getResourceType()).isEqualTo("AWS::Lambda::Function");
        assertThat(host.getGroups(2).getAssetsList())
                .singleElement()
                .satisfies(task -> assertThat(task.getLabel()).isEqualTo("shop/1"));
        assertThat(host.getGroups(6).getAssetsList())
                .extracting(ReachedAsset::getNativeId)
                .containsExactly("snap-a");
        ReachGroup taken = host.getGroups(7);
        assertThat(taken.getThroughList()).containsExactly("shop/2");
        assertThat(taken.getAssetsList())
                .extracting(ReachedAsset::getLabel)
                .containsExactly("billing");
    }

    @Test
    void withoutTheInventoryItSaysWhyAndTheIncidentIsReadAsEver() {
        INVENTORY.away = true;
        try {
            IncidentReach reach = reach();
            assertThat(reach.getHosts(0).getUnknownReason()).contains("svc-inventory");
            assertThat(reach.getHosts(0).getGroupsList()).isEmpty();
            assertThat(incident().getReach().getAssetsList()).hasSize(1);
        } finally {
            INVENTORY.away = false;
        }
    }

    @Test
    void whoMayNotSeeTheIncidentGetsNoReach() {
        String name = incident().getName();
        assertThatThrownBy(() ->
                        stub("999999999999")
                                .getIncidentReach(
                                        GetIncidentReachRequest.newBuilder().setName(name).build()))
                .satisfies(e -> assertThat(TestCaller.code(e)).isEqualTo(Status.Code.NOT_FOUND));
    }

    private static IncidentReach reach() {
        return stub("").getIncidentReach(
                        GetIncidentReachRequest.newBuilder().setName(incident().getName()).build());
    }

    private static List<Incident> listed(int minPriority) {
        return stub("").listIncidents(
                        ListIncidentsRequest.newBuilder()
                                .setFilter(IncidentFilter.newBuilder().setMinPriority(minPriority))
                                .build())
                .getIncidentsList();
    }

    /** The one of the recorded attack, when all of it is there. */
    private static Incident incident() {
        Incident found =
                Await.until(
                                () -> listed(0),
                                incidents ->
                                        incidents.size() == 1
                                                && incidents.getFirst().getTacticsCount() == 4)
                        .getFirst();
        return stub("").getIncident(
                        GetIncidentRequest.newBuilder().setName(found.getName()).build());
    }

    private static IncidentServiceGrpc.IncidentServiceBlockingStub stub(String account) {
        return TestCaller.as(
                Role.ROLE_VIEWER,
                account,
                IncidentServiceGrpc.newBlockingStub(detection.channel()));
    }

    /** One host and what is around it. */
    private static final class Inventory extends AssetServiceGrpc.AssetServiceImplBase {
        private final CountDownLatch watched = new CountDownLatch(1);
        private volatile boolean away;

        @Override
        public void listAssets(
                ListAssetsRequest request, StreamObserver<ListAssetsResponse> observer) {
            observer.onNext(
                    ListAssetsResponse.newBuilder().addAssets(host()).setCursor("listed").build());
            observer.onCompleted();
        }

        @Override
        public void watchAssets(
                WatchAssetsRequest request, StreamObserver<WatchAssetsResponse> observer) {
            watched.countDown(); // and nothing changes
        }

        @Override
        public void getAssetGraph(
                GetAssetGraphRequest request, StreamObserver<AssetGraph> observer) {
            if (away) {
                observer.onError(Status.UNAVAILABLE.asRuntimeException());
                return;
            }
            assertThat(request.getName()).isEqualTo(host().getName());
            observer.onNext(
                    AssetGraph.newBuilder()
                            .addNodes(node("AWS::EC2::Instance", HOST.getInstanceId(), host()))
                            .addNodes(node("AWS::IAM::InstanceProfile", "arn:p/app", named("app")))
                            .addNodes(node("AWS::IAM::Role", "AROA1", named("app")))
                            .addNodes(
                                    node(
                                            "AWS::EC2::Instance",
                                            "i-b",
                                            named("db-1").toBuilder()
                                                    .setCriticality("high")
                                                    .addAgents("agents/b")
                                                    .build()))
                            .addNodes(node("AWS::Lambda::Function", "mail", named("mail")))
                            .addNodes(node("AWS::EC2::Subnet", "subnet-a", named("a")))
                            .addNodes(node("AWS::EC2::Volume", "vol-a", named("")))
                            .addNodes(node("AWS::EC2::Snapshot", "snap-a", named("")))
                            .addNodes(
                                    node(
                                            "AWS::ECS::Task",
                                            "arn:aws:ecs:r:a:task/shop/1",
                                            Asset.getDefaultInstance()))
                            .addNodes(
                                    node(
                                            "AWS::ECS::Task",
                                            "arn:aws:ecs:r:a:task/shop/2",
                                            Asset.getDefaultInstance()))
                            .addNodes(node("AWS::IAM::Role", "AROA2", named("billing")))
                            .addEdges(edge(9, 0))
                            .addEdges(edge(9, 10))
                            .addEdges(edge(8, 2))
                            .addEdges(edge(0, 1))
                            .addEdges(edge(2, 1))
                            .addEdges(edge(3, 1))
                            .addEdges(edge(4, 2))
                            .addEdges(edge(0, 5))
                            .addEdges(edge(3, 5))
                            .addEdges(edge(0, 6))
                            .addEdges(edge(7, 6))
                            .build());
            observer.onCompleted();
        }

        private static AssetNode node(String type, String id, Asset asset) {
            return AssetNode.newBuilder()
                    .setResourceType(type)
                    .setNativeId(id)
                    .setAsset(asset)
                    .build();
        }

        private static AssetEdge edge(int source, int target) {
            return AssetEdge.newBuilder().setSource(source).setTarget(target).build();
        }

        private static Asset named(String name) {
            return Asset.newBuilder().putTags("Name", name).build();
        }

        private static Asset host() {
            return Asset.newBuilder()
                    .setName("assets/" + HOST.getHostId())
                    .setScope(HOST.getScope())
                    .setResourceType("AWS::EC2::Instance")
                    .setNativeId(HOST.getInstanceId())
                    .setOwner("shop")
                    .setEnvironment("production")
                    .setCriticality("critical")
                    .build();
        }
    }
}
