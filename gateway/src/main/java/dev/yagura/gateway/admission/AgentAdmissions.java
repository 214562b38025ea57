package dev.yagura.gateway.admission;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.UnauthenticatedException;
import dev.yagura.common.identity.Principal;
import dev.yagura.gateway.stream.OpenCalls;
import dev.yagura.proto.type.v1.PrincipalKind;
import dev.yagura.proto.type.v1.Role;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which agents may connect.
 *
 * <pre>
 * no snapshot yet ──snapshot──► current ──watch ends──► away ──5 minutes──► too long away
 *                                  ▲                      │                      │
 *                                  └──────── snapshot ────┴──────────────────────┘
 * </pre>
 *
 * While current, the inventory's word decides. While away, agents that were known stay and others
 * wait. Without a snapshot, or too long away, all wait and open streams are closed.
 */
@ApplicationScoped
public class AgentAdmissions {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /**
     * A certificate younger than this may be on its way from the inventory to here. Certificates
     * are dated 5 minutes back.
     */
    private static final Duration NEWLY_ISSUED = Duration.ofMinutes(7);

    private final Clock clock;
    private final OpenCalls calls;
    private final Duration maxAway;
    private volatile Map<String, Admission> admissions = Map.of();
    private volatile boolean complete;
    private volatile @Nullable Instant awaySince;

    @Inject
    public AgentAdmissions(Clock clock, OpenCalls calls, Settings settings) {
        this.clock = clock;
        this.calls = calls;
        this.maxAway = AdmissionConfig.from(settings).away();
    }

    /**
     * The agent that this certificate was issued to.
     *
     * @throws UnauthenticatedException expired, revoked, replaced or unknown
     * @throws DependencyUnavailableException it cannot be said now
     */
    public Principal admit(AgentCertificate certificate) {
        if (!certificate.notAfter().isAfter(clock.instant())) {
            throw new UnauthenticatedException("the client certificate expired; enrol again");
        }
        if (!complete || isTooLongAway()) {
            throw unavailable();
        }
        Admission admission =
                Optional.ofNullable(admissions.get(certificate.agentId()))
                        .orElseThrow(() -> unknown(certificate));
        if (admission.revoked()) {
            throw new UnauthenticatedException("the agent was revoked");
        }
        if (!admission.publicKeySha256().equalsIgnoreCase(certificate.publicKeySha256())) {
            throw replaced(certificate);
        }
        return new Principal(
                PrincipalKind.PRINCIPAL_KIND_AGENT,
                admission.agentId(),
                admission.agentId(),
                Role.ROLE_UNSPECIFIED,
                Set.of(admission.agent().getScope().getAccountId()),
                Optional.of(admission.agent()),
                certificate.notAfter());
    }

    /** Everything is known; who is not in the snapshot may not stay. */
    void snapshot(Map<String, Admission> all) {
        Map<String, Admission> before = admissions;
        admissions = new ConcurrentHashMap<>(all);
        complete = true;
        awaySince = null;
        before.forEach((agentId, known) -> {
            Admission now = all.get(agentId);
            if (now == null) {
                end(agentId, "the agent is not known any more");
            } else {
                endIfChanged(known, now);
            }
        });
    }

    /** One agent came or changed. */
    void changed(Admission admission) {
        Admission before = admissions.put(admission.agentId(), admission);
        if (before != null) {
            endIfChanged(before, admission);
        }
    }

    /** The watch ended: from now on the inventory's word is old. */
    void away() {
        if (awaySince == null) {
            awaySince = clock.instant();
        }
    }

    /** Closes every agent's streams once the word is too old. */
    public void closeWhenTooLongAway() {
        if (complete && isTooLongAway()) {
            calls.terminateAll(PrincipalKind.PRINCIPAL_KIND_AGENT, unavailable());
        }
    }

    /** True while the inventory's word is current. */
    public boolean isCurrent() {
        return complete && awaySince == null;
    }

    private void endIfChanged(Admission before, Admission now) {
        if (now.revoked()) {
            end(now.agentId(), "the agent was revoked");
        } else if (!now.publicKeySha256().equalsIgnoreCase(before.publicKeySha256())) {
            end(now.agentId(), "the agent has a new certificate");
        }
    }

    private void end(String agentId, String why) {
        calls.terminate(PrincipalKind.PRINCIPAL_KIND_AGENT, agentId, why);
    }

    private boolean isTooLongAway() {
        Instant since = awaySince;
        return since != null && !clock.instant().isBefore(since.plus(maxAway));
    }

    private RuntimeException unknown(AgentCertificate certificate) {
        return awaySince != null || isNew(certificate)
                ? unavailable()
                : new UnauthenticatedException("the agent is unknown; enrol again");
    }

    private RuntimeException replaced(AgentCertificate certificate) {
        return awaySince != null || isNew(certificate)
                ? unavailable()
                : new UnauthenticatedException(
                        "the client certificate was replaced by a newer one of this agent");
    }

    private boolean isNew(AgentCertificate certificate) {
        return certificate.notBefore().isAfter(clock.instant().minus(NEWLY_ISSUED));
    }

    private static DependencyUnavailableException unavailable() {
        return new DependencyUnavailableException("the list of agents", RETRY_AFTER);
    }
}
