package dev.yagura.gateway.guard;

import dev.yagura.common.error.YaguraException;
import dev.yagura.common.grpc.StatusTable;
import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * A call that another thread may end: gRPC's calls are for one thread, so sending and closing are
 * under a lock, and what comes after the end is dropped.
 */
final class GrpcGuardedCall<Q, S> extends SimpleForwardingServerCall<Q, S> {
    private final Object lock = new Object();
    private @Nullable GrpcOutcome outcome;
    private @Nullable AdmittedCall admitted;
    private Context.@Nullable CancellableContext context;

    GrpcGuardedCall(ServerCall<Q, S> call) {
        super(call);
    }

    void opened(AdmittedCall call, Context.CancellableContext callContext) {
        @Nullable GrpcOutcome earlyEnd;
        synchronized (lock) {
            admitted = call;
            context = callContext;
            earlyEnd = outcome;
        }
        if (earlyEnd != null) {
            call.end(earlyEnd);
            callContext.cancel(null);
        }
    }

    @Override
    public void sendHeaders(Metadata headers) {
        synchronized (lock) {
            if (outcome == null) {
                super.sendHeaders(headers);
            }
        }
    }

    @Override
    public void sendMessage(S message) {
        synchronized (lock) {
            if (outcome == null) {
                super.sendMessage(message);
            }
        }
    }

    @Override
    public void close(Status status, Metadata trailers) {
        GrpcOutcome end = GrpcOutcome.of(status, trailers);
        synchronized (lock) {
            if (outcome != null) {
                return;
            }
            outcome = end;
            super.close(status, trailers);
        }
        end(end);
    }

    /** Ends the call and what serves it, also when its client reads nothing. */
    void terminate(YaguraException reason) {
        StatusRuntimeException answer = StatusTable.status(reason);
        close(answer.getStatus(), GuardInterceptor.trailers(answer));
        cancelContext();
    }

    private void end(GrpcOutcome end) {
        @Nullable AdmittedCall call;
        synchronized (lock) {
            call = admitted;
        }
        if (call != null) {
            call.end(end);
        }
    }

    private void cancelContext() {
        Context.@Nullable CancellableContext ended;
        synchronized (lock) {
            ended = context;
        }
        if (ended != null) {
            ended.cancel(null);
        }
    }

    /** Tells the end that comes from the client's side. */
    static final class EndListener<Q> extends SimpleForwardingServerCallListener<Q> {
        private final GrpcGuardedCall<Q, ?> call;

        EndListener(ServerCall.Listener<Q> listener, GrpcGuardedCall<Q, ?> call) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onCancel() {
            call.end(GrpcOutcome.CANCELLED);
            super.onCancel();
            call.cancelContext();
        }

        @Override
        public void onComplete() {
            super.onComplete();
            call.cancelContext();
        }
    }
}
