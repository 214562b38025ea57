package dev.yagura.inventory.reconcile;

import dev.yagura.common.persistence.DatabaseErrors;
import dev.yagura.inventory.access.JpaSession;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** SQL on the transaction's connection: leases live on the database's clock, which JPA lacks. */
@ApplicationScoped
@Transactional
class JpaReadingStore implements ReadingStore {
    private static final String OF_SCOPE = " WHERE partition = ? AND account_id = ? AND region = ?";
    private static final String OF_READING = OF_SCOPE + " AND generation = ? AND reader = ?";

    private static final String INSERT =
            """
            INSERT INTO scope_reading (partition, account_id, region) VALUES (?, ?, ?)
            ON CONFLICT DO NOTHING
            """;

    private static final String BEGIN =
            """
            UPDATE scope_reading SET generation = generation + 1, reader = ?,
                lease_until = clock_timestamp() + make_interval(secs => ?)
            WHERE partition = ? AND account_id = ? AND region = ?
                AND due_time <= clock_timestamp()
                AND (lease_until IS NULL OR lease_until < clock_timestamp())
            RETURNING generation
            """;

    private static final String HOLD =
            "UPDATE scope_reading SET lease_until = clock_timestamp() + make_interval(secs => ?)"
                    + OF_READING;

    private static final String COMPLETE =
            "UPDATE scope_reading SET lease_until = NULL, complete_time = clock_timestamp(),"
                    + " failures = 0, failure = '',"
                    + " due_time = clock_timestamp() + make_interval(secs => ?)"
                    + OF_READING;

    private static final String FAIL =
            "UPDATE scope_reading SET lease_until = NULL, failures = failures + 1, failure = ?,"
                    + " due_time = clock_timestamp() + make_interval(secs => ?)"
                    + OF_READING;

    private static final String FRESHNESS =
            "SELECT partition, account_id, region, complete_time, failures, failure"
                    + " FROM scope_reading ORDER BY partition, account_id, region";

    @Inject private JpaSession session;

    @FunctionalInterface
    private interface Use<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    @Override
    public Optional<Reading> begin(Scope scope, UUID reader, Duration lease) {
        with(
                INSERT,
                insert -> {
                    scope(insert, 1, scope);
                    return insert.executeUpdate();
                });
        return with(
                BEGIN,
                begin -> {
                    begin.setObject(1, reader);
                    begin.setDouble(2, seconds(lease));
                    scope(begin, 3, scope);
                    try (ResultSet row = begin.executeQuery()) {
                        return row.next()
                                ? Optional.of(new Reading(scope, reader, row.getLong(1)))
                                : Optional.empty();
                    }
                });
    }

    @Override
    public boolean hold(Reading reading, Duration lease) {
        return with(
                HOLD,
                hold -> {
                    hold.setDouble(1, seconds(lease));
                    reading(hold, 2, reading);
                    return hold.executeUpdate() == 1;
                });
    }

    @Override
    public void complete(Reading reading, Duration pause) {
        with(
                COMPLETE,
                complete -> {
                    complete.setDouble(1, seconds(pause));
                    reading(complete, 2, reading);
                    return complete.executeUpdate();
                });
    }

    @Override
    public void fail(Reading reading, Duration pause, String reason) {
        with(
                FAIL,
                fail -> {
                    fail.setString(1, reason);
                    fail.setDouble(2, seconds(pause));
                    reading(fail, 3, reading);
                    return fail.executeUpdate();
                });
    }

    @Override
    public int failures(Scope scope) {
        return with(
                "SELECT failures FROM scope_reading" + OF_SCOPE,
                query -> {
                    scope(query, 1, scope);
                    try (ResultSet row = query.executeQuery()) {
                        return row.next() ? row.getInt(1) : 0;
                    }
                });
    }

    @Override
    public List<Freshness> freshness() {
        return with(
                FRESHNESS,
                query -> {
                    List<Freshness> all = new ArrayList<>();
                    try (ResultSet row = query.executeQuery()) {
                        while (row.next()) {
                            Timestamp complete = row.getTimestamp(4);
                            all.add(
                                    new Freshness(
                                            Scopes.of(
                                                    row.getString(1),
                                                    row.getString(2),
                                                    row.getString(3)),
                                            complete == null ? null : complete.toInstant(),
                                            row.getInt(5),
                                            row.getString(6)));
                        }
                    }
                    return all;
                });
    }

    private <T> T with(String sql, Use<T> use) {
        // The transaction's own connection: what is locked here stays locked until its end.
        Connection connection = session.entityManager().unwrap(Connection.class);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            return use.of(statement);
        } catch (SQLException e) {
            throw DatabaseErrors.translate(e);
        }
    }

    private static void scope(PreparedStatement statement, int index, Scope scope)
            throws SQLException {
        statement.setString(index, scope.getPartition());
        statement.setString(index + 1, scope.getAccountId());
        statement.setString(index + 2, scope.getRegion());
    }

    private static void reading(PreparedStatement statement, int index, Reading reading)
            throws SQLException {
        scope(statement, index, reading.scope());
        statement.setLong(index + 3, reading.generation());
        statement.setObject(index + 4, reading.reader());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
