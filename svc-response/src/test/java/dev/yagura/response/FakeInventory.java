package dev.yagura.response;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.inventory.v1.AssetGraph;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.GetAssetGraphRequest;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Graphs that the test has drawn, by where they start. */
public final class FakeInventory extends AssetServiceGrpc.AssetServiceImplBase {
    private final Map<String, AssetGraph> graphs = new ConcurrentHashMap<>();
    private final List<GetAssetGraphRequest> asked = new ArrayList<>();
    private volatile boolean away;

    @Override
    public void getAssetGraph(GetAssetGraphRequest request, StreamObserver<AssetGraph> observer) {
        synchronized (asked) {
            asked.add(request);
        }
        if (away) {
            observer.onError(Status.UNAVAILABLE.asRuntimeException());
            return;
        }
        @Nullable AssetGraph graph = graphs.get(request.getStart().getNativeId());
        if (graph == null) {
            observer.onError(
                    Status.NOT_FOUND
                            .withDescription(
                                    new NotFoundException("asset", request.getStart().getNativeId())
                                            .getMessage())
                            .asRuntimeException());
            return;
        }
        observer.onNext(graph);
        observer.onCompleted();
    }

    /** It has this around the resource. */
    void draw(String nativeId, AssetGraph graph) {
        graphs.put(nativeId, graph);
    }

    /** Whether it turns every call away. */
    void setAway(boolean away) {
        this.away = away;
    }

    /** The last question. */
    GetAssetGraphRequest lastAsked() {
        synchronized (asked) {
            return asked.getLast();
        }
    }

    /** Forgets everything. */
    void clear() {
        graphs.clear();
        away = false;
    }
}
