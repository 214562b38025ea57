package dev.yagura.common.graph;

import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.grpc.GrpcClientConfig;
import dev.yagura.common.grpc.GrpcClients;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.GetAssetGraphRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;

/** yagura.inventory.v1.AssetService/GetAssetGraph, over mutual TLS. */
public final class GrpcAssetGraphs implements AssetGraphs {
    private static final String DEPENDENCY = "svc-inventory";
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final ManagedChannel channel;
    private final AssetServiceGrpc.AssetServiceBlockingStub stub;

    /**
     * A client with a channel of its own.
     *
     * @param config with the deadline of a call, its retries among it
     */
    public GrpcAssetGraphs(GrpcClientConfig config, TlsFiles tls) throws IOException {
        this.channel = GrpcClients.channel(config, TlsContexts.client(tls));
        this.stub = AssetServiceGrpc.newBlockingStub(channel);
    }

    @Override
    public Neighbourhood around(GetAssetGraphRequest request) {
        try {
            return new Neighbourhood(stub.getAssetGraph(request));
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                throw new NotFoundException(
                        "asset",
                        request.getName().isEmpty()
                                ? request.getStart().getNativeId()
                                : request.getName());
            }
            // An inventory of another version, too: whoever asks can do without an answer.
            throw new DependencyUnavailableException(DEPENDENCY, RETRY_AFTER, e);
        } catch (IllegalArgumentException e) {
            throw new DependencyUnavailableException(DEPENDENCY, RETRY_AFTER, e);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
