package dev.yagura.inventory.asset;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.inventory.access.Scopes;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "asset")
class JpaAsset {
    static final String ACTIVE = "ACTIVE";
    static final String TOMBSTONE = "TOMBSTONE";

    @Id private UUID id = new UUID(0, 0);

    private String partition = "";

    @Column(name = "account_id")
    private String accountId = "";

    private String region = "";

    @Column(name = "resource_type")
    private String resourceType = "";

    @Column(name = "native_id")
    private String nativeId = "";

    private String state = ACTIVE;

    @Column(name = "instance_state")
    private String instanceState = "";

    private byte[] description = {};

    private long generation;

    @Column(name = "observed_time")
    private Instant observedTime = Instant.EPOCH;

    @Column(name = "tombstone_time")
    private @Nullable Instant tombstoneTime;

    @Column(name = "update_time")
    private Instant updateTime = Instant.EPOCH;

    // From here on for queries only: all of it is in the description.
    @Column(name = "vpc_id")
    private String vpcId = "";

    @Column(name = "subnet_id")
    private String subnetId = "";

    private String owner = "";
    private String environment = "";
    private String criticality = "";

    /** Whether it can be found by these, by its tags and relations; not what is from before. */
    private boolean indexed;

    protected JpaAsset() {}

    static JpaAsset of(Asset asset) {
        JpaAsset row = new JpaAsset();
        row.id = asset.id();
        row.partition = asset.scope().getPartition();
        row.accountId = asset.scope().getAccountId();
        row.region = asset.scope().getRegion();
        row.resourceType = asset.resourceType();
        row.nativeId = asset.nativeId();
        row.take(asset);
        return row;
    }

    /** What may change of an asset. */
    final void take(Asset asset) {
        state = asset.isTombstone() ? TOMBSTONE : ACTIVE;
        instanceState = asset.instanceState();
        description = asset.description().toByteArray();
        generation = asset.generation();
        observedTime = asset.observedTime();
        tombstoneTime = asset.tombstoneTime();
        updateTime = asset.updateTime();
        vpcId = asset.description().getVpcId();
        subnetId = asset.description().getSubnetId();
        owner = asset.description().getOwner();
        environment = asset.description().getEnvironment();
        criticality = asset.description().getCriticality();
        indexed = true;
    }

    UUID id() {
        return id;
    }

    Asset asset(List<UUID> agents) {
        return new Asset(
                id,
                Scopes.of(partition, accountId, region),
                resourceType,
                nativeId,
                instanceState,
                described(),
                generation,
                observedTime,
                tombstoneTime,
                updateTime,
                agents);
    }

    private dev.yagura.proto.inventory.v1.Asset described() {
        try {
            return dev.yagura.proto.inventory.v1.Asset.parseFrom(description);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the description of asset " + id + " is damaged", e);
        }
    }
}
