package dev.yagura.response.playbook;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookRunState;
import dev.yagura.response.aws.SavedTime;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** A row: what is queried or constrained, and the whole message. */
@Entity
@Table(name = "playbook_run")
class JpaPlaybookRun {
    private static final String STATE_PREFIX = "PLAYBOOK_RUN_STATE_";

    @Id private UUID id = new UUID(0, 0);
    private String playbook = "";
    private UUID incident = new UUID(0, 0);

    @Column(name = "account_id")
    private String accountId = "";

    private String state = "";

    @Column(name = "request_id")
    private UUID requestId = new UUID(0, 0);

    @Column(name = "content_digest")
    private String contentDigest = "";

    @Column(name = "next_run_at")
    private Instant nextRunAt = Instant.EPOCH;

    @Column(name = "lease_epoch")
    private long leaseEpoch;

    @Column(name = "lease_until")
    private Instant leaseUntil = Instant.EPOCH;

    @Column(name = "created_at")
    private Instant createdAt = Instant.EPOCH;

    private byte[] body = {};

    protected JpaPlaybookRun() {}

    JpaPlaybookRun(
            PlaybookRun run,
            UUID id,
            UUID incident,
            UUID requestId,
            String contentDigest,
            Instant now) {
        this.id = id;
        this.playbook = run.getPlaybook();
        this.incident = incident;
        this.accountId = StepOrders.scope(run.getSnapshot()).getAccountId();
        this.requestId = requestId;
        this.contentDigest = contentDigest;
        this.createdAt = now;
        this.nextRunAt = now;
        this.leaseUntil = now;
        put(run, now);
    }

    UUID id() {
        return id;
    }

    String contentDigest() {
        return contentDigest;
    }

    long leaseEpoch() {
        return leaseEpoch;
    }

    PlaybookRun run() {
        try {
            return PlaybookRun.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the stored run " + id + " cannot be read", e);
        }
    }

    final PlaybookRun put(PlaybookRun run, Instant now) {
        PlaybookRun stored = run.toBuilder().setUpdateTime(SavedTime.of(now)).build();
        state = name(stored.getState());
        body = stored.toByteArray();
        return stored;
    }

    void lease(Duration lease, Instant now) {
        leaseEpoch++;
        leaseUntil = now.plus(lease);
    }

    void giveBack(Duration pause, Instant now) {
        nextRunAt = now.plus(pause);
        leaseUntil = now;
    }

    /** It is due, as soon as whoever has it gives it back or is dead. */
    void hurry(Instant now) {
        nextRunAt = now;
    }

    /** "RUNNING", as the state column has it. */
    static String name(PlaybookRunState state) {
        return state.name().substring(STATE_PREFIX.length());
    }
}
