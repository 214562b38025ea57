package dev.yagura.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.detection.v1.AlertServiceGrpc;
import dev.yagura.proto.detection.v1.WatchAlertsRequest;
import dev.yagura.proto.detection.v1.WatchAlertsResponse;
import dev.yagura.proto.ingest.v1.StreamTelemetryRequest;
import dev.yagura.proto.ingest.v1.StreamTelemetryResponse;
import dev.yagura.proto.ingest.v1.TelemetryServiceGrpc;
import dev.yagura.proto.response.v1.AgentCommandServiceGrpc;
import dev.yagura.proto.response.v1.ReceiveCommandsRequest;
import dev.yagura.proto.response.v1.ReceiveCommandsResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A call that reads only what it asked for. */
abstract class RawCall<Q, S> extends ClientCall.Listener<S> {
    final ClientCall<Q, S> call;
    final AtomicInteger received = new AtomicInteger();
    private final CompletableFuture<StatusRuntimeException> end = new CompletableFuture<>();

    private RawCall(Channel channel, MethodDescriptor<Q, S> method) {
        call = channel.newCall(method, CallOptions.DEFAULT);
    }

    void request(int count) {
        call.request(count);
    }

    /** Waits for the end, whatever its status. */
    StatusRuntimeException end() throws Exception {
        return Calls.within(end);
    }

    Status.Code endCode() throws Exception {
        return end().getStatus().getCode();
    }

    boolean isOver() {
        return end.isDone();
    }

    @Override
    public void onMessage(S message) {
        received.incrementAndGet();
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        end.complete(new StatusRuntimeException(status, trailers));
    }

    /** Alerts as they come. */
    static final class Watch extends RawCall<WatchAlertsRequest, WatchAlertsResponse> {
        Watch(Channel channel) {
            super(channel, AlertServiceGrpc.getWatchAlertsMethod());
            call.start(this, new Metadata());
            call.sendMessage(WatchAlertsRequest.getDefaultInstance());
            call.halfClose();
        }

        /** A watch that has its first alert and asks for no more. */
        static Watch begun(Channel channel) {
            Watch watch = new Watch(channel);
            watch.request(1);
            Calls.await(() -> watch.isOver() || watch.received.get() == 1);
            assertThat(watch.isOver()).as("the watch ended").isFalse();
            return watch;
        }
    }

    /** The command channel of an agent; sends nothing by itself. */
    static final class CommandCall
            extends RawCall<ReceiveCommandsRequest, ReceiveCommandsResponse> {
        CommandCall(Channel channel) {
            super(channel, AgentCommandServiceGrpc.getReceiveCommandsMethod());
            call.start(this, new Metadata());
            call.request(1);
        }
    }

    /** Telemetry of an agent; sends nothing by itself. */
    static final class TelemetryCall
            extends RawCall<StreamTelemetryRequest, StreamTelemetryResponse> {
        TelemetryCall(Channel channel) {
            super(channel, TelemetryServiceGrpc.getStreamTelemetryMethod());
            call.start(this, new Metadata());
            call.request(1);
        }
    }
}
