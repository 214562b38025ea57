package dev.yagura.gateway.guard;

import dev.yagura.common.error.LimitExceededException;
import dev.yagura.common.error.YaguraException;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.Ids;
import dev.yagura.gateway.access.AccessRule;
import dev.yagura.gateway.access.AccessTable;
import dev.yagura.gateway.admission.AgentAdmissions;
import dev.yagura.gateway.audit.AuditEntry;
import dev.yagura.gateway.audit.AuditLog;
import dev.yagura.gateway.limit.CallLimits;
import dev.yagura.gateway.stream.OpenCalls;
import dev.yagura.gateway.token.TokenCatalog;
import io.helidon.metrics.api.Metrics;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Decides whether a call is let in, in this order: rate of the address, identity, rule, rate and
 * streams of the principal, audit. What is let in is registered, and then its proof is looked at
 * again: a revocation in between finds the call either registered or refused.
 */
@ApplicationScoped
public class Gate {
    private final AccessTable access = AccessTable.complete();
    private final CallerIdentity identity;
    private final CallLimits limits;
    private final OpenCalls calls;
    private final AuditLog audit;
    private final Clock clock;
    private final Ids ids;
    private final GateMetrics metrics;

    @Inject
    Gate(
            AgentAdmissions agents,
            TokenCatalog tokens,
            CallLimits limits,
            OpenCalls calls,
            AuditLog audit,
            Clock clock,
            Ids ids) {
        this.identity = new CallerIdentity(agents, tokens, limits);
        this.limits = limits;
        this.calls = calls;
        this.audit = audit;
        this.clock = clock;
        this.ids = ids;
        this.metrics = new GateMetrics(Metrics.globalRegistry(), calls);
    }

    /** The rules in force. */
    public AccessTable access() {
        return access;
    }

    /**
     * Lets a call in.
     *
     * @param terminator ends the call from any thread
     * @throws YaguraException why it is not let in; that is in the audit already
     */
    AdmittedCall admit(Arrival arrival, Consumer<YaguraException> terminator) {
        AccessRule rule = access.rule(arrival.method()).orElseGet(AccessRule.Platform::new);
        UUID callId = ids.v7();
        Instant now = clock.instant();
        AuditEntry.Who who = AuditEntry.Who.UNKNOWN;
        try {
            limits.takeAddress(arrival.peer().getAddress());
            Principal principal = identity.of(arrival, rule);
            who = AuditEntry.Who.of(principal);
            rule.require(principal);
            return open(new AdmittedCall(this, arrival, rule, principal, callId, now, terminator));
        } catch (YaguraException e) {
            refused(arrival, callId, who, e);
            throw e;
        }
    }

    private AdmittedCall open(AdmittedCall call) {
        boolean anonymous = call.rule() instanceof AccessRule.Anyone;
        if (!anonymous) {
            limits.takePrincipal(call.principal());
        }
        boolean counted = call.isStream() && !anonymous;
        if (counted) {
            limits.openStream(call.principal());
        }
        try {
            begin(call);
            calls.add(call);
            identity.of(call.arrival(), call.rule());
            return call;
        } catch (RuntimeException e) {
            calls.remove(call);
            if (counted) {
                limits.closeStream(call.principal());
            }
            throw e;
        }
    }

    private void begin(AdmittedCall call) {
        if (call.rule().changes()) {
            audit.store(call.entry(AuditEntry.Event.BEGAN, GrpcOutcome.NONE, Duration.ZERO));
        } else if (call.isStream()) {
            audit.write(call.entry(AuditEntry.Event.BEGAN, GrpcOutcome.NONE, Duration.ZERO));
        } else {
            audit.requireRoom();
        }
    }

    /** A call of a method that is not there for callers from outside; never let in. */
    void unserved(Arrival arrival) {
        limits.takeAddress(arrival.peer().getAddress());
        String method = access.rule(arrival.method()).isPresent() ? arrival.method() : "unknown";
        audit.writeCounted(
                refusal(
                        method,
                        arrival,
                        ids.v7(),
                        AuditEntry.Who.UNKNOWN,
                        new GrpcOutcome("UNIMPLEMENTED", "")));
        metrics.refused("UNIMPLEMENTED");
    }

    /** A call that was let in is over. */
    void ended(AdmittedCall call, GrpcOutcome outcome) {
        calls.remove(call);
        if (call.rule() instanceof AccessRule.Anyone) {
            if (outcome.code().equals("UNAUTHENTICATED")) {
                limits.failedAttempt(call.arrival().peer().getAddress());
            }
        } else if (call.isStream()) {
            limits.closeStream(call.principal());
        }
        Duration duration = Duration.between(call.admittedAt(), clock.instant());
        audit.write(call.entry(AuditEntry.Event.ENDED, outcome, duration));
        metrics.ended(call.arrival().method(), outcome.code(), duration);
    }

    private void refused(Arrival arrival, UUID callId, AuditEntry.Who who, YaguraException error) {
        GrpcOutcome outcome = GrpcOutcome.of(error);
        AuditEntry entry = refusal(arrival.method(), arrival, callId, who, outcome);
        if (error instanceof LimitExceededException) {
            audit.writeCounted(entry);
        } else {
            audit.write(entry);
        }
        metrics.refused(outcome.reason());
    }

    private AuditEntry refusal(
            String method, Arrival arrival, UUID callId, AuditEntry.Who who, GrpcOutcome outcome) {
        return new AuditEntry(
                callId,
                AuditEntry.Event.REFUSED,
                method,
                who,
                arrival.peerText(),
                outcome.code(),
                outcome.reason(),
                clock.instant(),
                Duration.ZERO,
                1);
    }
}
