package dev.yagura.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetRelation;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetState;
import dev.yagura.proto.inventory.v1.GetAssetRequest;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.proto.inventory.v1.ListAssetsResponse;
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
    void listsOneTypeAndShowsWhatConfigKeeps() {
        assertThat(run("assets", "list", "--type", "AWS::S3::Bucket")).isZero();
        assertThat(out).contains("CALLED", "triage", "AWS::S3::Bucket", "yagura-triage", "active");

        assertThat(run("assets", "show", "assets/b")).isZero();
        assertThat(out).contains("vol-1").contains("size");
    }
}
