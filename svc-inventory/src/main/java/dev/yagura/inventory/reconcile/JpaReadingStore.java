package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.access.JpaSession;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** SQL on the transaction's connection: leases live on the database's clock, which JPA lacks. */
@ApplicationScoped
@Transactional
class JpaReadingStore implements ReadingStore {
    private static final String OF_SET =
            " WHERE partition = ? AND account_id = ? AND region = ? AND resource_type = ?";
    private static final String OF_READING = OF_SET + " AND generation = ? AND reader = ?";

    /** Put off by seconds, but not where a later reading than this one was asked for. */
    private static final String PUT_OFF =
            " due_time = clock_timestamp()"
                    + " + make_interval(secs => CASE WHEN wanted > generation THEN 0 ELSE ? END)";

    private static final String INSERT =
            """
            INSERT INTO scope_reading (partition, account_id, region, resource_type)
            VALUES (?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """;

    private static final String BEGIN =
            """
            UPDATE scope_reading SET generation = generation + 1, reader = ?, not_read = '',
                lease_until = clock_timestamp() + make_interval(secs => ?)
            WHERE partition = ? AND account_id = ? AND region = ? AND resource_type = ?
                AND due_time <= clock_timestamp()
                AND (lease_until IS NULL OR lease_until < clock_timestamp())
            RETURNING generation
            """;

    private static final String DUE =
            """
            SELECT partition, account_id, region, resource_type,
                due_time <= clock_timestamp()
                    AND (lease_until IS NULL OR lease_until < clock_timestamp())
            FROM scope_reading ORDER BY due_time
            """;

    private static final String NOT_READ =
            "UPDATE scope_reading SET not_read = ? WHERE partition = ? AND account_id = ?"
                    + " AND region <> ALL (?) AND not_read <> ?";

    private static final String HOLD =
            "UPDATE scope_reading SET lease_until = clock_timestamp() + make_interval(secs => ?)"
                    + OF_READING;

    private static final String LOCK =
            """
            SELECT complete_time FROM scope_reading
            WHERE partition = ? AND account_id = ? AND region = ? AND resource_type = ?
            FOR UPDATE
            """;

    private static final String COMPLETE =
            "UPDATE scope_reading SET lease_until = NULL, complete_time = clock_timestamp(),"
                    + " failures = 0, failure = '', not_recorded = '',"
                    + PUT_OFF
                    + OF_READING;

    private static final String NOT_RECORDED =
            "UPDATE scope_reading SET lease_until = NULL, recorded_since = NULL,"
                    + " failures = 0, failure = '', not_recorded = ?,"
                    + PUT_OFF
                    + OF_READING;

    private static final String RECORDED =
            "UPDATE scope_reading SET recorded_since = coalesce(recorded_since, clock_timestamp())"
                    + OF_READING
                    + " RETURNING recorded_since <= clock_timestamp() - make_interval(secs => ?)";

    private static final String FAIL =
            "UPDATE scope_reading SET lease_until = NULL, failures = failures + 1, failure = ?,"
                    + PUT_OFF
                    + OF_READING;

    private static final String FRESHNESS =
            "SELECT partition, account_id, region, resource_type, complete_time, failures, failure,"
                    + " not_recorded, not_read, recorded_since FROM scope_reading";

    private static final String ALL_FRESHNESS =
            FRESHNESS + " ORDER BY partition, account_id, region, resource_type";

    private static final String FRESHNESS_OF =
            FRESHNESS
                    + " WHERE (partition, account_id) IN"
                    + " (SELECT * FROM unnest(?::text[], ?::text[]))";

    @Inject private JpaSession session;

    /** A set that nobody has read yet has no row. */
    @Override
    public List<AssetSet> due(Collection<AssetSet> sets) {
        if (sets.isEmpty()) {
            return List.of();
        }
        Set<AssetSet> unread = new LinkedHashSet<>(sets);
        List<AssetSet> waiting =
                session.sql(
                        DUE,
                        query -> {
                            List<AssetSet> due = new ArrayList<>();
                            try (ResultSet row = query.executeQuery()) {
                                while (row.next()) {
                                    AssetSet set = set(row);
                                    if (unread.remove(set) && row.getBoolean(5)) {
                                        due.add(set);
                                    }
                                }
                            }
                            return due;
                        });
        return Stream.concat(unread.stream(), waiting.stream()).toList();
    }

    @Override
    public Optional<Reading> begin(AssetSet set, UUID reader, Duration lease) {
        insert(set);
        return session.sql(
                BEGIN,
                begin -> {
                    begin.setObject(1, reader);
                    begin.setDouble(2, seconds(lease));
                    set(begin, 3, set);
                    try (ResultSet row = begin.executeQuery()) {
                        return row.next()
                                ? Optional.of(new Reading(set, reader, row.getLong(1), false))
                                : Optional.empty();
                    }
                });
    }

    @Override
    public boolean hold(Reading reading, Duration lease) {
        return session.sql(
                HOLD,
                hold -> {
                    hold.setDouble(1, seconds(lease));
                    reading(hold, 2, reading);
                    return hold.executeUpdate() == 1;
                });
    }

    @Override
    public Optional<Instant> lock(AssetSet set) {
        insert(set);
        return session.sql(
                LOCK,
                lock -> {
                    set(lock, 1, set);
                    try (ResultSet row = lock.executeQuery()) {
                        return row.next() ? Optional.ofNullable(time(row, 1)) : Optional.empty();
                    }
                });
    }

    @Override
    public boolean recorded(Reading reading, Duration settled) {
        return session.sql(
                RECORDED,
                recorded -> {
                    reading(recorded, 1, reading);
                    recorded.setDouble(7, seconds(settled));
                    try (ResultSet row = recorded.executeQuery()) {
                        return row.next() && row.getBoolean(1);
                    }
                });
    }

    @Override
    public void notRecorded(Reading reading, Duration pause, String reason) {
        session.sql(
                NOT_RECORDED,
                update -> {
                    update.setString(1, reason);
                    update.setDouble(2, seconds(pause));
                    reading(update, 3, reading);
                    return update.executeUpdate();
                });
    }

    @Override
    public void complete(Reading reading, Duration pause) {
        session.sql(
                COMPLETE,
                complete -> {
                    complete.setDouble(1, seconds(pause));
                    reading(complete, 2, reading);
                    return complete.executeUpdate();
                });
    }

    @Override
    public void fail(Reading reading, Duration pause, String reason) {
        session.sql(
                FAIL,
                fail -> {
                    fail.setString(1, reason);
                    fail.setDouble(2, seconds(pause));
                    reading(fail, 3, reading);
                    return fail.executeUpdate();
                });
    }

    @Override
    public void notRead(
            String partition, String accountId, Collection<String> except, String reason) {
        session.sql(
                NOT_READ,
                update -> {
                    update.setString(1, reason);
                    update.setString(2, partition);
                    update.setString(3, accountId);
                    update.setArray(
                            4, update.getConnection().createArrayOf("text", except.toArray()));
                    update.setString(5, reason);
                    return update.executeUpdate();
                });
    }

    @Override
    public int failures(AssetSet set) {
        return session.sql(
                "SELECT failures FROM scope_reading" + OF_SET,
                query -> {
                    set(query, 1, set);
                    try (ResultSet row = query.executeQuery()) {
                        return row.next() ? row.getInt(1) : 0;
                    }
                });
    }

    @Override
    public List<Freshness> freshness() {
        return session.sql(ALL_FRESHNESS, JpaReadingStore::freshness);
    }

    @Override
    public List<Freshness> freshness(Collection<Scope> scopes) {
        return session.sql(
                FRESHNESS_OF,
                query -> {
                    var connection = query.getConnection();
                    query.setArray(
                            1,
                            connection.createArrayOf(
                                    "text", scopes.stream().map(Scope::getPartition).toArray()));
                    query.setArray(
                            2,
                            connection.createArrayOf(
                                    "text", scopes.stream().map(Scope::getAccountId).toArray()));
                    return freshness(query);
                });
    }

    private static List<Freshness> freshness(PreparedStatement query) throws SQLException {
        List<Freshness> all = new ArrayList<>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                all.add(
                        new Freshness(
                                set(row),
                                time(row, 5),
                                row.getInt(6),
                                row.getString(7),
                                row.getString(8),
                                row.getString(9),
                                time(row, 10)));
            }
        }
        return all;
    }

    private static @Nullable Instant time(ResultSet row, int column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }

    private void insert(AssetSet set) {
        session.sql(
                INSERT,
                insert -> {
                    set(insert, 1, set);
                    return insert.executeUpdate();
                });
    }

    private static AssetSet set(ResultSet row) throws SQLException {
        return new AssetSet(
                Scopes.of(row.getString(1), row.getString(2), row.getString(3)), row.getString(4));
    }

    private static void set(PreparedStatement statement, int index, AssetSet set)
            throws SQLException {
        statement.setString(index, set.scope().getPartition());
        statement.setString(index + 1, set.scope().getAccountId());
        statement.setString(index + 2, set.scope().getRegion());
        statement.setString(index + 3, set.resourceType());
    }

    private static void reading(PreparedStatement statement, int index, Reading reading)
            throws SQLException {
        set(statement, index, reading.set());
        statement.setLong(index + 4, reading.generation());
        statement.setObject(index + 5, reading.reader());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
