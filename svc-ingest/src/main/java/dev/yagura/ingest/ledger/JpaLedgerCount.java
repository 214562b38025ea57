package dev.yagura.ingest.ledger;

import dev.yagura.proto.type.v1.Scope;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.MapKeyColumn;
import jakarta.persistence.Table;
import java.util.HashMap;
import java.util.Map;

@Entity
@Table(name = "ledger_count")
class JpaLedgerCount {
    @EmbeddedId private JpaLedgerCountKey key;

    private long version;

    @Column(name = "host_id")
    private String hostId;

    @Column(name = "aws_partition")
    private String awsPartition;

    @Column(name = "account_id")
    private String accountId;

    private String region;

    private long stored;

    @Column(name = "stored_bytes")
    private long storedBytes;

    private long batches;

    @Column(name = "declared_lost")
    private long declaredLost;

    @ElementCollection(fetch = FetchType.EAGER)
    @CollectionTable(
            name = "ledger_loss",
            joinColumns = {
                @JoinColumn(name = "hour", referencedColumnName = "hour"),
                @JoinColumn(name = "agent_id", referencedColumnName = "agent_id"),
                @JoinColumn(name = "generation", referencedColumnName = "generation")
            })
    @MapKeyColumn(name = "reason")
    @Column(name = "events")
    private Map<String, Long> losses = new HashMap<>();

    protected JpaLedgerCount() {
        this.key = new JpaLedgerCountKey();
        this.hostId = "";
        this.awsPartition = "";
        this.accountId = "";
        this.region = "";
    }

    JpaLedgerCount(LedgerCount count) {
        this.key =
                new JpaLedgerCountKey(
                        count.key().hour(), count.key().agentId(), count.generation());
        this.hostId = count.hostId();
        this.awsPartition = count.scope().getPartition();
        this.accountId = count.scope().getAccountId();
        this.region = count.scope().getRegion();
        replace(count);
    }

    /** Takes a later version of the same generation. */
    void replaceIfOlder(LedgerCount count) {
        if (version < count.version()) {
            replace(count);
        }
    }

    private void replace(LedgerCount count) {
        version = count.version();
        stored = count.stored();
        storedBytes = count.storedBytes();
        batches = count.batches();
        declaredLost = count.declaredLost();
        losses.putAll(count.losses());
    }

    LedgerCount toCount() {
        return new LedgerCount(
                new LedgerCount.Key(key.hour(), key.agentId()),
                key.generation(),
                version,
                hostId,
                Scope.newBuilder()
                        .setPartition(awsPartition)
                        .setAccountId(accountId)
                        .setRegion(region)
                        .build(),
                stored,
                storedBytes,
                batches,
                declaredLost,
                losses);
    }
}
