package dev.yagura.inventory.agent;

import static dev.yagura.inventory.Enrolling.enroll;
import static dev.yagura.inventory.Enrolling.request;
import static dev.yagura.inventory.Enrolling.signingRequest;
import static dev.yagura.inventory.Enrolling.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.util.Durations;
import dev.yagura.common.ids.AssetIds;
import dev.yagura.common.tls.PeerIdentity;
import dev.yagura.common.tls.Pem;
import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.TestClock;
import dev.yagura.proto.inventory.v1.AgentServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.CreateEnrollmentTokenRequest;
import dev.yagura.proto.inventory.v1.EnrollAgentRequest;
import dev.yagura.proto.inventory.v1.EnrollAgentResponse;
import dev.yagura.proto.inventory.v1.GetAgentRequest;
import dev.yagura.proto.inventory.v1.GetAssetRequest;
import dev.yagura.proto.inventory.v1.ListAgentsRequest;
import dev.yagura.proto.inventory.v1.RevokeAgentRequest;
import dev.yagura.proto.type.v1.Scope;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EnrollmentTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final Scope SCOPE = Enrolling.scope("100000000001");
    private static final String INSTANCE = "i-0123456789abcdef0";

    @Test
    void certificateNamesTheAgentAndHostIdTheInstance() throws Exception {
        EnrollAgentResponse answer =
                enroll(SERVICE.anonymous(), request(oneUse(), signingRequest(), INSTANCE));

        X509Certificate leaf =
                Pem.certificates(answer.getCertificateChain(0).toByteArray()).getFirst();
        X509Certificate authority =
                Pem.certificates(answer.getCertificateChain(1).toByteArray()).getFirst();
        leaf.verify(authority.getPublicKey());
        assertThat(PeerIdentity.of(leaf)).contains(new PeerIdentity.Agent(answer.getAgentId()));
        assertThat(answer.getHostId())
                .isEqualTo(AssetIds.of(SCOPE, "AWS::EC2::Instance", INSTANCE).toString());
        assertThat(answer.getScope()).isEqualTo(SCOPE);
    }

    @Test
    void hostOutsideEc2BecomesAnAssetWithItsAgents() {
        EnrollAgentRequest outside = request(oneUse(), signingRequest(), "");
        EnrollAgentRequest.Builder again = outside.toBuilder();
        String first = enroll(SERVICE.anonymous(), outside).getAgentId();
        again.setToken(oneUse())
                .setCertificateSigningRequest(
                        com.google.protobuf.ByteString.copyFrom(signingRequest()));
        EnrollAgentResponse second = enroll(SERVICE.anonymous(), again.build());

        var asset =
                AssetServiceGrpc.newBlockingStub(SERVICE.admin())
                        .getAsset(
                                GetAssetRequest.newBuilder()
                                        .setName("assets/" + second.getHostId())
                                        .build());
        assertThat(asset.getResourceType()).isEqualTo("Yagura::Host");
        assertThat(asset.getHostname()).isEqualTo("web-1");
        assertThat(asset.getAgentsList())
                .containsExactly("agents/" + second.getAgentId(), "agents/" + first);
    }

    @Test
    void sameKeyAndTokenIsTheSameAgentAndTakesNoOtherUse() {
        String token = oneUse();
        byte[] csr = signingRequest();
        EnrollAgentResponse first = enroll(SERVICE.anonymous(), request(token, csr, INSTANCE));
        EnrollAgentResponse again = enroll(SERVICE.anonymous(), request(token, csr, INSTANCE));

        assertThat(again.getAgentId()).isEqualTo(first.getAgentId());
        refused(Status.Code.UNAUTHENTICATED, "used up", request(token, signingRequest(), INSTANCE));
    }

    @Test
    void fiftyAtOnceGetExactlyTheUsesThereAre() throws Exception {
        String token = token(SERVICE.admin(), SCOPE, 10);
        List<Future<String>> results = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                results.add(
                        executor.submit(() -> {
                            try {
                                return enroll(
                                                SERVICE.anonymous(),
                                                request(token, signingRequest(), INSTANCE))
                                        .getAgentId();
                            } catch (StatusRuntimeException e) {
                                return e.getStatus().getCode().name();
                            }
                        }));
            }
        }
        List<String> answers = new ArrayList<>();
        for (Future<String> result : results) {
            answers.add(result.get());
        }
        assertThat(answers).filteredOn("UNAUTHENTICATED"::equals).hasSize(40);
        assertThat(answers)
                .filteredOn(answer -> answer.length() == 36)
                .hasSize(10)
                .doesNotHaveDuplicates();
    }

    @Test
    void refusesUnknownMalformedAndExpiredTokens() {
        refused(
                Status.Code.UNAUTHENTICATED,
                "unknown",
                request("yenroll_" + "A".repeat(43), signingRequest(), INSTANCE));
        refused(
                Status.Code.UNAUTHENTICATED,
                "unknown",
                request("guess", signingRequest(), INSTANCE));
        String token = oneUse();
        TestClock.CLOCK.advance(Duration.ofMinutes(61));
        refused(Status.Code.UNAUTHENTICATED, "expired", request(token, signingRequest(), INSTANCE));
    }

    @Test
    void keepsNoSecret() {
        String token = oneUse();
        SERVICE.postgres()
                .transactions()
                .run(transaction -> {
                    try (var query = transaction.connection().createStatement();
                            var row =
                                    query.executeQuery(
                                            "SELECT count(*) FROM enrollment_token t WHERE"
                                                    + " t::text LIKE '%"
                                                    + token
                                                    + "%'")) {
                        row.next();
                        assertThat(row.getInt(1)).isZero();
                    }
                });
    }

    @Test
    void namesTheFieldOfBadRequests() {
        String token = oneUse();
        refused(
                Status.Code.INVALID_ARGUMENT,
                "certificate_signing_request",
                request(token, new byte[] {1, 2}, INSTANCE));
        refused(
                Status.Code.INVALID_ARGUMENT,
                "device.instance_id",
                request(token, signingRequest(), "i-../x"));
        enroll(SERVICE.anonymous(), request(token, signingRequest(), INSTANCE));
    }

    @Test
    void tokensAreForAccountsOfTheCaller() {
        var other = AgentServiceGrpc.newBlockingStub(SERVICE.admin("100000000002"));
        assertStatus(
                Status.Code.PERMISSION_DENIED,
                () ->
                        other.createEnrollmentToken(
                                CreateEnrollmentTokenRequest.newBuilder().setScope(SCOPE).build()));
        assertStatus(
                Status.Code.INVALID_ARGUMENT,
                () ->
                        AgentServiceGrpc.newBlockingStub(SERVICE.admin())
                                .createEnrollmentToken(
                                        CreateEnrollmentTokenRequest.newBuilder()
                                                .setScope(SCOPE)
                                                .setTtl(Durations.fromDays(8))
                                                .build()));
    }

    @Test
    void callerWithoutIdentityMayOnlyEnroll() {
        var anonymous = AgentServiceGrpc.newBlockingStub(SERVICE.anonymous());
        assertStatus(
                Status.Code.PERMISSION_DENIED,
                () -> anonymous.listAgents(ListAgentsRequest.getDefaultInstance()));
        assertStatus(
                Status.Code.PERMISSION_DENIED,
                () ->
                        anonymous.createEnrollmentToken(
                                CreateEnrollmentTokenRequest.newBuilder().setScope(SCOPE).build()));
    }

    @Test
    void keyOfARevokedAgentNeverComesBack() {
        byte[] csr = signingRequest();
        String agent = enroll(SERVICE.anonymous(), request(oneUse(), csr, INSTANCE)).getAgentId();
        var admin = AgentServiceGrpc.newBlockingStub(SERVICE.admin());
        RevokeAgentRequest revoke =
                RevokeAgentRequest.newBuilder()
                        .setName("agents/" + agent)
                        .setReason("stolen")
                        .build();
        var revoked = admin.revokeAgent(revoke);
        assertThat(admin.revokeAgent(revoke.toBuilder().setReason("other").build()))
                .isEqualTo(revoked);
        refused(Status.Code.UNAUTHENTICATED, "revoked", request(oneUse(), csr, INSTANCE));
        assertStatus(
                Status.Code.NOT_FOUND,
                () ->
                        AgentServiceGrpc.newBlockingStub(SERVICE.admin("100000000002"))
                                .getAgent(
                                        GetAgentRequest.newBuilder()
                                                .setName("agents/" + agent)
                                                .build()));
    }

    private static String oneUse() {
        return token(SERVICE.admin(), SCOPE, 1);
    }

    private static void refused(Status.Code code, String text, EnrollAgentRequest request) {
        assertThatThrownBy(() -> enroll(SERVICE.anonymous(), request))
                .hasMessageContaining(text)
                .extracting(Status::fromThrowable)
                .extracting(Status::getCode)
                .isEqualTo(code);
    }

    private static void assertStatus(Status.Code code, Runnable call) {
        assertThatThrownBy(call::run)
                .extracting(Status::fromThrowable)
                .extracting(Status::getCode)
                .isEqualTo(code);
    }
}
