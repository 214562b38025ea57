package dev.yagura.common.persistence;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "item")
class JpaItem {
    @Id private UUID id;

    private @Nullable UUID parent;

    private String name;

    @Column(name = "created_at")
    private Instant createdAt;

    @Column(name = "closed_at")
    private @Nullable Instant closedAt;

    @Column(name = "seen_at")
    @Convert(converter = InstantNanosConverter.class)
    private Instant seenAt;

    protected JpaItem() {
        this(new UUID(0, 0), "", Instant.EPOCH, Instant.EPOCH);
    }

    JpaItem(UUID id, String name, Instant createdAt, Instant seenAt) {
        this.id = id;
        this.name = name;
        this.createdAt = createdAt;
        this.seenAt = seenAt;
    }

    UUID id() {
        return id;
    }

    @Nullable UUID parent() {
        return parent;
    }

    void parent(@Nullable UUID newParent) {
        this.parent = newParent;
    }

    String name() {
        return name;
    }

    Instant createdAt() {
        return createdAt;
    }

    @Nullable Instant closedAt() {
        return closedAt;
    }

    void closedAt(Instant time) {
        this.closedAt = time;
    }

    Instant seenAt() {
        return seenAt;
    }
}
