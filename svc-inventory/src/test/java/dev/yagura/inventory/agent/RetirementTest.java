package dev.yagura.inventory.agent;

import static dev.yagura.inventory.Enrolling.enroll;
import static dev.yagura.inventory.Enrolling.request;
import static dev.yagura.inventory.Enrolling.signingRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.TestClock;
import dev.yagura.proto.inventory.v1.Agent;
import dev.yagura.proto.inventory.v1.AgentServiceGrpc;
import dev.yagura.proto.inventory.v1.AgentState;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetState;
import dev.yagura.proto.inventory.v1.CoverageFilter;
import dev.yagura.proto.inventory.v1.CoverageServiceGrpc;
import dev.yagura.proto.inventory.v1.EnrollAgentRequest;
import dev.yagura.proto.inventory.v1.EnrollAgentResponse;
import dev.yagura.proto.inventory.v1.GetAgentRequest;
import dev.yagura.proto.inventory.v1.GetAssetRequest;
import dev.yagura.proto.inventory.v1.ListAgentsRequest;
import dev.yagura.proto.inventory.v1.ListCoverageRequest;
import dev.yagura.proto.inventory.v1.RetireAgentRequest;
import dev.yagura.proto.type.v1.Scope;
import io.grpc.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Agents whose hosts are gone for good. */
class RetirementTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final String ACCOUNT = "100000000051";
    private static final Scope SCOPE = Enrolling.scope(ACCOUNT);
    private static final String INSTANCE = "i-0123456789abcdef5";

    @Test
    void agentIsRetiredWithItsInstanceOnceItIsSilentAndComesBackWithIt() {
        EnrollAgentRequest request = request(token(SCOPE), signingRequest(), INSTANCE);
        EnrollAgentResponse agent = enroll(SERVICE.anonymous(), request);
        instance(agent, "ACTIVE", "NULL");
        TestClock.CLOCK.advance(Duration.ofMinutes(2));
        retirement().once();
        assertThat(get(agent).getState()).isEqualTo(AgentState.AGENT_STATE_ENROLLED);

        TestClock.CLOCK.advance(Duration.ofMinutes(2));
        EnrollAgentResponse late =
                enroll(SERVICE.anonymous(), request(token(SCOPE), signingRequest(), INSTANCE));
        instance(agent, "TOMBSTONE", "now()");
        retirement().once();
        assertThat(get(agent).getState()).isEqualTo(AgentState.AGENT_STATE_RETIRED);
        assertThat(get(agent).getRevokeReason()).isEqualTo("instance " + INSTANCE + " is gone");
        assertThat(get(late).getState())
                .as("whoever was heard just now is there")
                .isEqualTo(AgentState.AGENT_STATE_ENROLLED);
        assertThatThrownBy(() -> enroll(SERVICE.anonymous(), request))
                .hasMessageContaining("new key");

        instance(agent, "ACTIVE", "NULL");
        retirement().once();
        assertThat(get(agent).getState()).isEqualTo(AgentState.AGENT_STATE_ENROLLED);
        assertThat(get(agent).getRevokeReason()).isEmpty();
    }

    @Test
    void thousandTerminatedInstancesRetireTheirAgentsAndNoOther() {
        Scope scope = Enrolling.scope("100000000052");
        SERVICE.postgres()
                .execute(
                        """
                        INSERT INTO asset (id, partition, account_id, region, resource_type,
                            native_id, state, instance_state, description, generation,
                            observed_time, tombstone_time, update_time)
                        SELECT md5('host' || n)::uuid, 'aws', '100000000052', 'ap-northeast-1',
                            'AWS::EC2::Instance', 'i-' || lpad(to_hex(n), 17, '0'),
                            CASE WHEN n <= 1000 THEN 'TOMBSTONE' ELSE 'ACTIVE' END, 'terminated',
                            '', 1, now(), CASE WHEN n <= 1000 THEN now() END, now()
                        FROM generate_series(1, 1010) n;
                        INSERT INTO agent (id, host_id, partition, account_id, region, token_id,
                            public_key_sha256, instance_id, hostname, os, boot_id, version,
                            enroll_time, certificate_expire_time, health, revoke_reason,
                            update_time)
                        SELECT md5('agent' || n)::uuid, md5('host' || n)::uuid, 'aws',
                            '100000000052', 'ap-northeast-1', md5('token')::uuid, 'key' || n,
                            'i-' || lpad(to_hex(n), 17, '0'), 'spot', 'linux', '', '1.0',
                            now() - interval '9 days', now(), '', '', now()
                        FROM generate_series(1, 1010) n;
                        """);
        retirement().once();

        assertThat(count(scope, AgentState.AGENT_STATE_RETIRED)).isEqualTo(1000);
        assertThat(count(scope, AgentState.AGENT_STATE_ENROLLED)).isEqualTo(10);
        assertThat(count(scope, AgentState.AGENT_STATE_REVOKED)).isZero();
        SERVICE.postgres()
                .execute(
                        "DELETE FROM agent WHERE account_id = '100000000052';"
                                + " DELETE FROM asset WHERE account_id = '100000000052'");
    }

    @Test
    void hostOutsideEc2IsRetiredByHandAndLeavesCoverage() {
        Scope scope = Enrolling.scope("100000000053");
        EnrollAgentRequest request = request(token(scope), signingRequest(), "");
        EnrollAgentResponse agent = enroll(SERVICE.anonymous(), request);
        EnrollAgentRequest.Builder other =
                request.toBuilder()
                        .setToken(token(scope))
                        .setCertificateSigningRequest(ByteString.copyFrom(signingRequest()));
        EnrollAgentResponse second = enroll(SERVICE.anonymous(), other.build());
        assertThat(second.getHostId()).isEqualTo(agent.getHostId());
        assertThat(covered(scope)).isEqualTo(1);

        Agent retired = retire(agent);
        assertThat(retired.getState()).isEqualTo(AgentState.AGENT_STATE_RETIRED);
        assertThat(retired.getRevokeReason()).isEqualTo("scrapped");
        assertThat(get(second).getState()).isEqualTo(AgentState.AGENT_STATE_RETIRED);
        assertThat(covered(scope)).isZero();
        assertThat(host(agent).getState()).isEqualTo(AssetState.ASSET_STATE_TOMBSTONE);
        assertThat(retire(agent)).as("once more").isEqualTo(retired);
        TestClock.CLOCK.advance(Duration.ofMinutes(2));
        retirement().once();
        assertThat(get(agent).getState()).isEqualTo(AgentState.AGENT_STATE_RETIRED);

        enroll(
                SERVICE.anonymous(),
                other.setToken(token(scope))
                        .setCertificateSigningRequest(ByteString.copyFrom(signingRequest()))
                        .build());
        assertThat(host(agent).getState()).isEqualTo(AssetState.ASSET_STATE_ACTIVE);
        assertThat(covered(scope)).isEqualTo(1);
        assertThat(get(agent).getState()).isEqualTo(AgentState.AGENT_STATE_RETIRED);
    }

    @Test
    void instanceIsNotRetiredByHand() {
        EnrollAgentResponse agent =
                enroll(
                        SERVICE.anonymous(),
                        request(token(SCOPE), signingRequest(), "i-0123456789abcdef6"));
        assertThatThrownBy(() -> retire(agent))
                .hasMessageContaining("agents revoke")
                .extracting(Status::fromThrowable)
                .extracting(Status::getCode)
                .isEqualTo(Status.Code.FAILED_PRECONDITION);
    }

    private static Retirement retirement() {
        return SERVICE.bean(Retirement.class);
    }

    /** The agent's instance as a reading has left it. */
    private static void instance(EnrollAgentResponse agent, String state, String tombstone) {
        SERVICE.postgres()
                .execute(
                        """
                        INSERT INTO asset (id, partition, account_id, region, resource_type,
                            native_id, state, instance_state, description, generation,
                            observed_time, tombstone_time, update_time)
                        VALUES ('%s', 'aws', '%s', 'ap-northeast-1', 'AWS::EC2::Instance', '%s',
                            '%s', 'running', '', 1, now(), %s, now())
                        ON CONFLICT (id) DO UPDATE SET state = excluded.state,
                            tombstone_time = excluded.tombstone_time
                        """
                                .formatted(agent.getHostId(), ACCOUNT, INSTANCE, state, tombstone));
    }

    private static Agent retire(EnrollAgentResponse agent) {
        return AgentServiceGrpc.newBlockingStub(SERVICE.admin())
                .retireAgent(
                        RetireAgentRequest.newBuilder()
                                .setName("agents/" + agent.getAgentId())
                                .setReason("scrapped")
                                .build());
    }

    private static Agent get(EnrollAgentResponse agent) {
        return AgentServiceGrpc.newBlockingStub(SERVICE.admin())
                .getAgent(
                        GetAgentRequest.newBuilder()
                                .setName("agents/" + agent.getAgentId())
                                .build());
    }

    private static Asset host(EnrollAgentResponse agent) {
        return AssetServiceGrpc.newBlockingStub(SERVICE.admin())
                .getAsset(
                        GetAssetRequest.newBuilder()
                                .setName("assets/" + agent.getHostId())
                                .build());
    }

    private static int covered(Scope scope) {
        return CoverageServiceGrpc.newBlockingStub(SERVICE.admin(scope.getAccountId()))
                .listCoverage(
                        ListCoverageRequest.newBuilder()
                                .setFilter(CoverageFilter.getDefaultInstance())
                                .build())
                .getCoverageCount();
    }

    private static int count(Scope scope, AgentState state) {
        var stub = AgentServiceGrpc.newBlockingStub(SERVICE.admin(scope.getAccountId()));
        int count = 0;
        var request = ListAgentsRequest.newBuilder().setPageSize(500).setState(state);
        do {
            var page = stub.listAgents(request.build());
            count += page.getAgentsCount();
            request.setPageToken(page.getNextPageToken());
        } while (!request.getPageToken().isEmpty());
        return count;
    }

    private static String token(Scope scope) {
        return Enrolling.token(SERVICE.admin(), scope, 1);
    }
}
