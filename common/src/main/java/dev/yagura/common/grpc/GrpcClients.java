package dev.yagura.common.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Channels with this platform's rules: a deadline on every unary call, bounded retries with jitter
 * of calls that the server did not take, all addresses used, dead connections found by keepalive.
 */
public final class GrpcClients {
    private static final int MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
    private static final int FLOW_CONTROL_WINDOW = 1024 * 1024;

    private GrpcClients() {}

    /** A channel; the caller shuts it down. */
    public static ManagedChannel channel(GrpcClientConfig config, SslContext tls) {
        return builder(config, tls).defaultServiceConfig(retries()).build();
    }

    /**
     * A channel that forwards calls of others: whether to try again is for the first caller to
     * decide, or each hop would multiply the tries. What no server has taken is still sent again.
     */
    public static ManagedChannel forwarding(GrpcClientConfig config, SslContext tls) {
        return builder(config, tls).build();
    }

    private static NettyChannelBuilder builder(GrpcClientConfig config, SslContext tls) {
        return NettyChannelBuilder.forTarget(StaticAddresses.target(config.addresses()))
                .sslContext(tls)
                .defaultLoadBalancingPolicy("round_robin")
                .enableRetry()
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .flowControlWindow(FLOW_CONTROL_WINDOW)
                .keepAliveTime(30, TimeUnit.SECONDS)
                .keepAliveTimeout(10, TimeUnit.SECONDS)
                .intercept(new DefaultDeadline(config.deadline()));
    }

    /**
     * grpc-java spreads each back-off by ±20 %. Streams are retried only before the first answer.
     */
    private static Map<String, Object> retries() {
        return Map.of(
                "methodConfig",
                List.of(
                        Map.of(
                                "name",
                                List.of(Map.of()),
                                "retryPolicy",
                                Map.of(
                                        "maxAttempts",
                                        4.0,
                                        "initialBackoff",
                                        "0.1s",
                                        "maxBackoff",
                                        "2s",
                                        "backoffMultiplier",
                                        3.0,
                                        "retryableStatusCodes",
                                        List.of("UNAVAILABLE")))));
    }

    private record DefaultDeadline(Duration deadline) implements ClientInterceptor {
        @Override
        public <Q, S> ClientCall<Q, S> interceptCall(
                MethodDescriptor<Q, S> method, CallOptions options, Channel next) {
            boolean unary = method.getType() == MethodDescriptor.MethodType.UNARY;
            CallOptions bounded =
                    unary && options.getDeadline() == null
                            ? options.withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS)
                            : options;
            return next.newCall(method, bounded);
        }
    }
}
