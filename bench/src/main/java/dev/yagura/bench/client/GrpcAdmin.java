package dev.yagura.bench.client;

import com.google.protobuf.ByteString;
import dev.yagura.common.grpc.GrpcClientConfig;
import dev.yagura.common.grpc.GrpcClients;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.common.tls.CertificateAuthority;
import dev.yagura.common.tls.Pem;
import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.detection.v1.AlertServiceGrpc;
import dev.yagura.proto.detection.v1.ListAlertsRequest;
import dev.yagura.proto.detection.v1.ListAlertsResponse;
import dev.yagura.proto.ingest.v1.LedgerHour;
import dev.yagura.proto.ingest.v1.LedgerServiceGrpc;
import dev.yagura.proto.ingest.v1.ListLedgersRequest;
import dev.yagura.proto.ingest.v1.ListLedgersResponse;
import dev.yagura.proto.inventory.v1.AgentServiceGrpc;
import dev.yagura.proto.inventory.v1.CreateEnrollmentTokenRequest;
import dev.yagura.proto.inventory.v1.EnrollAgentRequest;
import dev.yagura.proto.inventory.v1.EnrollAgentResponse;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionServiceGrpc;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.GetActionRequest;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.type.v1.Scope;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** An administrator with a bearer token, and a host that enrols. */
public final class GrpcAdmin implements AutoCloseable {
    /** Account and region of the AWS stand-in. */
    public static final Scope SCOPE =
            Scope.newBuilder()
                    .setPartition("aws")
                    .setAccountId("111122223333")
                    .setRegion("ap-northeast-1")
                    .build();

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final int PAGE = 500;

    private final ManagedChannel channel;
    private final Channel authorized;

    /**
     * Connects when the first call is made.
     *
     * @param port of the gateway on localhost
     * @param authority of the gateway's certificate, PEM
     * @param token bearer token with the role admin
     */
    public GrpcAdmin(int port, Path authority, String token) throws IOException {
        channel =
                GrpcClients.channel(
                        new GrpcClientConfig(
                                List.of(InetSocketAddress.createUnresolved("localhost", port)),
                                DEADLINE),
                        TlsContexts.clientWithoutCertificate(authority));
        Metadata headers = new Metadata();
        headers.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + token);
        authorized =
                ClientInterceptors.intercept(
                        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /**
     * Enrols agents of made-up instances, each with a key of its own.
     *
     * @param count how many; the same number always gives the same instance ids
     */
    public List<EnrolledAgent> enrol(int count) throws GeneralSecurityException {
        String secret =
                AgentServiceGrpc.newBlockingStub(authorized)
                        .createEnrollmentToken(
                                CreateEnrollmentTokenRequest.newBuilder()
                                        .setScope(SCOPE)
                                        .setMaxUses(count)
                                        .setDescription("load generator")
                                        .build())
                        .getSecret();
        List<EnrolledAgent> agents = new ArrayList<>(count);
        for (int number = 1; number <= count; number++) {
            agents.add(enrol(secret, device(number)));
        }
        return agents;
    }

    private static Device device(int number) {
        return Device.newBuilder()
                .setScope(SCOPE)
                .setInstanceId("i-0be0c4%011d".formatted(number))
                .setHostname("bench-%d".formatted(number))
                .setOs("linux")
                .setBootId("00000000-0000-4000-8000-%012d".formatted(number))
                .build();
    }

    private EnrolledAgent enrol(String secret, Device device) throws GeneralSecurityException {
        KeyPair pair = CertificateAuthority.newKeyPair();
        EnrollAgentResponse answer =
                AgentServiceGrpc.newBlockingStub(channel)
                        .enrollAgent(
                                EnrollAgentRequest.newBuilder()
                                        .setToken(secret)
                                        .setCertificateSigningRequest(signingRequest(pair))
                                        .setDevice(device)
                                        .setVersion("bench")
                                        .build());
        ByteArrayOutputStream chain = new ByteArrayOutputStream();
        answer.getCertificateChainList()
                .forEach(certificate -> chain.writeBytes(certificate.toByteArray()));
        return new EnrolledAgent(
                answer.getAgentId(),
                device.toBuilder()
                        .setHostId(answer.getHostId())
                        .setScope(answer.getScope())
                        .build(),
                pair.getPrivate(),
                Pem.certificates(chain.toByteArray()));
    }

    private static ByteString signingRequest(KeyPair pair) throws GeneralSecurityException {
        try {
            return ByteString.copyFrom(
                    new JcaPKCS10CertificationRequestBuilder(
                                    new X500Principal("CN=bench"), pair.getPublic())
                            .build(
                                    new JcaContentSignerBuilder("SHA256withECDSA")
                                            .build(pair.getPrivate()))
                            .getEncoded());
        } catch (OperatorCreationException | IOException e) {
            throw new GeneralSecurityException("cannot make a certificate signing request", e);
        }
    }

    /** Every alert, and the cursor from which a watch misses nothing that comes after them. */
    public Alerts alerts() {
        List<Alert> all = new ArrayList<>();
        String cursor = "";
        String page = "";
        do {
            ListAlertsResponse answer =
                    AlertServiceGrpc.newBlockingStub(authorized)
                            .listAlerts(
                                    ListAlertsRequest.newBuilder()
                                            .setPageSize(PAGE)
                                            .setPageToken(page)
                                            .build());
            cursor = cursor.isEmpty() ? answer.getCursor() : cursor;
            all.addAll(answer.getAlertsList());
            page = answer.getNextPageToken();
        } while (!page.isEmpty());
        return new Alerts(all, cursor);
    }

    /**
     * A whole list.
     *
     * @param cursor of the first page: what was committed while paging comes again in the watch
     */
    public record Alerts(List<Alert> all, String cursor) {
        public Alerts {
            all = List.copyOf(all);
        }
    }

    /** The loss ledger of every agent and hour. */
    public List<LedgerHour> ledger() {
        List<LedgerHour> all = new ArrayList<>();
        String page = "";
        do {
            ListLedgersResponse answer =
                    LedgerServiceGrpc.newBlockingStub(authorized)
                            .listLedgers(
                                    ListLedgersRequest.newBuilder()
                                            .setPageSize(PAGE)
                                            .setPageToken(page)
                                            .build());
            all.addAll(answer.getLedgersList());
            page = answer.getNextPageToken();
        } while (!page.isEmpty());
        return all;
    }

    /** Asks for the isolation of an instance of the AWS stand-in. */
    public Action isolate(String instanceId) {
        return ActionServiceGrpc.newBlockingStub(authorized)
                .createAction(
                        CreateActionRequest.newBuilder()
                                .setKind(ActionKind.ACTION_KIND_ISOLATE_INSTANCE)
                                .setTarget(
                                        ActionTarget.newBuilder()
                                                .setScope(SCOPE)
                                                .setInstanceId(instanceId))
                                .setReason("bench")
                                .setRequestId(UUID.randomUUID().toString())
                                .build());
    }

    /** An action as it is now. */
    public Action action(String name) {
        return ActionServiceGrpc.newBlockingStub(authorized)
                .getAction(GetActionRequest.newBuilder().setName(name).build());
    }

    /** Follows alerts from a cursor of {@link #alerts()}. */
    public GrpcAlertFollower follow(String cursor, GrpcAlertFollower.Listener listener) {
        return GrpcAlertFollower.start(authorized, cursor, listener);
    }

    /** The inventory, until this is closed. */
    public GrpcInventory inventory() {
        return new GrpcInventory(authorized);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
