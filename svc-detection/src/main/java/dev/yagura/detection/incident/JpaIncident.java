package dev.yagura.detection.incident;

import dev.yagura.detection.alert.Nanos;
import dev.yagura.proto.detection.v1.Incident;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A row for reads and verdicts; {@link SqlIncidentStore} writes what the log brings. */
@Entity
@Table(name = "incident")
class JpaIncident {
    @Id private UUID id;

    @Column(name = "account_id")
    private String accountId;

    private int state;

    @Column(name = "create_time")
    private Instant createTime;

    @Column(name = "update_time")
    private Instant updateTime;

    private long version;
    private byte[] body;

    protected JpaIncident() {
        this.id = new UUID(0, 0);
        this.accountId = "";
        this.createTime = Instant.EPOCH;
        this.updateTime = Instant.EPOCH;
        this.body = new byte[0];
    }

    UUID id() {
        return id;
    }

    String accountId() {
        return accountId;
    }

    Instant createTime() {
        return createTime;
    }

    Incident incident() {
        return SqlIncidentStore.parse(body).toBuilder().setEtag(Long.toString(version)).build();
    }

    void replace(Incident incident) {
        Incident stored = incident.toBuilder().clearEtag().build();
        state = stored.getStateValue();
        updateTime = Nanos.instant(stored.getUpdateTime());
        version++;
        body = stored.toByteArray();
    }
}
