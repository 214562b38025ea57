package dev.yagura.detection.incident;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** An update that was answered. */
@Entity
@Table(name = "incident_request")
class JpaIncidentRequest {
    @Id
    @Column(name = "request_id")
    private UUID requestId;

    @Column(name = "incident_id")
    private UUID incidentId;

    private String fingerprint;

    @Column(name = "create_time")
    private Instant createTime;

    protected JpaIncidentRequest() {
        this(new UUID(0, 0), new UUID(0, 0), "", Instant.EPOCH);
    }

    JpaIncidentRequest(UUID requestId, UUID incidentId, String fingerprint, Instant createTime) {
        this.requestId = requestId;
        this.incidentId = incidentId;
        this.fingerprint = fingerprint;
        this.createTime = createTime;
    }

    /** True when it asked for the same thing. */
    boolean isSame(UUID incident, String asked) {
        return incidentId.equals(incident) && fingerprint.equals(asked);
    }
}
