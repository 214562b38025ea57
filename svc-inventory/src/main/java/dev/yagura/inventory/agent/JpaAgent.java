package dev.yagura.inventory.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.proto.inventory.v1.AgentHealth;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Heartbeats write some of these columns too, see {@link SqlHeartbeatStore}. */
@Entity
@Table(name = "agent")
class JpaAgent {
    @Id private UUID id = new UUID(0, 0);

    @Column(name = "host_id")
    private UUID hostId = new UUID(0, 0);

    private String partition = "";

    @Column(name = "account_id")
    private String accountId = "";

    private String region = "";

    @Column(name = "token_id")
    private UUID tokenId = new UUID(0, 0);

    @Column(name = "public_key_sha256")
    private String publicKeySha256 = "";

    @Column(name = "instance_id")
    private String instanceId = "";

    private String hostname = "";

    private String os = "";

    @Column(name = "boot_id")
    private String bootId = "";

    private String version = "";

    @Column(name = "enroll_time")
    private Instant enrollTime = Instant.EPOCH;

    @Column(name = "certificate_expire_time")
    private Instant certificateExpireTime = Instant.EPOCH;

    @Column(name = "last_heartbeat_time")
    private @Nullable Instant lastHeartbeatTime;

    private byte[] health = {};

    @Column(name = "degraded_since")
    private @Nullable Instant degradedSince;

    @Column(name = "shared_key_since")
    private @Nullable Instant sharedKeySince;

    private boolean proven;

    private boolean retired;

    @Column(name = "revoke_time")
    private @Nullable Instant revokeTime;

    @Column(name = "revoke_reason")
    private String revokeReason = "";

    @Column(name = "update_time")
    private Instant updateTime = Instant.EPOCH;

    protected JpaAgent() {}

    static JpaAgent of(Agent agent) {
        JpaAgent row = new JpaAgent();
        row.id = agent.id();
        row.hostId = agent.hostId();
        row.partition = agent.scope().getPartition();
        row.accountId = agent.scope().getAccountId();
        row.region = agent.scope().getRegion();
        row.tokenId = agent.tokenId();
        row.publicKeySha256 = agent.publicKeySha256();
        row.instanceId = agent.machine().instanceId();
        row.hostname = agent.machine().hostname();
        row.os = agent.machine().os();
        row.bootId = agent.machine().bootId();
        row.version = agent.version();
        row.enrollTime = agent.enrollTime();
        row.certificateExpireTime = agent.certificateExpireTime();
        row.lastHeartbeatTime = agent.lastHeartbeatTime();
        row.health = agent.health().toByteArray();
        row.degradedSince = agent.degradedSince();
        row.sharedKeySince = agent.sharedKeySince();
        row.proven = agent.proven();
        row.retired = agent.retired();
        row.revokeTime = agent.revokeTime();
        row.revokeReason = agent.revokeReason();
        row.updateTime = agent.updateTime();
        return row;
    }

    Agent agent() {
        return new Agent(
                id,
                hostId,
                Scopes.of(partition, accountId, region),
                tokenId,
                publicKeySha256,
                new Agent.Machine(instanceId, hostname, os, bootId),
                proven,
                version,
                enrollTime,
                certificateExpireTime,
                lastHeartbeatTime,
                reported(),
                degradedSince,
                sharedKeySince,
                revokeTime,
                revokeReason,
                retired,
                updateTime);
    }

    private AgentHealth reported() {
        try {
            return AgentHealth.parseFrom(health);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the health of agent " + id + " is damaged", e);
        }
    }
}
