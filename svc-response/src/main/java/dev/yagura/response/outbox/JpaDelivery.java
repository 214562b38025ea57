package dev.yagura.response.outbox;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row: a delivery, and who sends it. */
@Entity
@Table(name = "webhook_delivery")
class JpaDelivery {
    @Id private UUID id = new UUID(0, 0);
    private String endpoint = "";
    private String type = "";
    private String resource = "";

    @Column(name = "account_id")
    private String accountId = "";

    private String body = "";
    private String state = DeliveryState.PENDING.name();
    private int attempts;

    @Column(name = "next_attempt_at")
    private Instant nextAttemptAt = Instant.EPOCH;

    @Column(name = "lease_epoch")
    private long leaseEpoch;

    @Column(name = "lease_until")
    private Instant leaseUntil = Instant.EPOCH;

    @Column(name = "last_status")
    private int lastStatus;

    @Column(name = "last_error")
    private String lastError = "";

    private String answer = "";

    @Column(name = "created_at")
    private Instant createdAt = Instant.EPOCH;

    @Column(name = "ended_at")
    private @Nullable Instant endedAt;

    protected JpaDelivery() {}

    UUID id() {
        return id;
    }

    DeliveryStore.Claim claim() {
        return new DeliveryStore.Claim(delivery(), leaseEpoch);
    }

    Delivery delivery() {
        return new Delivery(
                id,
                endpoint,
                type,
                resource,
                accountId,
                body,
                DeliveryState.valueOf(state),
                attempts,
                nextAttemptAt,
                lastStatus,
                lastError,
                answer,
                createdAt,
                Optional.ofNullable(endedAt));
    }
}
