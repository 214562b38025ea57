package dev.yagura.response.outbox;

import dev.yagura.common.ids.Ids;
import dev.yagura.common.persistence.DatabaseErrors;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Query;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** In PostgreSQL. Replicas pass over rows that another one is taking. */
@ApplicationScoped
class JpaDeliveryStore implements DeliveryStore, Outbox {
    private static final String CLAIM =
            """
            WITH due AS MATERIALIZED (
                SELECT id FROM webhook_delivery
                WHERE endpoint = ? AND state = 'PENDING' AND next_attempt_at <= now()
                    AND lease_until <= now()
                ORDER BY next_attempt_at LIMIT ? FOR UPDATE SKIP LOCKED)
            UPDATE webhook_delivery d
            SET attempts = d.attempts + 1, lease_epoch = d.lease_epoch + 1,
                lease_until = now() + ? * interval '1 millisecond'
            FROM due WHERE d.id = due.id RETURNING d.id
            """;

    private static final String MARK =
            """
            UPDATE webhook_delivery
            SET state = ?, last_status = ?, last_error = ?, answer = ?, lease_until = now(),
                next_attempt_at = now() + ? * interval '1 millisecond',
                ended_at = CASE WHEN ? THEN now() END
            WHERE id = ? AND lease_epoch = ? AND state = 'PENDING'
            """;

    private static final String ADD =
            """
            INSERT INTO webhook_delivery (id, endpoint, type, resource, account_id, body, state,
                attempts, next_attempt_at, lease_epoch, lease_until, last_status, last_error, answer,
                created_at)
            VALUES (?, ?, ?, ?, ?, ?, 'PENDING', 0, now(), 0, now(), 0, '', '', now())
            ON CONFLICT (id) DO NOTHING
            """;

    private static final String REPLAY =
            """
            UPDATE webhook_delivery
            SET state = 'PENDING', attempts = 0, next_attempt_at = now(), lease_until = now(),
                ended_at = NULL
            WHERE state = 'DEAD'
            """;

    private static final String DISABLE =
            """
            INSERT INTO webhook_disabled_endpoint (name, fingerprint, disabled_at, reason)
            VALUES (?, ?, now(), ?)
            ON CONFLICT (name) DO UPDATE
            SET fingerprint = excluded.fingerprint, disabled_at = excluded.disabled_at,
                reason = excluded.reason
            """;

    private static final String GIVE_UP =
            """
            UPDATE webhook_delivery
            SET state = 'DEAD', last_error = ?, ended_at = now(), lease_epoch = lease_epoch + 1
            WHERE endpoint = ? AND state = 'PENDING' AND lease_until <= now()
                AND created_at <= now() - ? * interval '1 millisecond'
            """;

    private static final String FORGET =
            """
            DELETE FROM webhook_delivery WHERE id IN (
                SELECT id FROM webhook_delivery
                WHERE state = ? AND ended_at < now() - ? * interval '1 millisecond'
                LIMIT ? FOR UPDATE SKIP LOCKED)
            """;

    @PersistenceContext(unitName = "response")
    private EntityManager entityManager;

    @Inject private Subscriptions subscriptions;

    @Inject private Ids ids;

    @Override
    public void append(Connection connection, List<Event> events) {
        for (Event event : events) {
            for (String endpoint : subscriptions.endpointsOf(event.type())) {
                append(connection, endpoint, event);
            }
        }
    }

    private void append(Connection connection, String endpoint, Event event) {
        try (PreparedStatement add = connection.prepareStatement(ADD)) {
            add.setObject(1, ids.v7());
            add.setString(2, endpoint);
            add.setString(3, event.type());
            add.setString(4, event.resource());
            add.setString(5, event.accountId());
            add.setString(6, event.body());
            add.executeUpdate();
        } catch (SQLException e) {
            throw DatabaseErrors.translate(e);
        }
    }

    @Override
    @Transactional
    public List<Claim> claim(String endpoint, int most, Duration lease) {
        List<UUID> taken =
                statement(CLAIM, endpoint, most, lease.toMillis()).getResultList().stream()
                        .map(UUID.class::cast)
                        .toList();
        return taken.isEmpty()
                ? List.of()
                : query("d.id IN :ids", Map.of("ids", taken))
                        .getResultStream()
                        .map(JpaDelivery::claim)
                        .sorted(Comparator.comparing(claim -> claim.delivery().id()))
                        .toList();
    }

    @Override
    @Transactional
    public void delivered(Claim claim, Outcome outcome) {
        mark(claim, DeliveryState.DELIVERED, outcome, Duration.ZERO);
    }

    @Override
    @Transactional
    public void failed(Claim claim, Outcome outcome, Duration pause) {
        mark(claim, DeliveryState.PENDING, outcome, pause);
    }

    @Override
    @Transactional
    public void dead(Claim claim, Outcome outcome) {
        mark(claim, DeliveryState.DEAD, outcome, Duration.ZERO);
    }

    private void mark(Claim claim, DeliveryState state, Outcome outcome, Duration pause) {
        update(
                MARK,
                state.name(),
                outcome.status(),
                outcome.error(),
                outcome.answer(),
                pause.toMillis(),
                state != DeliveryState.PENDING,
                claim.delivery().id(),
                claim.epoch());
    }

    @Override
    @Transactional
    public void add(UUID id, String endpoint, Event event) {
        update(ADD, id, endpoint, event.type(), event.resource(), event.accountId(), event.body());
    }

    @Override
    @Transactional
    public Optional<Delivery> find(UUID id) {
        return Optional.ofNullable(entityManager.find(JpaDelivery.class, id))
                .map(JpaDelivery::delivery);
    }

    @Override
    @Transactional
    public List<Delivery> list(
            Optional<DeliveryState> state,
            Optional<String> endpoint,
            @Nullable UUID after,
            int limit) {
        StringBuilder where = new StringBuilder("1 = 1");
        Map<String, Object> parameters = new HashMap<>();
        state.ifPresent(each -> {
            where.append(" AND d.state = :state");
            parameters.put("state", each.name());
        });
        endpoint.ifPresent(each -> {
            where.append(" AND d.endpoint = :endpoint");
            parameters.put("endpoint", each);
        });
        if (after != null) {
            where.append(" AND d.id < :after");
            parameters.put("after", after);
        }
        return query(where + " ORDER BY d.id DESC", parameters)
                .setMaxResults(limit)
                .getResultStream()
                .map(JpaDelivery::delivery)
                .toList();
    }

    @Override
    @Transactional
    public Map<String, Counts> counts() {
        Map<String, Counts> counts = new HashMap<>();
        entityManager
                .createQuery(
                        "SELECT d.endpoint, SUM(CASE WHEN d.state = 'PENDING' THEN 1 ELSE 0 END),"
                                + " SUM(CASE WHEN d.state = 'DEAD' THEN 1 ELSE 0 END) FROM"
                                + " JpaDelivery d WHERE d.state <> 'DELIVERED' GROUP BY d.endpoint",
                        Object[].class)
                .getResultStream()
                .forEach(row ->
                        counts.put(
                                (String) row[0],
                                new Counts(
                                        ((Number) row[1]).longValue(),
                                        ((Number) row[2]).longValue())));
        return counts;
    }

    @Override
    @Transactional
    public int replay(List<UUID> dead) {
        int replayed = 0;
        for (UUID id : dead) {
            replayed += update(REPLAY + " AND id = ?", id);
        }
        return replayed;
    }

    @Override
    @Transactional
    public int replay(String endpoint) {
        return update(REPLAY + " AND endpoint = ?", endpoint);
    }

    @Override
    @Transactional
    public void disable(String endpoint, String fingerprint, String reason) {
        update(DISABLE, endpoint, fingerprint, reason);
    }

    @Override
    @Transactional
    public Optional<Disabled> disabled(String endpoint) {
        return Optional.ofNullable(entityManager.find(JpaDisabledEndpoint.class, endpoint))
                .map(JpaDisabledEndpoint::disabled);
    }

    @Override
    @Transactional
    public int giveUp(String endpoint, Duration age, String reason) {
        return update(GIVE_UP, reason, endpoint, age.toMillis());
    }

    @Override
    @Transactional
    public List<String> awaited() {
        return entityManager
                .createQuery(
                        "SELECT DISTINCT d.endpoint FROM JpaDelivery d WHERE d.state = 'PENDING'",
                        String.class)
                .getResultList();
    }

    @Override
    @Transactional
    public int forget(DeliveryState state, Duration age, int most) {
        return update(FORGET, state.name(), age.toMillis(), most);
    }

    private TypedQuery<JpaDelivery> query(String where, Map<String, ?> parameters) {
        TypedQuery<JpaDelivery> query =
                entityManager.createQuery(
                        "SELECT d FROM JpaDelivery d WHERE " + where, JpaDelivery.class);
        parameters.forEach(query::setParameter);
        return query;
    }

    private int update(String sql, Object... parameters) {
        return statement(sql, parameters).executeUpdate();
    }

    private Query statement(String sql, Object... parameters) {
        Query query = entityManager.createNativeQuery(sql);
        for (int i = 0; i < parameters.length; i++) {
            query.setParameter(i + 1, parameters[i]);
        }
        return query;
    }
}
