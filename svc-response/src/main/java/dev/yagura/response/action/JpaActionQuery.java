package dev.yagura.response.action;

import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.response.v1.ActionFilter;
import dev.yagura.proto.response.v1.ActionState;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which actions a list has, newest first. */
final class JpaActionQuery {
    private final StringBuilder text = new StringBuilder("SELECT a FROM JpaAction a WHERE 1 = 1");
    private final Map<String, Object> parameters = new HashMap<>();

    /** Empty for every account. */
    JpaActionQuery inAccounts(Set<String> accounts) {
        return accounts.isEmpty() ? this : and("a.accountId IN :accounts", "accounts", accounts);
    }

    JpaActionQuery matching(ActionFilter filter) {
        if (!filter.getInstanceId().isEmpty()) {
            and("a.instanceId = :instance", "instance", filter.getInstanceId());
        }
        if (filter.getState() != ActionState.ACTION_STATE_UNSPECIFIED) {
            and("a.state = :state", "state", JpaAction.name(filter.getState()));
        }
        incident(filter.getIncident())
                .ifPresent(id -> and("a.incident = :incident", "incident", id));
        return this;
    }

    /** Ids below this only; null for all. */
    JpaActionQuery after(@Nullable UUID id) {
        return id == null ? this : and("a.id < :after", "after", id);
    }

    TypedQuery<JpaAction> on(EntityManager entityManager) {
        TypedQuery<JpaAction> query =
                entityManager.createQuery(text + " ORDER BY a.id DESC", JpaAction.class);
        parameters.forEach(query::setParameter);
        return query;
    }

    /** Id of "incidents/{uuid}"; empty for none. */
    static Optional<UUID> incident(String name) {
        return name.isEmpty()
                ? Optional.empty()
                : Optional.of(ResourceName.parse("incident", "incidents", name));
    }

    private JpaActionQuery and(String condition, String name, Object value) {
        text.append(" AND ").append(condition);
        parameters.put(name, value);
        return this;
    }
}
