package dev.yagura.gateway.proxy;

import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.grpc.StatusTable;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;

/**
 * One call, passed on in both directions. Deadline and cancellation travel in the gRPC context that
 * both calls share.
 */
final class Relay {
    private static final Metadata.Key<String> ENCODING =
            Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);

    private static final String GZIP = "gzip";
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final String service;
    private final ServerCall<byte[], byte[]> caller;
    private final ClientCall<byte[], byte[]> upstream;
    private final Runnable afterwards;
    private final Context context = Context.current();
    private final Coupling requests;
    private final Coupling responses;

    /**
     * A call and the one that answers it.
     *
     * @param service who answers, for people: "svc-ingest"
     * @param afterwards runs once when the upstream's call is over
     */
    Relay(
            String service,
            ServerCall<byte[], byte[]> caller,
            ClientCall<byte[], byte[]> upstream,
            Runnable afterwards) {
        this.service = service;
        this.caller = caller;
        this.upstream = upstream;
        this.afterwards = afterwards;
        this.requests = new Coupling(upstream::isReady, () -> caller.request(1));
        this.responses = new Coupling(caller::isReady, () -> upstream.request(1));
    }

    ServerCall.Listener<byte[]> start(Metadata headers) {
        // Who packs what it sends can unpack what it gets. Inside the platform nothing is packed:
        // telemetry is, already.
        if (GZIP.equals(headers.get(ENCODING))) {
            caller.setCompression(GZIP);
        }
        upstream.start(new Responses(), headers);
        caller.request(1);
        upstream.request(1);
        return new Requests();
    }

    private final class Requests extends ServerCall.Listener<byte[]> {
        @Override
        public void onMessage(byte[] message) {
            upstream.sendMessage(message);
            requests.passed();
        }

        @Override
        public void onHalfClose() {
            upstream.halfClose();
        }

        @Override
        public void onReady() {
            responses.ready();
        }

        @Override
        public void onCancel() {
            upstream.cancel("the caller cancelled", null);
        }
    }

    private final class Responses extends ClientCall.Listener<byte[]> {
        @Override
        public void onHeaders(Metadata headers) {
            caller.sendHeaders(headers);
        }

        @Override
        public void onMessage(byte[] message) {
            caller.sendMessage(message);
            responses.passed();
        }

        @Override
        public void onReady() {
            requests.ready();
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            afterwards.run();
            if (callerIsGone()) {
                return;
            }
            if (isLoss(status, trailers)) {
                StatusRuntimeException away =
                        StatusTable.status(
                                new DependencyUnavailableException(service, RETRY_AFTER));
                Metadata details = away.getTrailers();
                caller.close(away.getStatus(), details == null ? new Metadata() : details);
            } else {
                caller.close(status.withCause(null), trailers);
            }
        }
    }

    /**
     * The transport answers a call that it ended itself, and cancels the context first. A second
     * answer, to a message that was too large, would break the whole connection.
     */
    private boolean callerIsGone() {
        return caller.isCancelled() || context.isCancelled();
    }

    /**
     * What the transport made up, since a service says why: UNAVAILABLE when the connection was
     * lost, CANCELLED when a service that stops reset what had not ended in time.
     */
    private static boolean isLoss(Status status, Metadata trailers) {
        return (status.getCode() == Status.Code.UNAVAILABLE
                        || status.getCode() == Status.Code.CANCELLED)
                && StatusProto.fromStatusAndTrailers(status, trailers).getDetailsCount() == 0;
    }
}
