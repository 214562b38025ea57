package dev.yagura.gateway;

import static dev.yagura.gateway.Calls.assertLimited;
import static dev.yagura.gateway.Calls.await;
import static dev.yagura.gateway.Calls.code;
import static dev.yagura.gateway.Calls.list;
import static dev.yagura.gateway.Calls.listAlerts;
import static dev.yagura.gateway.Calls.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.grpc.Callers;
import dev.yagura.common.tls.CertificateAuthority;
import dev.yagura.gateway.RawCall.CommandCall;
import dev.yagura.gateway.RawCall.TelemetryCall;
import dev.yagura.gateway.RawCall.Watch;
import dev.yagura.proto.detection.v1.AlertServiceGrpc;
import dev.yagura.proto.gateway.v1.CreateTokenRequest;
import dev.yagura.proto.gateway.v1.CreateTokenResponse;
import dev.yagura.proto.gateway.v1.ListTokensRequest;
import dev.yagura.proto.gateway.v1.RevokeTokenRequest;
import dev.yagura.proto.gateway.v1.TokenServiceGrpc;
import dev.yagura.proto.inventory.v1.AgentServiceGrpc;
import dev.yagura.proto.inventory.v1.EnrollAgentRequest;
import dev.yagura.proto.response.v1.ActionServiceGrpc;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.type.v1.AgentIdentity;
import dev.yagura.proto.type.v1.Principal;
import dev.yagura.proto.type.v1.PrincipalKind;
import dev.yagura.proto.type.v1.Role;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, to what, for how long, and what is written of it. */
class GatewayCallersTest {
    @RegisterExtension static final GatewayFixture GATEWAY = GatewayFixture.with(Map.of());

    @Test
    void eachRoleMayDoItsOwnAndNotMore() {
        for (Role role :
                List.of(
                        Role.ROLE_VIEWER,
                        Role.ROLE_ANALYST,
                        Role.ROLE_RESPONDER,
                        Role.ROLE_ADMIN)) {
            Channel channel = GATEWAY.as(GATEWAY.token(role));
            AlertServiceGrpc.newBlockingStub(channel).listAlerts(listAlerts());
            assertThat(
                            code(() ->
                                    ActionServiceGrpc.newBlockingStub(channel)
                                            .createAction(
                                                    CreateActionRequest.getDefaultInstance())))
                    .isEqualTo(
                            role.getNumber() >= Role.ROLE_RESPONDER_VALUE
                                    ? Status.Code.OK
                                    : Status.Code.PERMISSION_DENIED);
            assertThat(
                            code(() ->
                                    TokenServiceGrpc.newBlockingStub(channel)
                                            .listTokens(ListTokensRequest.getDefaultInstance())))
                    .isEqualTo(
                            role == Role.ROLE_ADMIN
                                    ? Status.Code.OK
                                    : Status.Code.PERMISSION_DENIED);
        }
    }

    @Test
    void refusesNoTokenAndWrongTokensAndExpiredOnes() throws Exception {
        CreateTokenResponse expired =
                GATEWAY.tokens()
                        .createToken(
                                CreateTokenRequest.newBuilder()
                                        .setDisplayName("test")
                                        .setRole(Role.ROLE_VIEWER)
                                        .setTtl(
                                                com.google.protobuf.Duration.newBuilder()
                                                        .setSeconds(1))
                                        .build());
        assertThat(code(() -> list(GATEWAY.anonymous()))).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(code(() -> list(GATEWAY.as("nonsense")))).isEqualTo(Status.Code.UNAUTHENTICATED);
        String admin = GATEWAY.admin();
        String wrong = admin.substring(0, admin.length() - 4) + "AAAA";
        assertThat(code(() -> list(GATEWAY.as(wrong)))).isEqualTo(Status.Code.UNAUTHENTICATED);
        await(() -> code(() -> list(GATEWAY.as(expired))) == Status.Code.UNAUTHENTICATED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRevokedTokenEndsItsStreams(boolean automation) throws Exception {
        CreateTokenResponse token =
                automation ? GATEWAY.automation(Role.ROLE_VIEWER) : GATEWAY.token(Role.ROLE_VIEWER);
        Watch watch = Watch.begun(GATEWAY.as(token));

        GATEWAY.tokens()
                .revokeToken(
                        RevokeTokenRequest.newBuilder()
                                .setName(token.getToken().getName())
                                .build());

        // The stream is stalled: the end is behind what is buffered for it.
        watch.request(Integer.MAX_VALUE);
        assertThat(watch.endCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(code(() -> list(GATEWAY.as(token)))).isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void aRevocationByAnotherGatewayIsHeard() throws Exception {
        CreateTokenResponse token = GATEWAY.token(Role.ROLE_VIEWER);
        list(GATEWAY.as(token));
        UUID id = UUID.fromString(GatewayFixture.id(token));

        GATEWAY.postgres()
                .execute(
                        """
                        UPDATE token SET revoked_at = now() WHERE id = '%s';
                        UPDATE feed_head SET head = head + 1 WHERE feed = 'tokens';
                        INSERT INTO feed_change (feed, number, key)
                            SELECT 'tokens', head, '%s' FROM feed_head WHERE feed = 'tokens';
                        """
                                .formatted(id, id));

        await(() -> code(() -> list(GATEWAY.as(token))) == Status.Code.UNAUTHENTICATED);
    }

    @Test
    void anyoneMayEnrolWithoutProof() throws Exception {
        assertThat(
                        AgentServiceGrpc.newBlockingStub(GATEWAY.anonymous())
                                .enrollAgent(EnrollAgentRequest.getDefaultInstance())
                                .getAgentId())
                .isEqualTo("new");
        Principal seen = GATEWAY.services().caller(PrincipalKind.PRINCIPAL_KIND_UNSPECIFIED);
        assertThat(seen.getKind()).isEqualTo(PrincipalKind.PRINCIPAL_KIND_UNSPECIFIED);
        assertThat(seen.getId()).isEqualTo("anonymous");
    }

    @Test
    void anAgentIsKnownByItsCertificateAndItsRevocationEndsItsStreams() throws Exception {
        String agent = UUID.randomUUID().toString();
        Channel channel = GATEWAY.agents().admitted(agent);
        TelemetryCall call = new TelemetryCall(channel);
        assertThat(next(GATEWAY.services().telemetry)).isNotNull();
        Principal seen = GATEWAY.services().caller(PrincipalKind.PRINCIPAL_KIND_AGENT);
        assertThat(seen.getKind()).isEqualTo(PrincipalKind.PRINCIPAL_KIND_AGENT);
        assertThat(seen.getAgent().getHostId()).isEqualTo("host-of-" + agent);
        assertThat(code(() -> list(channel))).isEqualTo(Status.Code.PERMISSION_DENIED);

        GATEWAY.services()
                .admit(
                        Objects.requireNonNull(GATEWAY.services().admissions.get(agent)).toBuilder()
                                .setRevoked(true)
                                .build());

        assertThat(call.endCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(new TelemetryCall(channel).endCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void aCommandChannelIsOfTheAgentOfItsCertificateAlone() throws Exception {
        String agent = UUID.randomUUID().toString();
        Metadata forged = new Metadata();
        forged.put(
                Callers.PRINCIPAL_HEADER,
                Principal.newBuilder()
                        .setKind(PrincipalKind.PRINCIPAL_KIND_AGENT)
                        .setId("another")
                        .setAgent(AgentIdentity.newBuilder().setAgentId("another"))
                        .build());
        Channel channel = GATEWAY.agents().admitted(agent);
        GATEWAY.services().forget();

        CommandCall call =
                new CommandCall(
                        ClientInterceptors.intercept(
                                channel, MetadataUtils.newAttachHeadersInterceptor(forged)));

        await(() -> call.received.get() == 1);
        Principal seen = GATEWAY.services().caller(PrincipalKind.PRINCIPAL_KIND_AGENT);
        assertThat(seen.getAgent().getAgentId()).isEqualTo(agent);
        assertThat(seen.getId()).isEqualTo(agent);
        assertThat(new CommandCall(GATEWAY.as(GATEWAY.admin())).endCode())
                .isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(new CommandCall(GATEWAY.anonymous()).endCode())
                .isEqualTo(Status.Code.UNAUTHENTICATED);
        GATEWAY.services()
                .admit(
                        Objects.requireNonNull(GATEWAY.services().admissions.get(agent)).toBuilder()
                                .setRevoked(true)
                                .build());
        assertThat(call.endCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void unknownAgentsAreRefusedAndNewOnesWait() throws Exception {
        Channel old =
                GATEWAY.agents()
                        .unknown(
                                "old-" + UUID.randomUUID(),
                                Instant.now().minus(Duration.ofHours(1)));
        assertThat(new TelemetryCall(old).endCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        Channel fresh = GATEWAY.agents().unknown("new-" + UUID.randomUUID(), Instant.now());
        assertThat(new TelemetryCall(fresh).endCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(new TelemetryCall(GATEWAY.as(GATEWAY.admin())).endCode())
                .isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void certificatesThatAreOverOrOfAnotherAuthorityDoNotConnect() throws Exception {
        Channel over = GATEWAY.agents().unknown("over", Instant.now().minus(Duration.ofDays(2)));
        Channel foreign =
                GATEWAY.open(
                        GATEWAY.agents()
                                .certificate(
                                        "foreign",
                                        CertificateAuthority.create(
                                                "foreign", Instant.now(), Duration.ofDays(1)),
                                        Instant.now()));
        for (Channel channel : List.of(over, foreign)) {
            assertThat(
                            code(() ->
                                    AlertServiceGrpc.newBlockingStub(channel)
                                            .withDeadlineAfter(60, TimeUnit.SECONDS)
                                            .listAlerts(listAlerts())))
                    .isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    @Test
    void limitsTheStreamsOfAPrincipal() throws Exception {
        Channel channel = GATEWAY.as(GATEWAY.token(Role.ROLE_VIEWER));
        for (int i = 0; i < 4; i++) {
            Watch.begun(channel);
        }
        assertLimited(new Watch(channel).end());
    }

    @Test
    void writesEveryCallAndTheRoleOfTheGatewayCannotRewrite() {
        CreateTokenResponse responder = GATEWAY.token(Role.ROLE_RESPONDER);
        ActionServiceGrpc.newBlockingStub(GATEWAY.as(responder))
                .createAction(CreateActionRequest.getDefaultInstance());
        assertThat(
                        code(() ->
                                TokenServiceGrpc.newBlockingStub(GATEWAY.as(responder))
                                        .listTokens(ListTokensRequest.getDefaultInstance())))
                .isEqualTo(Status.Code.PERMISSION_DENIED);

        await(() -> GATEWAY.audit(responder).size() == 3);
        assertThat(GATEWAY.audit(responder))
                .containsExactlyInAnyOrder(
                        "BEGAN yagura.response.v1.ActionService/CreateAction  ",
                        "ENDED yagura.response.v1.ActionService/CreateAction OK ",
                        "REFUSED yagura.gateway.v1.TokenService/ListTokens PERMISSION_DENIED"
                                + " PERMISSION_DENIED");
        assertThatThrownBy(() ->
                        GATEWAY.postgres()
                                .transactions()
                                .query(connection ->
                                        connection
                                                .createStatement()
                                                .executeUpdate("DELETE FROM audit_entry")))
                .hasStackTraceContaining("permission denied");
    }

    @Test
    void writesTheBootstrapTokenForItsUserOnly() throws Exception {
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(GATEWAY.bootstrapFile())))
                .isEqualTo("rw-------");
    }
}
