package dev.yagura.ingest.telemetry;

import dev.yagura.common.error.YaguraException;
import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.DirectCallbacks;
import dev.yagura.proto.ingest.v1.StreamTelemetryRequest;
import dev.yagura.proto.ingest.v1.StreamTelemetryResponse;
import dev.yagura.proto.ingest.v1.TelemetryServiceGrpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Receives on the transport's threads: enqueues, never blocks. */
@ApplicationScoped
@DirectCallbacks
class TelemetryEndpoint implements TelemetryServiceGrpc.AsyncService, BindableService {
    private final Intake intake;

    @Inject
    TelemetryEndpoint(Intake intake) {
        this.intake = intake;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return TelemetryServiceGrpc.bindService(this);
    }

    @Override
    public StreamObserver<StreamTelemetryRequest> streamTelemetry(
            StreamObserver<StreamTelemetryResponse> responses) {
        ServerCallStreamObserver<StreamTelemetryResponse> call =
                (ServerCallStreamObserver<StreamTelemetryResponse>) responses;
        call.disableAutoRequest();
        TelemetryStream stream =
                intake.accept(Callers.current().requireAgent(), new CallPeer(call));
        call.setOnReadyHandler(stream::requestMore);
        call.setOnCancelHandler(stream::cancel);
        call.request(1);
        return new StreamObserver<>() {
            @Override
            public void onNext(StreamTelemetryRequest message) {
                stream.receive(message);
            }

            @Override
            public void onError(Throwable error) {
                stream.cancel();
            }

            @Override
            public void onCompleted() {
                stream.halfClose();
            }
        };
    }

    private record CallPeer(ServerCallStreamObserver<StreamTelemetryResponse> call)
            implements StreamPeer {
        @Override
        public void send(StreamTelemetryResponse message) {
            call.onNext(message);
        }

        @Override
        public void request() {
            call.request(1);
        }

        @Override
        public boolean isReady() {
            return call.isReady();
        }

        @Override
        public void complete() {
            call.onCompleted();
        }

        @Override
        public void fail(YaguraException error) {
            call.onError(error);
        }

        @Override
        public void endForNewer() {
            call.onError(
                    Status.ABORTED
                            .withDescription("a newer stream of this spool took over")
                            .asRuntimeException());
        }
    }
}
