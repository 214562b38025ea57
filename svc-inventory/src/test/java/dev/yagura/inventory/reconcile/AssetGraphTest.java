package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.graph.Neighbourhood;
import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetEdge;
import dev.yagura.proto.inventory.v1.AssetGraph;
import dev.yagura.proto.inventory.v1.AssetNode;
import dev.yagura.proto.inventory.v1.AssetReference;
import dev.yagura.proto.inventory.v1.AssetRelation;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetState;
import dev.yagura.proto.inventory.v1.GetAssetGraphRequest;
import dev.yagura.proto.inventory.v1.GetAssetRequest;
import dev.yagura.proto.type.v1.Scope;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Relations that come, move and go, in PostgreSQL, seen through the API. */
class AssetGraphTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final String ACCOUNT = "100000000077";
    private static final Scope SCOPE = Enrolling.scope(ACCOUNT);
    private static final Scope ELSEWHERE = SCOPE.toBuilder().setRegion("eu-west-1").build();
    private static final String INSTANCE = "AWS::EC2::Instance";
    private static final String GROUP = "AWS::EC2::SecurityGroup";
    private static final String ROLE = "AWS::IAM::Role";
    private static final String PROFILE = "AWS::IAM::InstanceProfile";
    private static final String FUNCTION = "AWS::Lambda::Function";
    private static final String VOLUME = "AWS::EC2::Volume";
    private static final ToldAssets TOLD = new ToldAssets(SERVICE);

    private int seconds;

    @BeforeEach
    void startWithoutAssets() {
        SERVICE.clear();
    }

    @Test
    void relationFindsWhatComesLaterByItsIdItsNameOrItsArn() {
        TOLD.tell(
                SCOPE,
                VOLUME,
                item("vol-a", to(INSTANCE, "i-a"), to(ROLE, "writer"), to(PROFILE, "arn:p/w")));
        AssetGraph before = graph("vol-a", VOLUME, 1);
        assertThat(before.getNodesList())
                .extracting(AssetNode::getNativeId)
                .containsExactly("vol-a", "i-a", "writer", "arn:p/w");
        assertThat(before.getNodesList()).filteredOn(AssetNode::hasAsset).hasSize(1);

        TOLD.tell(SCOPE, INSTANCE, item("i-a"));
        // Roles are of the first region that is read, and are named in all of them.
        TOLD.tell(ELSEWHERE, ROLE, named("AROA1", "writer", "arn:aws:iam::1:role/writer"));
        AssetGraph after = graph("vol-a", VOLUME, 1);
        assertThat(node(after, "i-a").hasAsset()).isTrue();
        assertThat(node(after, "AROA1").getAsset().getResourceName()).isEqualTo("writer");
        assertThat(says(after, "vol-a", "AROA1")).containsExactly("Relates to");
        assertThat(
                        stub().getAsset(
                                        GetAssetRequest.newBuilder()
                                                .setName(name(SCOPE, VOLUME, "vol-a"))
                                                .build())
                                .getRelationsList())
                .extracting(AssetRelation::getAsset)
                .containsExactly(name(SCOPE, INSTANCE, "i-a"), name(ELSEWHERE, ROLE, "AROA1"), "");
        assertThat(names(graph("AROA1", ROLE, ELSEWHERE, 1))).containsExactly("AROA1", "vol-a");
    }

    @Test
    void nameBelongsToWhoHasItNow() {
        TOLD.tell(SCOPE, VOLUME, item("vol-a", to(ROLE, "writer")));
        TOLD.tell(SCOPE, ROLE, named("AROA1", "writer", ""));
        assertThat(names(graph("vol-a", VOLUME, 1))).containsExactly("vol-a", "AROA1");

        TOLD.tell(SCOPE, ROLE, named("AROA1", "renamed", ""));
        assertThat(names(graph("vol-a", VOLUME, 1))).containsExactly("vol-a", "writer");
        assertThat(names(graph("AROA1", ROLE, 1))).containsExactly("AROA1");

        TOLD.tell(SCOPE, ROLE, named("AROA1", "writer", ""));
        TOLD.bury(SCOPE, ROLE, "AROA1");
        assertThat(node(graph("vol-a", VOLUME, 1), "AROA1").getAsset().getState())
                .isEqualTo(AssetState.ASSET_STATE_TOMBSTONE);
        TOLD.tell(SCOPE, ROLE, named("AROA2", "writer", ""));
        assertThat(names(graph("vol-a", VOLUME, 1))).containsExactly("vol-a", "AROA2");
    }

    @Test
    void whatNamesItNoLongerIsNoNeighbourAndComesBackWithIt() {
        TOLD.tell(SCOPE, GROUP, item("sg-a"));
        TOLD.tell(SCOPE, INSTANCE, item("i-a", to(GROUP, "sg-a")), item("i-b", to(GROUP, "sg-a")));
        assertThat(names(graph("sg-a", GROUP, 1))).containsExactlyInAnyOrder("sg-a", "i-a", "i-b");

        TOLD.tell(SCOPE, INSTANCE, item("i-a", to(GROUP, "sg-z")));
        assertThat(names(graph("sg-a", GROUP, 1))).containsExactly("sg-a", "i-b");
        TOLD.bury(SCOPE, INSTANCE, "i-b");
        assertThat(names(graph("sg-a", GROUP, 1))).containsExactly("sg-a");
        // What is gone is found no more from there, and still tells where it was.
        assertThat(names(graph("i-b", INSTANCE, 1))).containsExactly("i-b", "sg-a");
        TOLD.tell(SCOPE, INSTANCE, item("i-b", to(GROUP, "sg-a")));
        assertThat(names(graph("sg-a", GROUP, 1))).containsExactly("sg-a", "i-b");
    }

    @Test
    void instanceProfileIsNoStepAndTypesSayWhatIsVisited() {
        TOLD.tell(SCOPE, ROLE, item("AROA1", to(PROFILE, "arn:p/one"), to(PROFILE, "arn:p/two")));
        TOLD.tell(
                SCOPE,
                INSTANCE,
                item("i-a", to(PROFILE, "arn:p/one"), to(GROUP, "sg-a")),
                item("i-b", to(PROFILE, "arn:p/one"), to(GROUP, "sg-a")),
                item("i-c", to(PROFILE, "arn:p/two")),
                item("i-d", to(GROUP, "sg-a")));
        AssetGraph sharing = graph("i-a", INSTANCE, 2, ROLE, INSTANCE);
        assertThat(names(sharing))
                .containsExactlyInAnyOrder("i-a", "arn:p/one", "AROA1", "arn:p/two", "i-b", "i-c");
        assertThat(node(sharing, "AROA1").getDepth()).isEqualTo(1);
        assertThat(node(sharing, "i-c").getDepth()).isEqualTo(2);
        assertThat(names(graph("i-a", INSTANCE, 2, GROUP, INSTANCE)))
                .containsExactlyInAnyOrder("i-a", "sg-a", "i-b", "i-d");
        assertThat(names(graph("AROA1", ROLE, 1, INSTANCE)))
                .containsExactlyInAnyOrder("AROA1", "arn:p/one", "arn:p/two", "i-a", "i-b", "i-c");
    }

    @Test
    void whatIsTooMuchIsCountedAndLeavesRoomForOthers() {
        TOLD.tell(SCOPE, GROUP, item("sg-a"), item("sg-b"));
        TOLD.tell(
                SCOPE,
                INSTANCE,
                IntStream.range(0, 120)
                        .mapToObj(i -> item("i-%03d".formatted(i), to(GROUP, "sg-a")))
                        .toArray(Observation[]::new));
        TOLD.tell(SCOPE, INSTANCE, item("i-000", to(GROUP, "sg-a"), to(GROUP, "sg-b")));
        TOLD.tell(SCOPE, VOLUME, item("vol-a", to(GROUP, "sg-b")));
        AssetGraph all = graph("sg-a", GROUP, 1);
        assertThat(all.getNodesCount()).isEqualTo(100);
        assertThat(all.getNodes(0).getOmittedList())
                .singleElement()
                .satisfies(left -> {
                    assertThat(left.getResourceType()).isEqualTo(INSTANCE);
                    assertThat(left.getCount()).isEqualTo(120 - 99);
                });
        AssetGraph few =
                stub().getAssetGraph(request("i-000", INSTANCE, SCOPE, 2).setMaxNodes(6).build());
        assertThat(names(few)).hasSize(6).contains("i-000", "sg-a", "sg-b", "vol-a");
        assertThat(node(few, "sg-a").getOmitted(0).getCount()).isEqualTo(120 - 1 - 2);
    }

    @Test
    void readersSeeWhoElseHasARoleAndHowMany() {
        List<String> ids = IntStream.range(0, 120).mapToObj("i-%03d"::formatted).toList();
        TOLD.tell(SCOPE, ROLE, item("AROA1", to(PROFILE, "arn:p/one")));
        TOLD.tell(SCOPE, FUNCTION, item("mail", to(ROLE, "AROA1")));
        TOLD.tell(
                SCOPE,
                INSTANCE,
                ids.stream()
                        .map(id -> item(id, to(PROFILE, "arn:p/one")))
                        .toArray(Observation[]::new));
        for (Comparator<String> order :
                List.of(Comparator.<String>naturalOrder(), Comparator.<String>reverseOrder())) {
            // Of the instances, the first 100 by the id of the asset are looked at.
            String start =
                    ids.stream()
                            .min(Comparator.comparing(id -> name(SCOPE, INSTANCE, id), order))
                            .orElseThrow();
            Neighbourhood around =
                    new Neighbourhood(
                            stub().getAssetGraph(
                                            request(start, INSTANCE, SCOPE, 2)
                                                    .addAllResourceTypes(
                                                            List.of(ROLE, INSTANCE, FUNCTION))
                                                    .setMaxNodes(200)
                                                    .build()));
            assertThat(around.credentials())
                    .extracting(Neighbourhood.Place::label)
                    .containsExactly("AROA1", "arn:p/one");
            assertThat(around.beside(around.credentials(), FUNCTION).count()).isEqualTo(1);
            Neighbourhood.Found others = around.beside(around.credentials(), INSTANCE);
            assertThat(others.count()).isEqualTo(119);
            assertThat(others.places()).hasSizeBetween(99, 100);
        }
    }

    @Test
    void onlyWhatTheCallerMaySeeIsThere() {
        TOLD.tell(SCOPE, GROUP, item("sg-a"));
        assertThatThrownBy(() ->
                        AssetServiceGrpc.newBlockingStub(SERVICE.admin("100000000078"))
                                .getAssetGraph(request("sg-a", GROUP, SCOPE, 1).build()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
        Scope other = Enrolling.scope("100000000078");
        TOLD.tell(other, INSTANCE, item("i-a", to(GROUP, "sg-a")));
        assertThat(names(graph("sg-a", GROUP, 1))).containsExactly("sg-a");
    }

    @Test
    void startsAtWhatAwsCallsIt() {
        TOLD.tell(SCOPE, INSTANCE, item("i-a", to(ROLE, "writer")));
        TOLD.tell(ELSEWHERE, ROLE, named("AROA1", "writer", "arn:aws:iam::1:role/writer"));
        for (String text : List.of("AROA1", "writer", "arn:aws:iam::1:role/writer")) {
            assertThat(names(stub().getAssetGraph(start(ROLE, text))))
                    .containsExactly("AROA1", "i-a");
        }
        assertThat(names(stub().getAssetGraph(start(INSTANCE, "i-a"))))
                .containsExactly("i-a", "AROA1");
        assertThatThrownBy(() -> stub().getAssetGraph(start(ROLE, "reader")))
                .hasMessageContaining("NOT_FOUND")
                .hasMessageContaining("reader");
        assertThatThrownBy(() ->
                        AssetServiceGrpc.newBlockingStub(SERVICE.admin("100000000078"))
                                .getAssetGraph(start(ROLE, "writer")))
                .hasMessageContaining("NOT_FOUND");
    }

    private static GetAssetGraphRequest start(String type, String text) {
        return GetAssetGraphRequest.newBuilder()
                .setStart(
                        AssetReference.newBuilder()
                                .setScope(SCOPE)
                                .setResourceType(type)
                                .setNativeId(text))
                .build();
    }

    @Test
    void badRequestsAreRefused() {
        TOLD.tell(SCOPE, GROUP, item("sg-a"));
        GetAssetGraphRequest good = request("sg-a", GROUP, SCOPE, 1).build();
        for (GetAssetGraphRequest bad :
                List.of(
                        good.toBuilder().setName("sg-a").build(),
                        good.toBuilder().setDepth(4).build(),
                        good.toBuilder().setDepth(-1).build(),
                        good.toBuilder().setMaxNodes(-1).build(),
                        good.toBuilder().mergeFrom(start(GROUP, "sg-a")).build(),
                        start("", "sg-a"),
                        start(GROUP, ""),
                        good.toBuilder().addResourceTypes("").build())) {
            assertThatThrownBy(() -> stub().getAssetGraph(bad))
                    .hasMessageContaining("INVALID_ARGUMENT");
        }
    }

    @Test
    void whatWasWrittenBeforeThereWereRelationsGetsThemWhenItIsReadAgain() {
        TOLD.tell(SCOPE, GROUP, item("sg-a"));
        Observation volume = item("vol-a", to(GROUP, "sg-a"));
        TOLD.tell(SCOPE, VOLUME, volume);
        SERVICE.postgres().execute("UPDATE asset SET indexed = false; DELETE FROM asset_relation");
        assertThat(names(graph("sg-a", GROUP, 1))).containsExactly("sg-a");
        TOLD.tell(SCOPE, VOLUME, volume);
        assertThat(names(graph("sg-a", GROUP, 1))).containsExactly("sg-a", "vol-a");
    }

    @Test
    void tagsSayWhoseItIs() {
        TOLD.tell(
                SCOPE,
                VOLUME,
                new Observation(
                        "vol-a",
                        "",
                        Asset.newBuilder()
                                .putTags("Team", "shop")
                                .putTags("OWNER", " ")
                                .putTags("env", "prod")
                                .putTags("Criticality", "high")
                                .build(),
                        Optional.of("{}"),
                        ToldAssets.START));
        Asset asset = graph("vol-a", VOLUME, 1).getNodes(0).getAsset();
        assertThat(asset.getOwner()).isEqualTo("shop");
        assertThat(asset.getEnvironment()).isEqualTo("prod");
        assertThat(asset.getCriticality()).isEqualTo("high");
    }

    private Observation item(String id, AssetRelation... relations) {
        return item(id, Asset.newBuilder().addAllRelations(List.of(relations)));
    }

    private Observation named(String id, String name, String arn) {
        return item(id, Asset.newBuilder().setResourceName(name).setArn(arn));
    }

    private Observation item(String id, Asset.Builder description) {
        return new Observation(
                id,
                "",
                description.build(),
                Optional.of("{}"),
                ToldAssets.START.plusSeconds(seconds++));
    }

    private static AssetRelation to(String type, String id) {
        return Relations.of("Relates to", type, id);
    }

    private static AssetGraph graph(String id, String type, int depth, String... types) {
        return graph(id, type, SCOPE, depth, types);
    }

    private static AssetGraph graph(
            String id, String type, Scope scope, int depth, String... types) {
        return stub().getAssetGraph(
                        request(id, type, scope, depth)
                                .addAllResourceTypes(List.of(types))
                                .build());
    }

    private static GetAssetGraphRequest.Builder request(
            String id, String type, Scope scope, int depth) {
        return GetAssetGraphRequest.newBuilder().setName(name(scope, type, id)).setDepth(depth);
    }

    private static String name(Scope scope, String type, String id) {
        return "assets/" + dev.yagura.inventory.asset.Asset.id(scope, type, id);
    }

    private static List<String> names(AssetGraph graph) {
        return graph.getNodesList().stream().map(AssetNode::getNativeId).toList();
    }

    private static AssetNode node(AssetGraph graph, String id) {
        return graph.getNodesList().stream()
                .filter(node -> node.getNativeId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> says(AssetGraph graph, String source, String target) {
        return graph.getEdgesList().stream()
                .filter(edge -> graph.getNodes(edge.getSource()).getNativeId().equals(source))
                .filter(edge -> graph.getNodes(edge.getTarget()).getNativeId().equals(target))
                .map(AssetEdge::getName)
                .toList();
    }

    private static AssetServiceGrpc.AssetServiceBlockingStub stub() {
        return AssetServiceGrpc.newBlockingStub(SERVICE.admin(ACCOUNT));
    }
}
