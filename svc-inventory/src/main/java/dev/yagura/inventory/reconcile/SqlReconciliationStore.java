package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.access.JpaSession;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Reconciliation;
import dev.yagura.inventory.asset.Tally;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** SQL on the transaction's connection: a reading's step and what it did are one transaction. */
@ApplicationScoped
@Transactional
class SqlReconciliationStore implements ReconciliationStore {
    private static final String INSERT =
            """
            INSERT INTO reconciliation (id, request_id, digest, requested_by, start_time, due_time)
            VALUES (?, ?, ?, ?, clock_timestamp(), clock_timestamp() + make_interval(secs => ?))
            ON CONFLICT (request_id) DO NOTHING
            """;

    private static final String ASKED_SETS =
            """
            unnest(?::text[], ?::text[], ?::text[], ?::text[])
                AS asked (partition, account_id, region, resource_type)
            """;

    private static final String INSERT_READINGS =
            "INSERT INTO scope_reading (partition, account_id, region, resource_type)"
                    + " SELECT * FROM "
                    + ASKED_SETS
                    + " ON CONFLICT DO NOTHING";

    /** In one order, so that two requests at once do not wait for each other. */
    private static final String INSERT_SETS =
            """
            WITH known AS (
                SELECT r.partition, r.account_id, r.region, r.resource_type, r.generation
                FROM scope_reading r JOIN %s USING (partition, account_id, region, resource_type)
                ORDER BY r.partition, r.account_id, r.region, r.resource_type
                FOR UPDATE OF r
            ), due AS (
                UPDATE scope_reading r SET wanted = r.generation + 1,
                    due_time = least(r.due_time, clock_timestamp())
                FROM known k WHERE (r.partition, r.account_id, r.region, r.resource_type)
                    = (k.partition, k.account_id, k.region, k.resource_type)
                RETURNING r.partition, r.account_id, r.region, r.resource_type, r.generation
            )
            INSERT INTO reconciliation_set (reconciliation_id, partition, account_id, region,
                resource_type, generation)
            SELECT ?, due.* FROM due
            """
                    .formatted(ASKED_SETS);

    private static final String VISIBLE = " AND (? OR s.account_id = ANY (?))";

    private static final String TALLY =
            "%1$s(s.items_read), %1$s(s.calls), %1$s(s.assets_new), %1$s(s.assets_changed),"
                    + " %1$s(s.assets_tombstoned)";

    private static final String SUMMARY =
            """
            SELECT r.id, r.request_id, r.requested_by, r.start_time, r.due_time, sums.*
            FROM reconciliation r CROSS JOIN LATERAL (
                SELECT %s,
                    max(s.end_time), count(*) FILTER (WHERE s.state = 'WAITING'),
                    count(*) FILTER (WHERE s.state = 'READING'),
                    count(*) FILTER (WHERE s.state = 'COMPLETE'),
                    count(*) FILTER (WHERE s.state = 'NOT_RECORDED'),
                    count(*) FILTER (WHERE s.state = 'FAILED'), count(*) AS sets
                FROM reconciliation_set s WHERE s.reconciliation_id = r.id%s
            ) sums
            WHERE sums.sets > 0 AND
            """
                    .formatted(TALLY.formatted("sum"), VISIBLE);

    private static final String SETS =
            "SELECT s.partition, s.account_id, s.region, s.resource_type, "
                    + TALLY.formatted("")
                    + ", s.state, s.reason, s.start_time, s.end_time FROM reconciliation_set s"
                    + " WHERE s.reconciliation_id = ?"
                    + VISIBLE
                    + " ORDER BY s.state <> 'FAILED', s.end_time IS NOT NULL,"
                    + " s.partition, s.account_id, s.region, s.resource_type LIMIT ?";

    private static final String OF_SET =
            " WHERE partition = ? AND account_id = ? AND region = ? AND resource_type = ?"
                    + " AND end_time IS NULL";
    private static final String OF_READING = OF_SET + " AND generation = ? AND state = 'READING'";

    private static final String BEGUN =
            "UPDATE reconciliation_set SET state = 'READING', start_time = clock_timestamp(),"
                    + " items_read = 0, generation = ?"
                    + OF_SET
                    + " AND generation < ?";

    private static final String PROGRESS =
            "UPDATE reconciliation_set SET items_read = items_read + ?, calls = calls + ?,"
                    + " assets_new = assets_new + ?, assets_changed = assets_changed + ?,"
                    + " assets_tombstoned = assets_tombstoned + ?"
                    + OF_READING;

    private static final String ENDED =
            "UPDATE reconciliation_set SET state = ?, reason = ?, end_time = clock_timestamp()"
                    + OF_READING;

    private static final String FAILED =
            "UPDATE reconciliation_set SET failures = failures + 1, reason = ?,"
                    + " state = CASE WHEN failures + 1 >= ? THEN 'FAILED' ELSE 'WAITING' END,"
                    + " end_time = CASE WHEN failures + 1 >= ? THEN clock_timestamp() END"
                    + OF_READING;

    private static final String GIVE_UP =
            """
            UPDATE reconciliation_set s SET state = 'FAILED', end_time = clock_timestamp(),
                reason = CASE WHEN s.reason = '' THEN ? ELSE ? || '; the last reading failed: '
                    || s.reason END
            FROM reconciliation r WHERE r.id = s.reconciliation_id AND s.end_time IS NULL
                AND r.due_time <= clock_timestamp()
            """;

    private static final String FORGET =
            """
            DELETE FROM reconciliation WHERE id IN (
                SELECT r.id FROM reconciliation r
                WHERE r.start_time < clock_timestamp() - make_interval(secs => ?)
                    AND NOT EXISTS (SELECT FROM reconciliation_set s
                        WHERE s.reconciliation_id = r.id AND s.end_time IS NULL)
                ORDER BY r.start_time LIMIT ? FOR UPDATE SKIP LOCKED)
            """;

    @Inject private JpaSession session;

    @Override
    public boolean start(Asked asked, List<AssetSet> sets, Duration longest) {
        int stored =
                session.sql(
                        INSERT,
                        insert -> {
                            insert.setObject(1, asked.id());
                            insert.setObject(2, asked.requestId());
                            insert.setString(3, asked.digest());
                            insert.setString(4, asked.requestedBy());
                            insert.setDouble(5, longest.toSeconds());
                            return insert.executeUpdate();
                        });
        if (stored == 0) {
            return false;
        }
        session.sql(
                INSERT_READINGS,
                insert -> {
                    sets(insert, sets);
                    return insert.executeUpdate();
                });
        session.sql(
                INSERT_SETS,
                insert -> {
                    sets(insert, sets);
                    insert.setObject(5, asked.id());
                    return insert.executeUpdate();
                });
        return true;
    }

    @Override
    public Optional<Asked> byRequest(UUID requestId) {
        return session.sql(
                "SELECT id, digest, requested_by FROM reconciliation WHERE request_id = ?",
                query -> {
                    query.setObject(1, requestId);
                    try (ResultSet row = query.executeQuery()) {
                        return row.next()
                                ? Optional.of(
                                        new Asked(
                                                row.getObject(1, UUID.class),
                                                requestId,
                                                row.getString(2),
                                                row.getString(3)))
                                : Optional.empty();
                    }
                });
    }

    @Override
    public int running() {
        return session.sql(
                "SELECT count(DISTINCT reconciliation_id) FROM reconciliation_set"
                        + " WHERE end_time IS NULL",
                query -> {
                    try (ResultSet row = query.executeQuery()) {
                        row.next();
                        return row.getInt(1);
                    }
                });
    }

    @Override
    public Optional<Reconciliation> find(UUID id, Visibility visibility) {
        return session.sql(
                SUMMARY + "r.id = ?",
                query -> {
                    visible(query, 1, visibility);
                    query.setObject(3, id);
                    return ReconciliationRows.reconciliations(query).stream().findFirst();
                });
    }

    @Override
    public List<Reconciliation.ReconciledSet> sets(UUID id, Visibility visibility, int limit) {
        return session.sql(
                SETS,
                query -> {
                    query.setObject(1, id);
                    visible(query, 2, visibility);
                    query.setInt(4, limit);
                    List<Reconciliation.ReconciledSet> sets = new ArrayList<>();
                    try (ResultSet row = query.executeQuery()) {
                        while (row.next()) {
                            sets.add(ReconciliationRows.set(row));
                        }
                    }
                    return sets;
                });
    }

    @Override
    public List<Reconciliation> list(Visibility visibility, Optional<UUID> before, int limit) {
        return session.sql(
                SUMMARY + "(?::uuid IS NULL OR r.id < ?) ORDER BY r.id DESC LIMIT ?",
                query -> {
                    visible(query, 1, visibility);
                    query.setObject(3, before.orElse(null));
                    query.setObject(4, before.orElse(null));
                    query.setInt(5, limit);
                    return ReconciliationRows.reconciliations(query);
                });
    }

    @Override
    public boolean begun(Reading reading) {
        return update(
                        BEGUN,
                        update -> {
                            update.setLong(1, reading.generation());
                            int next = set(update, 2, reading.set());
                            update.setLong(next, reading.generation());
                        })
                > 0;
    }

    @Override
    public void progress(Reading reading, Tally since) {
        update(
                PROGRESS,
                update -> {
                    update.setLong(1, since.items());
                    update.setLong(2, since.calls());
                    update.setLong(3, since.created());
                    update.setLong(4, since.changed());
                    update.setLong(5, since.tombstoned());
                    reading(update, 6, reading);
                });
    }

    @Override
    public void ended(Reading reading, Reconciliation.State state, String reason) {
        update(
                ENDED,
                update -> {
                    update.setString(1, state.name());
                    update.setString(2, reason);
                    reading(update, 3, reading);
                });
    }

    @Override
    public void failed(Reading reading, int most, String reason) {
        update(
                FAILED,
                update -> {
                    update.setString(1, reason);
                    update.setInt(2, most);
                    update.setInt(3, most);
                    reading(update, 4, reading);
                });
    }

    @Override
    public int giveUp(String reason) {
        return update(
                GIVE_UP,
                update -> {
                    update.setString(1, reason);
                    update.setString(2, reason);
                });
    }

    @Override
    public int forget(Duration age, int atOnce) {
        return update(
                FORGET,
                update -> {
                    update.setDouble(1, age.toSeconds());
                    update.setInt(2, atOnce);
                });
    }

    /** Values of a statement. */
    @FunctionalInterface
    private interface Values {
        void of(PreparedStatement statement) throws SQLException;
    }

    private int update(String sql, Values values) {
        return session.sql(
                sql,
                update -> {
                    values.of(update);
                    return update.executeUpdate();
                });
    }

    private static void visible(PreparedStatement query, int index, Visibility visibility)
            throws SQLException {
        query.setBoolean(index, visibility.all());
        query.setArray(
                index + 1,
                query.getConnection().createArrayOf("text", visibility.accountIds().toArray()));
    }

    private static void sets(PreparedStatement statement, List<AssetSet> sets) throws SQLException {
        statement.setArray(1, texts(statement, sets, set -> set.scope().getPartition()));
        statement.setArray(2, texts(statement, sets, set -> set.scope().getAccountId()));
        statement.setArray(3, texts(statement, sets, set -> set.scope().getRegion()));
        statement.setArray(4, texts(statement, sets, AssetSet::resourceType));
    }

    private static Array texts(
            PreparedStatement statement, List<AssetSet> sets, Function<AssetSet, String> part)
            throws SQLException {
        return statement.getConnection().createArrayOf("text", sets.stream().map(part).toArray());
    }

    private static int set(PreparedStatement statement, int index, AssetSet set)
            throws SQLException {
        statement.setString(index, set.scope().getPartition());
        statement.setString(index + 1, set.scope().getAccountId());
        statement.setString(index + 2, set.scope().getRegion());
        statement.setString(index + 3, set.resourceType());
        return index + 4;
    }

    private static void reading(PreparedStatement statement, int index, Reading reading)
            throws SQLException {
        int next = set(statement, index, reading.set());
        statement.setLong(next, reading.generation());
    }
}
