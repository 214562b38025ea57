package dev.yagura.detection.alert;

import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.detection.v1.Alert;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A row as reads need it; {@link SqlAlertStore} writes. */
@Entity
@Table(name = "alert")
class JpaAlert {
    @Id private UUID id;

    @Column(name = "incident_id")
    private UUID incidentId;

    @Column(name = "create_time")
    private Instant createTime;

    @Column(name = "update_time")
    private Instant updateTime;

    private long version;
    private byte[] body;

    protected JpaAlert() {
        this.id = new UUID(0, 0);
        this.incidentId = id;
        this.createTime = Instant.EPOCH;
        this.updateTime = Instant.EPOCH;
        this.body = new byte[0];
    }

    UUID id() {
        return id;
    }

    Instant createTime() {
        return createTime;
    }

    Alert alert() {
        return SqlAlertStore.parse(body).toBuilder()
                .setIncident(ResourceName.of("incidents", incidentId))
                .setUpdateTime(Nanos.timestamp(updateTime))
                .setEtag(Long.toString(version))
                .build();
    }
}
