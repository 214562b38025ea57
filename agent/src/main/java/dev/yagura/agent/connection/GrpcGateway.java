package dev.yagura.agent.connection;

import dev.yagura.agent.enrollment.AgentIdentity;
import dev.yagura.agent.enrollment.GatewayAddress;
import dev.yagura.agent.enrollment.StateFolder;
import dev.yagura.agent.failure.AgentFailure;
import dev.yagura.common.grpc.GrpcClientConfig;
import dev.yagura.common.grpc.GrpcClients;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.proto.inventory.v1.AgentServiceGrpc;
import dev.yagura.proto.inventory.v1.EnrollAgentRequest;
import dev.yagura.proto.inventory.v1.EnrollAgentResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Opens channels to the gateway. */
public final class GrpcGateway {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private GrpcGateway() {}

    /** With the agent's certificate; the caller shuts it down. */
    public static ManagedChannel channel(StateFolder state, AgentIdentity identity) {
        try {
            return channel(identity.gatewayAddress(), TlsContexts.client(state.tls()));
        } catch (IOException e) {
            throw new AgentFailure(
                    AgentFailure.Kind.FAILED,
                    "certificate or key in "
                            + state.path()
                            + " not usable ("
                            + e.getMessage()
                            + "): remove agent.pem and enroll again",
                    e);
        }
    }

    /**
     * Enrols without a certificate.
     *
     * @param authority certificate of the gateway's authority, PEM
     */
    public static EnrollAgentResponse enroll(
            String gateway, Path authority, EnrollAgentRequest request) {
        ManagedChannel channel = channel(GatewayAddress.parse(gateway), trusting(authority));
        try {
            return AgentServiceGrpc.newBlockingStub(channel).enrollAgent(request);
        } catch (StatusRuntimeException e) {
            throw GrpcFailures.of(e, gateway);
        } finally {
            channel.shutdownNow();
        }
    }

    private static SslContext trusting(Path authority) {
        try {
            return TlsContexts.clientWithoutCertificate(authority);
        } catch (IOException | IllegalArgumentException e) {
            throw new AgentFailure(
                    AgentFailure.Kind.USAGE,
                    "--ca: "
                            + authority
                            + " cannot be read or holds no certificate in PEM: give the CA file of the gateway",
                    e);
        }
    }

    private static ManagedChannel channel(InetSocketAddress address, SslContext tls) {
        return GrpcClients.channel(new GrpcClientConfig(List.of(address), DEADLINE), tls);
    }
}
