package dev.yagura.response.plan;

import dev.yagura.common.error.StaleEtagException;
import dev.yagura.proto.response.v1.Drill;
import dev.yagura.proto.response.v1.ResponsePlan;
import dev.yagura.response.action.JpaClock;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** In PostgreSQL. Whoever adds something holds {@link #LOCK} until the commit. */
@ApplicationScoped
class JpaPlanStore implements PlanStore {
    /** Key of PostgreSQL's advisory lock; any constant of this schema's own. */
    private static final long LOCK = 0x79616775_72610003L;

    @PersistenceContext(unitName = "response")
    private EntityManager entityManager;

    @Override
    @Transactional
    public Optional<ResponsePlan> newest() {
        return versions("DESC").map(JpaResponsePlan::message);
    }

    @Override
    @Transactional
    public Optional<Instant> begun() {
        return versions("ASC").map(JpaResponsePlan::createdAt);
    }

    @Override
    @Transactional
    public ResponsePlan add(ResponsePlan plan, String previous) {
        lock();
        Optional<ResponsePlan> current = versions("DESC").map(JpaResponsePlan::message);
        if (!previous.isEmpty()
                && !current.map(ResponsePlan::getEtag).orElse("").equals(previous)) {
            throw new StaleEtagException("the plan was changed since; read it again");
        }
        if (current.isPresent() && current.get().getSource().equals(plan.getSource())) {
            return current.get();
        }
        int version = current.map(ResponsePlan::getVersion).orElse(0) + 1;
        ResponsePlan stored =
                plan.toBuilder().setVersion(version).setEtag(Integer.toString(version)).build();
        entityManager.persist(new JpaResponsePlan(stored, JpaClock.now(entityManager)));
        return stored;
    }

    @Override
    @Transactional
    public boolean addDrill(Drill drill, UUID id, UUID requestId, String contentDigest) {
        lock();
        if (byRequest(requestId).isPresent()) {
            return false;
        }
        entityManager.persist(new JpaDrill(drill, id, requestId, contentDigest));
        return true;
    }

    @Override
    @Transactional
    public Optional<Earlier> findByRequest(UUID requestId) {
        return byRequest(requestId).map(row -> new Earlier(row.message(), row.contentDigest()));
    }

    @Override
    @Transactional
    public Optional<Drill> lastDrill() {
        return drills("1 = 1 ORDER BY d.tookPlaceAt DESC", Map.of())
                .setMaxResults(1)
                .getResultStream()
                .findFirst()
                .map(JpaDrill::message);
    }

    @Override
    @Transactional
    public List<Drill> drills(@Nullable UUID after, int limit) {
        TypedQuery<JpaDrill> query =
                after == null
                        ? drills("1 = 1 ORDER BY d.id DESC", Map.of())
                        : drills("d.id < :after ORDER BY d.id DESC", Map.of("after", after));
        return query.setMaxResults(limit).getResultStream().map(JpaDrill::message).toList();
    }

    private Optional<JpaResponsePlan> versions(String order) {
        return entityManager
                .createQuery(
                        "SELECT p FROM JpaResponsePlan p ORDER BY p.version " + order,
                        JpaResponsePlan.class)
                .setMaxResults(1)
                .getResultStream()
                .findFirst();
    }

    private Optional<JpaDrill> byRequest(UUID requestId) {
        return drills("d.requestId = :request", Map.of("request", requestId))
                .getResultStream()
                .findFirst();
    }

    private TypedQuery<JpaDrill> drills(String where, Map<String, ?> parameters) {
        TypedQuery<JpaDrill> query =
                entityManager.createQuery(
                        "SELECT d FROM JpaDrill d WHERE " + where, JpaDrill.class);
        parameters.forEach(query::setParameter);
        return query;
    }

    private void lock() {
        entityManager
                .createNativeQuery("SELECT pg_advisory_xact_lock(?)")
                .setParameter(1, LOCK)
                .getResultList();
    }
}
