package dev.yagura.detection.feed;

import dev.yagura.common.config.Settings;
import dev.yagura.common.grpc.GrpcClientConfig;
import dev.yagura.common.grpc.GrpcClients;
import dev.yagura.common.grpc.RemoteErrors;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.proto.ingest.v1.CommitPositionRequest;
import dev.yagura.proto.ingest.v1.EventFeedServiceGrpc;
import dev.yagura.proto.ingest.v1.GetLogRequest;
import dev.yagura.proto.ingest.v1.GetLogResponse;
import dev.yagura.proto.ingest.v1.Position;
import dev.yagura.proto.ingest.v1.ReadEventsRequest;
import dev.yagura.proto.ingest.v1.ReadEventsResponse;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** yagura.ingest.v1.EventFeedService of svc-ingest. */
@ApplicationScoped
class GrpcEventFeed implements EventFeed {
    private static final String CONSUMER = "detection";
    private static final String DEPENDENCY = "svc-ingest";

    private final GrpcClientConfig config;
    private final TlsFiles tls;
    private @Nullable ManagedChannel channel;

    @Inject
    GrpcEventFeed(Settings settings) {
        this.config = GrpcClientConfig.from(settings, "ingest");
        this.tls = TlsFiles.from(settings);
    }

    @Override
    public GetLogResponse log() {
        try {
            return stub().getLog(GetLogRequest.getDefaultInstance());
        } catch (StatusRuntimeException e) {
            throw RemoteErrors.translate(DEPENDENCY, e);
        }
    }

    @Override
    public void read(Position after, Handler handler) throws InterruptedException {
        // Whatever ends the reading ends the call too.
        Context.CancellableContext call = Context.ROOT.withCancellation();
        Context before = call.attach();
        try {
            Iterator<ReadEventsResponse> pages =
                    stub().readEvents(ReadEventsRequest.newBuilder().setAfter(after).build());
            boolean more = true;
            while (more && pages.hasNext()) {
                more = handler.take(pages.next());
            }
        } catch (StatusRuntimeException e) {
            throw RemoteErrors.translate(DEPENDENCY, e);
        } finally {
            call.detach(before);
            call.cancel(null);
        }
    }

    @Override
    public void commit(List<Position> positions, List<Position> replayFloors) {
        try {
            stub().commitPosition(
                            CommitPositionRequest.newBuilder()
                                    .setConsumer(CONSUMER)
                                    .addAllPositions(positions)
                                    .addAllReplayFloors(replayFloors)
                                    .build());
        } catch (StatusRuntimeException e) {
            throw RemoteErrors.translate(DEPENDENCY, e);
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
    void close() {
        if (channel != null) {
            channel.shutdownNow();
        }
    }
}
