package dev.yagura.gateway.guard;

import dev.yagura.common.error.YaguraException;
import dev.yagura.common.identity.Principal;
import dev.yagura.gateway.access.AccessRule;
import dev.yagura.gateway.audit.AuditEntry;
import dev.yagura.gateway.stream.OpenCall;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A call that was let in, until it is over. */
final class AdmittedCall implements OpenCall {
    private final Gate gate;
    private final Arrival arrival;
    private final AccessRule rule;
    private final Principal principal;
    private final UUID callId;
    private final Instant admittedAt;
    private final Consumer<YaguraException> terminator;
    private final AtomicBoolean over = new AtomicBoolean();

    AdmittedCall(
            Gate gate,
            Arrival arrival,
            AccessRule rule,
            Principal principal,
            UUID callId,
            Instant admittedAt,
            Consumer<YaguraException> terminator) {
        this.gate = gate;
        this.arrival = arrival;
        this.rule = rule;
        this.principal = principal;
        this.callId = callId;
        this.admittedAt = admittedAt;
        this.terminator = terminator;
    }

    /** The first one counts. */
    void end(GrpcOutcome outcome) {
        if (over.compareAndSet(false, true)) {
            gate.ended(this, outcome);
        }
    }

    @Override
    public Principal principal() {
        return principal;
    }

    @Override
    public boolean isStream() {
        return arrival.isStream();
    }

    @Override
    public void terminate(YaguraException reason) {
        terminator.accept(reason);
    }

    Arrival arrival() {
        return arrival;
    }

    AccessRule rule() {
        return rule;
    }

    Instant admittedAt() {
        return admittedAt;
    }

    AuditEntry entry(AuditEntry.Event event, GrpcOutcome outcome, Duration duration) {
        return new AuditEntry(
                callId,
                event,
                arrival.method(),
                AuditEntry.Who.of(principal),
                arrival.peerText(),
                outcome.code(),
                outcome.reason(),
                admittedAt.plus(duration),
                duration,
                1);
    }
}
