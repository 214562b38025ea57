package dev.yagura.common.identity;

import dev.yagura.common.error.PermissionDeniedException;
import dev.yagura.proto.type.v1.AgentIdentity;
import dev.yagura.proto.type.v1.PrincipalKind;
import dev.yagura.proto.type.v1.Role;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who calls.
 *
 * @param kind agent, user or automation (bearer token) or service (peer certificate)
 * @param id agent id, token id or service name
 * @param displayName for people and the audit log
 * @param role of a token; {@link Role#ROLE_UNSPECIFIED} for agents and services
 * @param accountIds AWS accounts it may see; empty means every account
 * @param agent set for agents
 * @param expireTime when its proof ends; null for services
 */
public record Principal(
        PrincipalKind kind,
        String id,
        String displayName,
        Role role,
        Set<String> accountIds,
        Optional<AgentIdentity> agent,
        @Nullable Instant expireTime) {

    /** Kinds of those who show a bearer token. */
    public static final Set<PrincipalKind> TOKENS =
            Set.of(PrincipalKind.PRINCIPAL_KIND_USER, PrincipalKind.PRINCIPAL_KIND_AUTOMATION);

    public Principal {
        accountIds = Set.copyOf(accountIds);
    }

    /** A service of the platform, known by its certificate. */
    public static Principal service(String name) {
        return new Principal(
                PrincipalKind.PRINCIPAL_KIND_SERVICE,
                name,
                name,
                Role.ROLE_UNSPECIFIED,
                Set.of(),
                Optional.empty(),
                null);
    }

    /** Reads what the gateway sent. */
    public static Principal of(dev.yagura.proto.type.v1.Principal message) {
        return new Principal(
                message.getKind(),
                message.getId(),
                message.getDisplayName(),
                message.getRole(),
                Set.copyOf(message.getAccountIdsList()),
                message.hasAgent() ? Optional.of(message.getAgent()) : Optional.empty(),
                message.getExpireTimeNs() == 0
                        ? null
                        : Instant.EPOCH.plusNanos(message.getExpireTimeNs()));
    }

    public dev.yagura.proto.type.v1.Principal toProto() {
        dev.yagura.proto.type.v1.Principal.Builder message =
                dev.yagura.proto.type.v1.Principal.newBuilder()
                        .setKind(kind)
                        .setId(id)
                        .setDisplayName(displayName)
                        .setRole(role)
                        .addAllAccountIds(accountIds);
        agent.ifPresent(message::setAgent);
        if (expireTime != null) {
            message.setExpireTimeNs(
                    Math.addExact(
                            Math.multiplyExact(expireTime.getEpochSecond(), 1_000_000_000L),
                            expireTime.getNano()));
        }
        return message.build();
    }

    public boolean isService() {
        return kind == PrincipalKind.PRINCIPAL_KIND_SERVICE;
    }

    /** A person or a program with a bearer token. */
    public boolean isToken() {
        return TOKENS.contains(kind);
    }

    /** A program: nobody looks before it acts. */
    public boolean isAutomation() {
        return kind == PrincipalKind.PRINCIPAL_KIND_AUTOMATION;
    }

    public boolean seesEveryAccount() {
        return accountIds.isEmpty();
    }

    public boolean maySee(String accountId) {
        return accountIds.isEmpty() || accountIds.contains(accountId);
    }

    /** Fails closed unless the account is in the caller's scope. */
    public void requireAccount(String accountId) {
        if (!maySee(accountId)) {
            throw new PermissionDeniedException(
                    displayName + " may not act on account " + accountId);
        }
    }

    /** Fails closed unless the caller is a service of the platform. */
    public void requireService() {
        if (!isService()) {
            throw new PermissionDeniedException("this method is for services of the platform");
        }
    }

    /** The agent behind the call; fails closed for anyone else. */
    public AgentIdentity requireAgent() {
        return agent.orElseThrow(() ->
                new PermissionDeniedException(
                        "this method is for agents: connect with the client certificate"
                                + " from enrolment"));
    }
}
