package dev.yagura.common.grpc;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import jakarta.enterprise.context.control.RequestContextController;
import jakarta.enterprise.inject.Instance;

/** A CDI request scope around each callback of calls that run on virtual threads. */
final class RequestScopeInterceptor implements ServerInterceptor {
    private final Instance<RequestContextController> controllers;

    RequestScopeInterceptor(Instance<RequestContextController> controllers) {
        this.controllers = controllers;
    }

    @Override
    public <Q, S> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
        if (!Thread.currentThread().isVirtual()) {
            return next.startCall(call, headers);
        }
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            @Override
            public void onMessage(Q message) {
                inScope(() -> super.onMessage(message));
            }

            @Override
            public void onHalfClose() {
                inScope(super::onHalfClose);
            }

            @Override
            public void onReady() {
                inScope(super::onReady);
            }
        };
    }

    private void inScope(Runnable callback) {
        RequestContextController controller = controllers.get();
        boolean activated = controller.activate();
        try {
            callback.run();
        } finally {
            if (activated) {
                controller.deactivate();
            }
            controllers.destroy(controller);
        }
    }
}
