package dev.yagura.response.outbox;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A row: an endpoint that takes nothing. */
@Entity
@Table(name = "webhook_disabled_endpoint")
class JpaDisabledEndpoint {
    @Id private String name = "";
    private String fingerprint = "";

    @Column(name = "disabled_at")
    private Instant disabledAt = Instant.EPOCH;

    private String reason = "";

    protected JpaDisabledEndpoint() {}

    DeliveryStore.Disabled disabled() {
        return new DeliveryStore.Disabled(name, fingerprint, disabledAt, reason);
    }
}
