package dev.yagura.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetEdge;
import dev.yagura.proto.inventory.v1.AssetGraph;
import dev.yagura.proto.inventory.v1.AssetNode;
import dev.yagura.proto.inventory.v1.AssetRelation;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetState;
import dev.yagura.proto.inventory.v1.GetAssetGraphRequest;
import dev.yagura.proto.inventory.v1.GetAssetRequest;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.proto.inventory.v1.ListAssetsResponse;
import dev.yagura.proto.inventory.v1.OmittedNeighbours;
import io.grpc.BindableService;
import io.grpc.stub.StreamObserver;
import java.util.List;
import org.junit.jupiter.api.Test;

/** yagura assets. */
class AssetsCommandTest extends CommandTest {
    private static final Asset BUCKET =
            Asset.newBuilder()
                    .setName("assets/b")
                    .setNativeId("yagura-triage")
                    .setResourceName("triage")
                    .setState(AssetState.ASSET_STATE_ACTIVE)
                    .addRelations(AssetRelation.newBuilder().setNativeId("vol-1"))
                    .setConfiguration("{\"size\":8}")
                    .build();

    /** One asset, of the type that is asked for. */
    private static final class Bucket extends AssetServiceGrpc.AssetServiceImplBase {
        @Override
        public void listAssets(
                ListAssetsRequest request, StreamObserver<ListAssetsResponse> observer) {
            observer.onNext(
                    ListAssetsResponse.newBuilder()
                            .addAssets(
                                    BUCKET.toBuilder()
                                            .setResourceType(request.getFilter().getResourceType()))
                            .build());
            observer.onCompleted();
        }

        @Override
        public void getAssetGraph(
                GetAssetGraphRequest request, StreamObserver<AssetGraph> observer) {
            observer.onNext(
                    AssetGraph.newBuilder()
                            .addNodes(
                                    AssetNode.newBuilder()
                                            .setAsset(BUCKET)
                                            .setResourceType("AWS::S3::Bucket")
                                            .setNativeId("yagura-triage")
                                            .addOmitted(
                                                    OmittedNeighbours.newBuilder()
                                                            .setResourceType("AWS::IAM::Role")
                                                            .setCount(7)))
                            .addNodes(
                                    AssetNode.newBuilder()
                                            .setResourceType("AWS::IAM::Role")
                                            .setNativeId(request.getName())
                                            .setDepth(request.getDepth()))
                            .addEdges(
                                    AssetEdge.newBuilder()
                                            .setSource(1)
                                            .setTarget(0)
                                            .setName("May read Bucket"))
                            .build());
            observer.onCompleted();
        }

        @Override
        public void getAsset(GetAssetRequest request, StreamObserver<Asset> observer) {
            observer.onNext(BUCKET);
            observer.onCompleted();
        }
    }

    @Override
    List<BindableService> services() {
        return List.of(new Bucket());
    }

    @Test
    void drawsWhatIsAroundAnAsset() {
        assertThat(run("assets", "graph", "yagura-triage", "--depth", "2")).isZero();
        assertThat(out.lines())
                .containsExactly(
                        "AWS::S3::Bucket yagura-triage (triage)",
                        "├─ ← May read Bucket  AWS::IAM::Role assets/b (not in the inventory)",
                        "└─ 7 more AWS::IAM::Role");

        assertThat(run("assets", "graph", "assets/b", "-o", "json")).isZero();
        assertThat(out).contains("\"edges\":").contains("\"depth\":1");
    }

    @Test
    void listsOneTypeAndShowsWhatConfigKeeps() {
        assertThat(run("assets", "list", "--type", "AWS::S3::Bucket")).isZero();
        assertThat(out).contains("CALLED", "triage", "AWS::S3::Bucket", "yagura-triage", "active");

        assertThat(run("assets", "list", "--filter", "tags.env = prod", "--limit", "1")).isZero();
        assertThat(out).contains("triage").doesNotContain("AWS::S3::Bucket");

        assertThat(run("assets", "show", "assets/b")).isZero();
        assertThat(out).contains("vol-1").contains("size");
    }
}
