package dev.yagura.cli;

import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.proto.inventory.v1.ListAssetsResponse;
import dev.yagura.proto.type.v1.Scope;
import io.grpc.stub.StreamObserver;

/** Every instance is known. */
final class CannedAssets extends AssetServiceGrpc.AssetServiceImplBase {
    @Override
    public void listAssets(ListAssetsRequest request, StreamObserver<ListAssetsResponse> observer) {
        observer.onNext(
                ListAssetsResponse.newBuilder()
                        .addAssets(
                                Asset.newBuilder()
                                        .setNativeId(request.getFilter().getInstanceId())
                                        .setScope(Scope.newBuilder().setAccountId("111122223333")))
                        .build());
        observer.onCompleted();
    }
}
