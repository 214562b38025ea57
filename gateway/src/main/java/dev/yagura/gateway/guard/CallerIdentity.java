package dev.yagura.gateway.guard;

import dev.yagura.common.error.UnauthenticatedException;
import dev.yagura.common.identity.Principal;
import dev.yagura.gateway.access.AccessRule;
import dev.yagura.gateway.admission.AgentAdmissions;
import dev.yagura.gateway.limit.CallLimits;
import dev.yagura.gateway.token.TokenCatalog;
import dev.yagura.proto.type.v1.PrincipalKind;
import dev.yagura.proto.type.v1.Role;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/** Finds whose a call is. Only tokens may wait for the database, and only for users' methods. */
final class CallerIdentity {
    /** Callers of methods that ask for no proof. */
    static final Principal ANONYMOUS =
            new Principal(
                    PrincipalKind.PRINCIPAL_KIND_UNSPECIFIED,
                    "anonymous",
                    "anonymous",
                    Role.ROLE_UNSPECIFIED,
                    Set.of(),
                    Optional.empty(),
                    null);

    private final AgentAdmissions agents;
    private final TokenCatalog tokens;
    private final CallLimits limits;

    CallerIdentity(AgentAdmissions agents, TokenCatalog tokens, CallLimits limits) {
        this.agents = agents;
        this.tokens = tokens;
        this.limits = limits;
    }

    /**
     * The principal of the call; a method for anyone is called by nobody in particular, whatever
     * proof is shown.
     *
     * @throws UnauthenticatedException no proof, or a wrong one
     */
    Principal of(Arrival arrival, AccessRule rule) {
        InetAddress address = arrival.peer().getAddress();
        if (rule instanceof AccessRule.Anyone) {
            limits.requireAttempt(address);
            return ANONYMOUS;
        }
        try {
            if (arrival.certificate().isPresent()) {
                return agents.admit(arrival.certificate().get());
            }
            if (rule instanceof AccessRule.Agents) {
                throw new UnauthenticatedException(
                        "this method is for agents: connect with the client certificate from"
                                + " enrolment");
            }
            return user(arrival);
        } catch (UnauthenticatedException e) {
            limits.failedAttempt(address);
            throw e;
        }
    }

    private Principal user(Arrival arrival) {
        String shown =
                arrival.bearer()
                        .orElseThrow(() ->
                                new UnauthenticatedException(
                                        "no proof of who calls: send \"authorization: Bearer"
                                                + " <token>\""));
        if (!tokens.isKnown(shown)) {
            limits.requireAttempt(arrival.peer().getAddress());
        }
        return tokens.authenticate(shown);
    }
}
