package dev.yagura.ingest.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Closed hours in PostgreSQL. */
@ApplicationScoped
class JpaLedgerStore implements LedgerStore {
    @PersistenceContext(unitName = "ingest")
    private EntityManager entityManager;

    @Override
    @Transactional
    public void save(List<LedgerCount> counts) {
        for (LedgerCount count : counts) {
            JpaLedgerCount kept =
                    entityManager.find(
                            JpaLedgerCount.class,
                            new JpaLedgerCountKey(
                                    count.key().hour(), count.key().agentId(), count.generation()),
                            LockModeType.PESSIMISTIC_WRITE);
            if (kept == null) {
                entityManager.persist(new JpaLedgerCount(count));
            } else {
                kept.replaceIfOlder(count);
            }
        }
    }

    @Override
    @Transactional
    public List<LedgerCount.Key> keys(LedgerQuery query, int limit) {
        List<String> conditions = new ArrayList<>(List.of("1 = 1"));
        if (!query.accountIds().isEmpty()) {
            conditions.add("c.accountId IN :accounts");
        }
        query.agentId().ifPresent(id -> conditions.add("c.key.agentId = :agent"));
        if (query.onlyLosses()) {
            conditions.add("c.declaredLost > 0");
        }
        query.after()
                .ifPresent(key ->
                        conditions.add(
                                "(c.key.hour < :hour OR (c.key.hour = :hour AND c.key.agentId > :after))"));
        TypedQuery<Object[]> select =
                entityManager.createQuery(
                        "SELECT DISTINCT c.key.hour, c.key.agentId FROM JpaLedgerCount c WHERE "
                                + String.join(" AND ", conditions)
                                + " ORDER BY c.key.hour DESC, c.key.agentId",
                        Object[].class);
        if (!query.accountIds().isEmpty()) {
            select.setParameter("accounts", query.accountIds());
        }
        query.agentId().ifPresent(id -> select.setParameter("agent", id));
        query.after()
                .ifPresent(key -> {
                    select.setParameter("hour", key.hour());
                    select.setParameter("after", key.agentId());
                });
        return select.setMaxResults(limit).getResultList().stream()
                .map(row -> new LedgerCount.Key((Long) row[0], (String) row[1]))
                .toList();
    }

    @Override
    @Transactional
    public List<LedgerCount> counts(Collection<LedgerCount.Key> keys) {
        if (keys.isEmpty()) {
            return List.of();
        }
        Set<LedgerCount.Key> wanted = new HashSet<>(keys);
        return entityManager
                .createQuery(
                        "SELECT c FROM JpaLedgerCount c WHERE c.key.hour IN :hours AND c.key.agentId IN :agents",
                        JpaLedgerCount.class)
                .setParameter("hours", keys.stream().map(LedgerCount.Key::hour).distinct().toList())
                .setParameter(
                        "agents", keys.stream().map(LedgerCount.Key::agentId).distinct().toList())
                .getResultStream()
                .map(JpaLedgerCount::toCount)
                .filter(count -> wanted.contains(count.key()))
                .toList();
    }
}
