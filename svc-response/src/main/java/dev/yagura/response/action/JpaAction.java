package dev.yagura.response.action;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionState;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row: what is queried or constrained, and the whole message. */
@Entity
@Table(name = "action")
class JpaAction {
    private static final String STATE_PREFIX = "ACTION_STATE_";

    @Id private UUID id = new UUID(0, 0);

    @Column(name = "aws_partition")
    private String awsPartition = "";

    @Column(name = "account_id")
    private String accountId = "";

    private String region = "";

    @Column(name = "instance_id")
    private String instanceId = "";

    @Column(name = "vpc_id")
    private String lane = "";

    private String subject = "";
    private String state = "";
    private @Nullable UUID incident;

    @Column(name = "request_id")
    private @Nullable UUID requestId;

    @Column(name = "content_digest")
    private String contentDigest = "";

    @Column(name = "proposal_incident")
    private @Nullable UUID proposalIncident;

    @Column(name = "holds_instance")
    private boolean holdsInstance;

    private boolean runnable;
    private boolean automated;

    @Column(name = "next_run_at")
    private Instant nextRunAt = Instant.EPOCH;

    @Column(name = "due_at")
    private Instant dueAt = Instant.EPOCH;

    private int attempts;

    @Column(name = "lease_epoch")
    private long leaseEpoch;

    @Column(name = "lease_until")
    private Instant leaseUntil = Instant.EPOCH;

    private long revision;

    @Column(name = "created_at")
    private Instant createdAt = Instant.EPOCH;

    @Column(name = "updated_at")
    private Instant updatedAt = Instant.EPOCH;

    private byte[] body = new byte[0];

    protected JpaAction() {}

    JpaAction(ActionStore.NewAction created, @Nullable UUID incident, Instant now) {
        HoldSubject held = HoldSubject.of(created.action());
        this.id = created.id();
        this.awsPartition = held.scope().getPartition();
        this.accountId = held.scope().getAccountId();
        this.region = held.scope().getRegion();
        this.instanceId = held.instanceId();
        this.lane = created.lane();
        this.subject = held.text();
        this.incident = incident;
        this.requestId = created.requestId();
        this.contentDigest = created.contentDigest();
        this.proposalIncident = created.proposalIncident();
        this.automated = created.action().getAutomated();
        this.createdAt = now;
        put(created.action(), now);
        schedule(created.due(), now);
    }

    UUID id() {
        return id;
    }

    void lane(String newLane) {
        this.lane = newLane;
    }

    String contentDigest() {
        return contentDigest;
    }

    Action action() {
        try {
            return Action.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the stored action " + id + " cannot be read", e);
        }
    }

    /** The message with its new etag and update time. */
    Action put(Action action, Instant now) {
        revision++;
        updatedAt = now;
        Action stored = ActionLifecycle.stamped(action, revision, now);
        state = name(stored.getState());
        body = stored.toByteArray();
        return stored;
    }

    /** New work, or a new time to approve, from now on. */
    void schedule(Duration due, Instant now) {
        runnable = ActionLifecycle.isRunnable(action().getState());
        holdsInstance = holdsInstance || runnable;
        nextRunAt = now;
        dueAt = now.plus(due);
        attempts = 0;
        // A watcher that is at work ends first.
        leaseUntil = leaseUntil.isAfter(now) ? leaseUntil : now;
    }

    /** Takes the work back from whoever has begun to lease it: its next write is refused. */
    void withdraw(Instant now) {
        leaseEpoch++;
        runnable = false;
        holdsInstance = false;
        nextRunAt = now;
        leaseUntil = now;
    }

    /** "SUCCEEDED", as the state column has it. */
    static String name(ActionState state) {
        return state.name().substring(STATE_PREFIX.length());
    }
}
