package dev.yagura.ingest.ledger;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

@Embeddable
class JpaLedgerCountKey implements Serializable {
    private static final long serialVersionUID = 1L;

    private long hour;

    @Column(name = "agent_id")
    private String agentId;

    private String generation;

    protected JpaLedgerCountKey() {
        this(0, "", "");
    }

    JpaLedgerCountKey(long hour, String agentId, String generation) {
        this.hour = hour;
        this.agentId = agentId;
        this.generation = generation;
    }

    long hour() {
        return hour;
    }

    String agentId() {
        return agentId;
    }

    String generation() {
        return generation;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JpaLedgerCountKey key
                && key.hour == hour
                && key.agentId.equals(agentId)
                && key.generation.equals(generation);
    }

    @Override
    public int hashCode() {
        return Objects.hash(hour, agentId, generation);
    }
}
