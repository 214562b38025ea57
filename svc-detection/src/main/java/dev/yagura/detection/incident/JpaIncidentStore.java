package dev.yagura.detection.incident;

import dev.yagura.common.error.AlreadyExistsException;
import dev.yagura.common.paging.PageKey;
import dev.yagura.common.watch.ChangeFeeds;
import dev.yagura.detection.read.JpaConditions;
import dev.yagura.proto.detection.v1.Incident;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class JpaIncidentStore implements IncidentStore {
    private static final String SELECT =
            "SELECT id, account_id, state, create_time, update_time, version, body FROM incident";

    @PersistenceContext(unitName = "detection")
    private EntityManager entityManager;

    @Inject private ChangeFeeds feeds;

    @Override
    @Transactional
    public List<Row> list(IncidentQuery query, Optional<PageKey> after, int limit) {
        return conditions(query)
                .page(entityManager, JpaIncident.class, SELECT, after, limit)
                .stream()
                .map(row -> new Row(row.createTime(), row.id(), row.incident()))
                .toList();
    }

    @Override
    @Transactional
    public Map<UUID, Incident> find(Collection<UUID> ids, IncidentQuery query) {
        Map<UUID, Incident> found = new HashMap<>();
        if (!ids.isEmpty()) {
            JpaConditions conditions = conditions(query);
            conditions.in("id", ids);
            conditions
                    .rows(entityManager, JpaIncident.class, SELECT, "")
                    .forEach(row -> found.put(row.id(), row.incident()));
        }
        return found;
    }

    @Override
    @Transactional
    public Optional<Incident> update(Request request, UnaryOperator<Incident> change) {
        // The lock makes the same request sent twice wait for itself.
        @Nullable JpaIncident row =
                entityManager.find(
                        JpaIncident.class, request.incidentId(), LockModeType.PESSIMISTIC_WRITE);
        if (row == null) {
            return Optional.empty();
        }
        @Nullable JpaIncidentRequest before =
                entityManager.find(JpaIncidentRequest.class, request.requestId());
        if (before != null) {
            if (!before.isSame(request.incidentId(), request.fingerprint())) {
                throw new AlreadyExistsException(
                        "request_id "
                                + request.requestId()
                                + " was used for another request; make a new one");
            }
            return Optional.of(row.incident());
        }
        row.replace(change.apply(row.incident()));
        entityManager.persist(
                new JpaIncidentRequest(
                        request.requestId(),
                        request.incidentId(),
                        request.fingerprint(),
                        request.time()));
        feeds.feed("incidents").append(entityManager, row.id());
        return Optional.of(row.incident());
    }

    private static JpaConditions conditions(IncidentQuery query) {
        JpaConditions conditions = new JpaConditions();
        if (!query.accounts().isEmpty()) {
            conditions.in("account_id", query.accounts());
        }
        query.hostId().ifPresent(host -> conditions.add("host_id = ?", host));
        query.instanceId().ifPresent(instance -> conditions.add("instance_id = ?", instance));
        if (query.minSeverity() > 0) {
            conditions.add("severity >= ?", query.minSeverity());
        }
        if (query.minPriority() > 0) {
            conditions.add("(priority IS NULL OR priority >= ?)", query.minPriority());
        }
        if (query.state() > 0) {
            conditions.add("state = ?", query.state());
        }
        return conditions;
    }
}
