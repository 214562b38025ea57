package dev.yagura.inventory.agent;

import dev.yagura.common.watch.ChangeFeeds;
import dev.yagura.inventory.access.JpaSession;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

@ApplicationScoped
@Transactional
class JpaAgentStore implements AgentStore {
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    @Inject private JpaSession session;

    @Inject private ChangeFeeds feeds;

    @Override
    public void insert(Agent agent) {
        session.entityManager().persist(JpaAgent.of(agent));
    }

    @Override
    public Optional<Agent> find(UUID id) {
        return Optional.ofNullable(session.entityManager().find(JpaAgent.class, id))
                .map(JpaAgent::agent);
    }

    @Override
    public Map<UUID, Agent> findAll(Collection<UUID> ids) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        return session
                .entityManager()
                .createQuery("SELECT a FROM JpaAgent a WHERE a.id IN :ids", JpaAgent.class)
                .setParameter("ids", ids)
                .getResultList()
                .stream()
                .map(JpaAgent::agent)
                .collect(Collectors.toMap(Agent::id, Function.identity()));
    }

    @Override
    public Optional<Agent> findEnrolled(UUID tokenId, String publicKeySha256) {
        return session
                .entityManager()
                .createQuery(
                        "SELECT a FROM JpaAgent a"
                                + " WHERE a.tokenId = :token AND a.publicKeySha256 = :key",
                        JpaAgent.class)
                .setParameter("token", tokenId)
                .setParameter("key", publicKeySha256)
                .getResultList()
                .stream()
                .findFirst()
                .map(JpaAgent::agent);
    }

    @Override
    public boolean isKeyRevoked(String publicKeySha256) {
        return session.entityManager()
                        .createQuery(
                                "SELECT COUNT(a) FROM JpaAgent a"
                                        + " WHERE a.publicKeySha256 = :key"
                                        + " AND a.revokeTime IS NOT NULL",
                                Long.class)
                        .setParameter("key", publicKeySha256)
                        .getSingleResult()
                > 0;
    }

    @Override
    public boolean isKeyOfAnotherHost(String publicKeySha256, UUID hostId) {
        return session.entityManager()
                        .createQuery(
                                "SELECT COUNT(a) FROM JpaAgent a"
                                        + " WHERE a.publicKeySha256 = :key AND a.hostId <> :host",
                                Long.class)
                        .setParameter("key", publicKeySha256)
                        .setParameter("host", hostId)
                        .getSingleResult()
                > 0;
    }

    @Override
    public List<Agent> list(Selection selection, Optional<UUID> after, int limit) {
        List<String> conditions = new ArrayList<>();
        Map<String, Object> values = new HashMap<>();
        if (!selection.visibility().all()) {
            conditions.add("a.accountId IN :accounts");
            values.put("accounts", selection.visibility().accountIds());
        }
        selection
                .state()
                .ifPresent(state -> {
                    conditions.add(condition(state));
                    if (state == Agent.State.CONNECTED || state == Agent.State.SILENT) {
                        values.put("silent", selection.now().minus(Agent.SILENCE));
                    }
                });
        after.ifPresent(id -> {
            conditions.add("a.id > :after");
            values.put("after", id);
        });
        String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        TypedQuery<JpaAgent> query =
                session.entityManager()
                        .createQuery(
                                "SELECT a FROM JpaAgent a" + where + " ORDER BY a.id",
                                JpaAgent.class);
        values.forEach(query::setParameter);
        return query.setMaxResults(limit).getResultList().stream().map(JpaAgent::agent).toList();
    }

    @Override
    public List<Agent> listAdmitted(Optional<UUID> after, int limit) {
        return session
                .entityManager()
                .createQuery(
                        "SELECT a FROM JpaAgent a WHERE a.revokeTime IS NULL AND a.id > :after"
                                + " ORDER BY a.id",
                        JpaAgent.class)
                .setParameter("after", after.orElse(BEFORE_ALL))
                .setMaxResults(limit)
                .getResultList()
                .stream()
                .map(JpaAgent::agent)
                .toList();
    }

    @Override
    public void renew(UUID id, Instant certificateExpireTime, boolean proven, Instant now) {
        session.entityManager()
                .createQuery(
                        "UPDATE JpaAgent a SET a.certificateExpireTime = :end,"
                                + " a.proven = :proven, a.updateTime = :now WHERE a.id = :id")
                .setParameter("end", certificateExpireTime)
                .setParameter("proven", proven)
                .setParameter("now", now)
                .setParameter("id", id)
                .executeUpdate();
        refresh(id);
    }

    @Override
    public boolean revoke(UUID id, String reason, Instant now) {
        // Only these columns: heartbeats write others of the row at the same time.
        int revoked =
                session.entityManager()
                        .createQuery(
                                "UPDATE JpaAgent a SET a.revokeTime = :now,"
                                        + " a.revokeReason = :reason, a.updateTime = :now"
                                        + " WHERE a.id = :id AND a.revokeTime IS NULL")
                        .setParameter("now", now)
                        .setParameter("reason", reason)
                        .setParameter("id", id)
                        .executeUpdate();
        if (revoked == 1) {
            announce(id);
        }
        return revoked == 1;
    }

    @Override
    public List<UUID> retireHost(UUID hostId, String reason, Instant now) {
        List<UUID> ids =
                session.entityManager()
                        .createQuery(
                                "SELECT a.id FROM JpaAgent a WHERE a.hostId = :host"
                                        + " AND a.revokeTime IS NULL ORDER BY a.id",
                                UUID.class)
                        .setParameter("host", hostId)
                        .getResultList();
        if (!ids.isEmpty()) {
            session.entityManager()
                    .createQuery(
                            "UPDATE JpaAgent a SET a.revokeTime = :now, a.revokeReason = :reason,"
                                    + " a.retired = true, a.updateTime = :now"
                                    + " WHERE a.id IN :ids AND a.revokeTime IS NULL")
                    .setParameter("now", now)
                    .setParameter("reason", reason)
                    .setParameter("ids", ids)
                    .executeUpdate();
            ids.forEach(this::refresh);
        }
        return ids;
    }

    /** The transaction may hold the row as it was before an update in bulk. */
    private void refresh(UUID id) {
        session.entityManager().refresh(session.entityManager().find(JpaAgent.class, id));
    }

    /** As {@link Agent#state}. */
    private static String condition(Agent.State state) {
        String admitted = "a.revokeTime IS NULL AND ";
        return switch (state) {
            case REVOKED -> "a.revokeTime IS NOT NULL AND a.retired = false";
            case RETIRED -> "a.retired = true";
            case ENROLLED -> admitted + "a.lastHeartbeatTime IS NULL";
            case CONNECTED -> admitted + "a.lastHeartbeatTime >= :silent";
            case SILENT -> admitted + "a.lastHeartbeatTime < :silent";
        };
    }

    @Override
    public void announce(UUID id) {
        feeds.feed(AgentCatalog.FEED).append(session.entityManager(), id);
    }
}
