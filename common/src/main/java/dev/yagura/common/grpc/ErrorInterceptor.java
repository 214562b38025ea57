package dev.yagura.common.grpc;

import dev.yagura.common.error.YaguraException;
import dev.yagura.common.log.LogKeys;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every error of a call, thrown or given to the observer, becomes a status by {@link StatusTable}.
 * The unforeseen is logged once with an id, and answered with that id.
 */
public final class ErrorInterceptor implements ServerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorInterceptor.class);

    @Override
    public <Q, S> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
        ErrorCall<Q, S> guarded = new ErrorCall<>(call);
        try {
            return new GuardedListener<>(next.startCall(guarded, headers), guarded);
        } catch (RuntimeException e) {
            guarded.fail(e);
            return new ServerCall.Listener<>() {};
        }
    }

    private static final class ErrorCall<Q, S> extends SimpleForwardingServerCall<Q, S> {
        private final AtomicBoolean closed = new AtomicBoolean();

        ErrorCall(ServerCall<Q, S> call) {
            super(call);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (!closed.compareAndSet(false, true)) {
                return;
            }
            Throwable cause = status.getCause();
            if (status.isOk() || cause == null || isStatus(cause)) {
                super.close(status, trailers);
            } else {
                StatusRuntimeException answer = answer(cause);
                Metadata details = answer.getTrailers();
                if (details != null) {
                    trailers.merge(details);
                }
                super.close(answer.getStatus(), trailers);
            }
        }

        void fail(RuntimeException error) {
            Metadata trailers = Status.trailersFromThrowable(error);
            close(Status.fromThrowable(error), trailers == null ? new Metadata() : trailers);
        }

        private StatusRuntimeException answer(Throwable cause) {
            Optional<YaguraException> expected = expected(cause);
            if (expected.isPresent()) {
                return StatusTable.status(expected.get());
            }
            String errorId = UUID.randomUUID().toString();
            LOG.atError()
                    .addKeyValue(LogKeys.ERROR_ID, errorId)
                    .addKeyValue(LogKeys.METHOD, getMethodDescriptor().getFullMethodName())
                    .setCause(cause)
                    .log("call failed unforeseen");
            return StatusTable.unforeseen(errorId);
        }
    }

    private static boolean isStatus(Throwable cause) {
        return cause instanceof StatusRuntimeException || cause instanceof StatusException;
    }

    /** Transactions and proxies wrap what the domain threw. */
    private static Optional<YaguraException> expected(Throwable error) {
        for (@Nullable Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof YaguraException expected) {
                return Optional.of(expected);
            }
        }
        return Optional.empty();
    }

    private static final class GuardedListener<Q> extends SimpleForwardingServerCallListener<Q> {
        private final ErrorCall<Q, ?> call;

        GuardedListener(ServerCall.Listener<Q> listener, ErrorCall<Q, ?> call) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            guard(() -> super.onMessage(message));
        }

        @Override
        public void onHalfClose() {
            guard(super::onHalfClose);
        }

        @Override
        public void onReady() {
            guard(super::onReady);
        }

        @Override
        public void onCancel() {
            guard(super::onCancel);
        }

        @Override
        public void onComplete() {
            guard(super::onComplete);
        }

        private void guard(Runnable callback) {
            try {
                callback.run();
            } catch (RuntimeException e) {
                call.fail(e);
            }
        }
    }
}
