package dev.yagura.inventory.asset;

import dev.yagura.proto.type.v1.Scope;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;

/** An agent of an asset. */
@Entity
@Table(name = "asset_agent")
class JpaAssetAgent {
    @Id
    @Column(name = "agent_id")
    private UUID agentId = new UUID(0, 0);

    @Column(name = "asset_id")
    private UUID assetId = new UUID(0, 0);

    @Column(name = "account_id")
    private String accountId = "";

    private String region = "";

    protected JpaAssetAgent() {}

    static JpaAssetAgent of(UUID agentId, UUID assetId, Scope scope) {
        JpaAssetAgent row = new JpaAssetAgent();
        row.agentId = agentId;
        row.assetId = assetId;
        row.accountId = scope.getAccountId();
        row.region = scope.getRegion();
        return row;
    }

    UUID agentId() {
        return agentId;
    }

    UUID assetId() {
        return assetId;
    }
}
