package dev.yagura.response.plan;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.proto.response.v1.ResponsePlan;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A version, which is never changed. */
@Entity
@Table(name = "response_plan_version")
class JpaResponsePlan {
    @Id private int version;

    @Column(name = "created_at")
    private Instant createdAt = Instant.EPOCH;

    private byte[] body = {};

    protected JpaResponsePlan() {}

    JpaResponsePlan(ResponsePlan message, Instant now) {
        this.version = message.getVersion();
        this.createdAt = now;
        this.body = message.toByteArray();
    }

    Instant createdAt() {
        return createdAt;
    }

    ResponsePlan message() {
        try {
            return ResponsePlan.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("version " + version + " of the plan is damaged", e);
        }
    }
}
