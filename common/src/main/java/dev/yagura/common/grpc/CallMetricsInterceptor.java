package dev.yagura.common.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.Tag;
import io.helidon.metrics.api.Timer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Time of each call by method and status, as "yagura_grpc_server_calls". */
public final class CallMetricsInterceptor implements ServerInterceptor {
    private final MeterRegistry registry;

    public CallMetricsInterceptor(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public <Q, S> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
        long start = System.nanoTime();
        String method = call.getMethodDescriptor().getFullMethodName();
        return next.startCall(
                new SimpleForwardingServerCall<>(call) {
                    @Override
                    public void close(Status status, Metadata trailers) {
                        record(method, status, System.nanoTime() - start);
                        super.close(status, trailers);
                    }
                },
                headers);
    }

    private void record(String method, Status status, long nanos) {
        registry.getOrCreate(
                        Timer.builder("yagura_grpc_server_calls")
                                .description("Served gRPC calls")
                                .tags(
                                        List.of(
                                                Tag.create("method", method),
                                                Tag.create("code", status.getCode().name()))))
                .record(nanos, TimeUnit.NANOSECONDS);
    }
}
