package dev.yagura.response.plan;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.proto.response.v1.Drill;
import dev.yagura.response.aws.SavedTime;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A row, which is never changed. */
@Entity
@Table(name = "response_plan_drill")
class JpaDrill {
    @Id private UUID id = new UUID(0, 0);

    @Column(name = "request_id")
    private UUID requestId = new UUID(0, 0);

    @Column(name = "content_digest")
    private String contentDigest = "";

    @Column(name = "took_place_at")
    private Instant tookPlaceAt = Instant.EPOCH;

    private byte[] body = {};

    protected JpaDrill() {}

    JpaDrill(Drill message, UUID id, UUID requestId, String contentDigest) {
        this.id = id;
        this.requestId = requestId;
        this.contentDigest = contentDigest;
        this.tookPlaceAt = SavedTime.read(message.getTime());
        this.body = message.toByteArray();
    }

    String contentDigest() {
        return contentDigest;
    }

    Drill message() {
        try {
            return Drill.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the stored drill " + id + " is damaged", e);
        }
    }
}
