package dev.yagura.detection.rule;

import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.ErrorInterceptor;
import dev.yagura.common.grpc.GrpcClientConfig;
import dev.yagura.common.grpc.GrpcClients;
import dev.yagura.common.grpc.GrpcServer;
import dev.yagura.common.grpc.GrpcServerConfig;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.proto.detection.v1.RuleServiceGrpc;
import dev.yagura.proto.type.v1.PrincipalKind;
import dev.yagura.proto.type.v1.Role;
import io.grpc.Contexts;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** RuleService of one replica on a real gRPC server; the caller is who the test says. */
public final class RuleServer implements AutoCloseable {
    private final GrpcServer server;
    private final ManagedChannel channel;
    private volatile Principal caller = admin(Set.of());

    public RuleServer(RuleEndpoint endpoint, TlsFiles tls) throws IOException {
        server =
                new GrpcServer(
                                new GrpcServerConfig(
                                        "127.0.0.1",
                                        0,
                                        512 << 10,
                                        Duration.ofMillis(200),
                                        Duration.ofHours(1)),
                                TlsContexts.server(tls, ClientAuth.REQUIRE),
                                new GrpcServer.Parts(
                                        List.of(endpoint),
                                        List.of(new ErrorInterceptor(), new GivenCaller()),
                                        null))
                        .start();
        channel =
                GrpcClients.channel(
                        new GrpcClientConfig(
                                List.of(
                                        InetSocketAddress.createUnresolved(
                                                "127.0.0.1", server.port())),
                                Duration.ofSeconds(20)),
                        TlsContexts.client(tls));
    }

    /** Calls as an admin of these accounts, of all when there are none. */
    public void callAs(Set<String> accounts) {
        caller = admin(accounts);
    }

    public RuleServiceGrpc.RuleServiceBlockingStub stub() {
        return RuleServiceGrpc.newBlockingStub(channel).withWaitForReady();
    }

    public RuleServiceGrpc.RuleServiceStub asyncStub() {
        return RuleServiceGrpc.newStub(channel).withWaitForReady();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.close();
    }

    private static Principal admin(Set<String> accounts) {
        return new Principal(
                PrincipalKind.PRINCIPAL_KIND_USER,
                "token-1",
                "test",
                Role.ROLE_ADMIN,
                accounts,
                Optional.empty(),
                null);
    }

    private final class GivenCaller implements ServerInterceptor {
        @Override
        public <Q, S> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
            return Contexts.interceptCall(Callers.with(caller), call, headers, next);
        }
    }
}
