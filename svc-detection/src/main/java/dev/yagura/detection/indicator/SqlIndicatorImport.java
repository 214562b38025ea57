package dev.yagura.detection.indicator;

import dev.yagura.common.error.LimitExceededException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** One import within its transaction: entries into staging, then the list becomes what they are. */
final class SqlIndicatorImport {
    private static final String LOCK_LIST =
            """
            INSERT INTO indicator_list (id, uid, title, format, version, revision, indicator_count,
                content_sha256, importer, create_time, import_time)
            VALUES (?, ?, ?, ?, 0, 0, 0, '', '', ?, ?)
            ON CONFLICT (id) DO UPDATE SET title = CASE WHEN ? THEN excluded.title ELSE indicator_list.title END
            RETURNING version
            """;

    /** Of the same id the last one counts; of the same source id, what its newest version says. */
    private static final String DROP_DUPLICATES =
            """
            DELETE FROM indicator_staging s USING (
                SELECT position,
                    row_number() OVER (PARTITION BY id ORDER BY modified DESC NULLS LAST, position DESC) AS place,
                    modified < max(modified) OVER (PARTITION BY source_id) AS superseded
                FROM indicator_staging WHERE import_id = ?) r
            WHERE s.import_id = ? AND s.position = r.position AND (r.place > 1 OR r.superseded)
            """;

    private static final String REMOVE =
            """
            DELETE FROM indicator i WHERE list_id = ? AND NOT EXISTS (
                SELECT 1 FROM indicator_staging s WHERE s.import_id = ? AND s.id = i.id)
            """;

    private static final String MERGE =
            """
            WITH merged AS (
                INSERT INTO indicator AS i (list_id, id, lookup_id, kind, value, source_id, valid_from,
                    valid_until, revoked_by_source, confidence, severity, labels, description, list_version,
                    first_import_time, import_time)
                SELECT ?, id, lookup_id, kind, value, source_id, valid_from, valid_until, revoked_by_source,
                    confidence, severity, labels, description, ?, ?, ?
                FROM indicator_staging WHERE import_id = ?
                ON CONFLICT (list_id, id) DO UPDATE SET valid_from = excluded.valid_from,
                    valid_until = excluded.valid_until, revoked_by_source = excluded.revoked_by_source,
                    confidence = excluded.confidence, severity = excluded.severity, labels = excluded.labels,
                    description = excluded.description, list_version = excluded.list_version,
                    import_time = excluded.import_time
                WHERE (i.valid_from, i.valid_until, i.revoked_by_source, i.confidence, i.severity, i.labels,
                        i.description)
                    IS DISTINCT FROM (excluded.valid_from, excluded.valid_until, excluded.revoked_by_source,
                        excluded.confidence, excluded.severity, excluded.labels, excluded.description)
                RETURNING (xmax = 0) AS added)
            SELECT count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM merged
            """;

    private static final String CLEAR = "DELETE FROM indicator_staging WHERE import_id = ?";

    private static final String UPDATE_LIST =
            """
            UPDATE indicator_list SET format = ?, version = version + 1, revision = revision + 1,
                indicator_count = ?, content_sha256 = ?, importer = ?, import_time = ?
            WHERE id = ?
            """;

    private static final String TOTAL =
            "SELECT coalesce(sum(indicator_count), 0) FROM indicator_list";

    private final Connection connection;
    private final IndicatorStore.Request request;
    private final IndicatorStore.Target target;
    private final long version;

    private SqlIndicatorImport(
            Connection connection,
            IndicatorStore.Request request,
            IndicatorStore.Target target,
            long version) {
        this.connection = connection;
        this.request = request;
        this.target = target;
        this.version = version;
    }

    /** Makes the list if there is none, and locks it: imports of a list come one after another. */
    static SqlIndicatorImport begin(
            Connection connection, IndicatorStore.Request request, IndicatorStore.Target target)
            throws SQLException {
        Timestamp now = Timestamp.from(request.time());
        try (PreparedStatement lock = connection.prepareStatement(LOCK_LIST)) {
            lock.setString(1, target.list());
            lock.setObject(2, target.importId());
            lock.setString(3, target.title().isEmpty() ? target.list() : target.title());
            lock.setInt(4, target.format());
            lock.setTimestamp(5, now);
            lock.setTimestamp(6, now);
            lock.setBoolean(7, !target.title().isEmpty());
            try (ResultSet row = lock.executeQuery()) {
                row.next();
                return new SqlIndicatorImport(connection, request, target, row.getLong(1) + 1);
            }
        }
    }

    /** The list becomes what the entries are. */
    IndicatorStore.Imported run(IndicatorStore.Entries entries, long maxIndicators)
            throws SQLException {
        UUID importId = target.importId();
        long staged = SqlStagedEntries.copy(connection, importId, target.list(), entries);
        long duplicates = update(DROP_DUPLICATES, importId, importId);
        long removed = update(REMOVE, target.list(), importId);
        long[] merged = merge(importId);
        update(CLEAR, importId);
        long count = staged - duplicates;
        update(
                UPDATE_LIST,
                target.format(),
                count,
                target.contentSha256(),
                request.author(),
                Timestamp.from(request.time()),
                target.list());
        checkTotal(maxIndicators);
        return new IndicatorStore.Imported(
                SqlIndicatorStore.list(connection, target.list()).orElseThrow(),
                merged[0],
                merged[1],
                removed,
                count - merged[0] - merged[1],
                duplicates);
    }

    private long[] merge(UUID importId) throws SQLException {
        Instant now = request.time();
        try (PreparedStatement merge = connection.prepareStatement(MERGE)) {
            merge.setString(1, target.list());
            merge.setLong(2, version);
            merge.setTimestamp(3, Timestamp.from(now));
            merge.setTimestamp(4, Timestamp.from(now));
            merge.setObject(5, importId);
            try (ResultSet row = merge.executeQuery()) {
                row.next();
                return new long[] {row.getLong(1), row.getLong(2)};
            }
        }
    }

    private void checkTotal(long maxIndicators) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(TOTAL);
                ResultSet row = query.executeQuery()) {
            row.next();
            if (row.getLong(1) > maxIndicators) {
                throw new LimitExceededException(
                        "all lists together would have "
                                + row.getLong(1)
                                + " indicators, the limit is "
                                + maxIndicators
                                + "; delete a list, import fewer, or raise"
                                + " yagura.detection.indicator.max-indicators",
                        Duration.ZERO);
            }
        }
    }

    private long update(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int index = 0; index < parameters.length; index++) {
                statement.setObject(index + 1, parameters[index]);
            }
            return statement.executeLargeUpdate();
        }
    }
}
