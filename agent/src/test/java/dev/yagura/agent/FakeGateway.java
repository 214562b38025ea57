package dev.yagura.agent;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.yagura.agent.delivery.FakeLog;
import dev.yagura.common.grpc.GrpcServer;
import dev.yagura.common.grpc.GrpcServerConfig;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.proto.inventory.v1.AgentServiceGrpc;
import dev.yagura.proto.inventory.v1.EnrollAgentRequest;
import dev.yagura.proto.inventory.v1.EnrollAgentResponse;
import dev.yagura.proto.inventory.v1.IdentityProof;
import dev.yagura.proto.inventory.v1.ReportStatusRequest;
import dev.yagura.proto.inventory.v1.ReportStatusResponse;
import dev.yagura.proto.response.v1.AgentCommandServiceGrpc;
import dev.yagura.proto.response.v1.AgentHello;
import dev.yagura.proto.response.v1.ChannelWelcome;
import dev.yagura.proto.response.v1.ReceiveCommandsRequest;
import dev.yagura.proto.response.v1.ReceiveCommandsResponse;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.testkit.TestCertificates;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** Enrolment, heartbeat and log behind one address, as the gateway has them. */
final class FakeGateway extends AgentServiceGrpc.AgentServiceImplBase implements AutoCloseable {
    static final String TOKEN = "enrolment-secret";

    final FakeLog log = new FakeLog();
    final List<EnrollAgentRequest> enrolled = new CopyOnWriteArrayList<>();
    final List<ReportStatusRequest> reports = new CopyOnWriteArrayList<>();
    final List<AgentHello> hellos = new CopyOnWriteArrayList<>();
    private final TestCertificates certificates;
    private final GrpcServer server;

    FakeGateway(Path folder) throws Exception {
        certificates = new TestCertificates(folder, Clock.systemUTC());
        server =
                new GrpcServer(
                                new GrpcServerConfig(
                                        "localhost",
                                        0,
                                        512 * 1024,
                                        java.time.Duration.ofMillis(200),
                                        java.time.Duration.ofHours(1)),
                                TlsContexts.server(
                                        certificates.service("gateway"), ClientAuth.OPTIONAL),
                                new GrpcServer.Parts(
                                        List.of(this, log, new Commands()), List.of(), null))
                        .start();
    }

    String address() {
        return "localhost:" + server.port();
    }

    Path authority() {
        return certificates.authorityFile();
    }

    @Override
    public void enrollAgent(
            EnrollAgentRequest request, StreamObserver<EnrollAgentResponse> observer) {
        if (!request.getToken().equals(TOKEN)) {
            observer.onError(
                    Status.UNAUTHENTICATED.withDescription("the token is unknown").asException());
            return;
        }
        try {
            JcaPKCS10CertificationRequest signing =
                    new JcaPKCS10CertificationRequest(
                            request.getCertificateSigningRequest().toByteArray());
            if (!signing.isSignatureValid(
                    new JcaContentVerifierProviderBuilder().build(signing.getPublicKey()))) {
                throw new IllegalArgumentException("bad signature");
            }
            X509Certificate certificate =
                    certificates
                            .authority()
                            .issueAgent(
                                    "agent-1",
                                    signing.getPublicKey(),
                                    Instant.now(),
                                    java.time.Duration.ofDays(1));
            enrolled.add(request);
            observer.onNext(
                    EnrollAgentResponse.newBuilder()
                            .setAgentId("agent-1")
                            .setHostId("host-1")
                            .setIdentityProof(
                                    request.getInstanceIdentity().isEmpty()
                                            ? IdentityProof.IDENTITY_PROOF_UNPROVEN
                                            : IdentityProof
                                                    .IDENTITY_PROOF_INSTANCE_IDENTITY_DOCUMENT)
                            .addCertificateChain(ByteString.copyFrom(certificate.getEncoded()))
                            .setScope(
                                    Scope.newBuilder()
                                            .setPartition("aws")
                                            .setAccountId("111122223333")
                                            .setRegion("ap-northeast-1"))
                            .build());
            observer.onCompleted();
        } catch (Exception e) {
            observer.onError(
                    Status.INVALID_ARGUMENT
                            .withDescription(String.valueOf(e.getMessage()))
                            .asException());
        }
    }

    @Override
    public StreamObserver<ReportStatusRequest> reportStatus(
            StreamObserver<ReportStatusResponse> observer) {
        return new StreamObserver<>() {
            @Override
            public void onNext(ReportStatusRequest request) {
                reports.add(request);
                observer.onNext(
                        ReportStatusResponse.newBuilder()
                                .setNextReport(Duration.newBuilder().setNanos(100_000_000))
                                .build());
            }

            @Override
            public void onError(Throwable error) {
                // The agent is gone.
            }

            @Override
            public void onCompleted() {
                observer.onCompleted();
            }
        };
    }

    /** Orders nothing. */
    private final class Commands extends AgentCommandServiceGrpc.AgentCommandServiceImplBase {
        @Override
        public StreamObserver<ReceiveCommandsRequest> receiveCommands(
                StreamObserver<ReceiveCommandsResponse> observer) {
            return new StreamObserver<>() {
                @Override
                public void onNext(ReceiveCommandsRequest request) {
                    if (request.hasHello()) {
                        hellos.add(request.getHello());
                        observer.onNext(
                                ReceiveCommandsResponse.newBuilder()
                                        .setWelcome(ChannelWelcome.getDefaultInstance())
                                        .build());
                    }
                }

                @Override
                public void onError(Throwable error) {
                    // The agent is gone.
                }

                @Override
                public void onCompleted() {
                    observer.onCompleted();
                }
            };
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
