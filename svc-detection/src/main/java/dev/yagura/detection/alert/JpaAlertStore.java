package dev.yagura.detection.alert;

import dev.yagura.common.paging.PageKey;
import dev.yagura.detection.read.JpaConditions;
import dev.yagura.proto.detection.v1.Alert;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Native queries, because JPQL has no arrays. */
@ApplicationScoped
class JpaAlertStore implements AlertStore {
    private static final String SELECT =
            "SELECT id, incident_id, create_time, update_time, version, body FROM alert";

    @PersistenceContext(unitName = "detection")
    private EntityManager entityManager;

    @Override
    @Transactional
    public List<Row> list(AlertQuery query, Optional<PageKey> after, int limit) {
        return conditions(query).page(entityManager, JpaAlert.class, SELECT, after, limit).stream()
                .map(row -> new Row(row.createTime(), row.id(), row.alert()))
                .toList();
    }

    @Override
    @Transactional
    public Map<UUID, Alert> find(Collection<UUID> ids, AlertQuery query) {
        Map<UUID, Alert> found = new HashMap<>();
        if (!ids.isEmpty()) {
            JpaConditions conditions = conditions(query);
            conditions.in("id", ids);
            conditions
                    .rows(entityManager, JpaAlert.class, SELECT, "")
                    .forEach(row -> found.put(row.id(), row.alert()));
        }
        return found;
    }

    private static JpaConditions conditions(AlertQuery query) {
        JpaConditions conditions = new JpaConditions();
        if (!query.accounts().isEmpty()) {
            conditions.in("account_id", query.accounts());
        }
        query.hostId().ifPresent(host -> conditions.add("host_id = ?", host));
        query.instanceId().ifPresent(instance -> conditions.add("instance_id = ?", instance));
        query.ruleId().ifPresent(rule -> conditions.add("rule_id = ?", rule));
        if (query.minSeverity() > 0) {
            conditions.add("severity >= ?", query.minSeverity());
        }
        query.incidentId().ifPresent(incident -> conditions.add("incident_id = ?", incident));
        query.technique()
                .ifPresent(technique ->
                        conditions.add("technique_keys @> ARRAY[cast(? AS text)]", technique));
        return conditions;
    }
}
