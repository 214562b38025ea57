package dev.yagura.response.playbook;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.proto.response.v1.Playbook;
import dev.yagura.proto.response.v1.PlaybookStart;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A row, which is never changed but for {@link #delete}. */
@Entity
@Table(name = "playbook_version")
class JpaPlaybookVersion {
    @Id private String name = "";
    private String playbook = "";
    private int version;
    private boolean deleted;
    private boolean automatic;

    @Column(name = "created_at")
    private Instant createdAt = Instant.EPOCH;

    private byte[] body = {};

    protected JpaPlaybookVersion() {}

    JpaPlaybookVersion(Playbook message, Instant now) {
        this.playbook = message.getSpec().getId();
        this.version = message.getVersion();
        this.name = playbook + "/" + version;
        this.automatic = message.getSpec().getStart() == PlaybookStart.PLAYBOOK_START_AUTOMATIC;
        this.createdAt = now;
        this.body = message.toByteArray();
    }

    int version() {
        return version;
    }

    boolean isDeleted() {
        return deleted;
    }

    void delete() {
        deleted = true;
    }

    Playbook message() {
        try {
            return Playbook.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the stored playbook " + name + " cannot be read", e);
        }
    }
}
