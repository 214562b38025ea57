package dev.yagura.detection.canary;

import dev.yagura.common.config.Settings;
import dev.yagura.common.grpc.GrpcClientConfig;
import dev.yagura.common.grpc.GrpcClients;
import dev.yagura.common.grpc.RemoteErrors;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.proto.ingest.v1.AppendCanaryRequest;
import dev.yagura.proto.ingest.v1.Canary;
import dev.yagura.proto.ingest.v1.CanaryAppend;
import dev.yagura.proto.ingest.v1.EventFeedServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** EventFeedService.AppendCanary of svc-ingest. Not tried again: the next round is. */
@ApplicationScoped
class GrpcCanaryLog implements CanaryLog {
    private final GrpcClientConfig config;
    private final TlsFiles tls;
    private @Nullable ManagedChannel channel;

    @Inject
    GrpcCanaryLog(Settings settings) {
        this.config = GrpcClientConfig.from(settings, "ingest");
        this.tls = TlsFiles.from(settings);
    }

    @Override
    public List<CanaryAppend> append(Canary canary) {
        try {
            return stub().appendCanary(AppendCanaryRequest.newBuilder().setCanary(canary).build())
                    .getAppendsList();
        } catch (StatusRuntimeException e) {
            throw RemoteErrors.translate("svc-ingest", e);
        }
    }

    private synchronized EventFeedServiceGrpc.EventFeedServiceBlockingStub stub() {
        if (channel == null) {
            try {
                channel = GrpcClients.channel(config, TlsContexts.client(tls));
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }
        return EventFeedServiceGrpc.newBlockingStub(channel);
    }

    @PreDestroy
    synchronized void close() {
        if (channel != null) {
            channel.shutdownNow();
        }
    }
}
