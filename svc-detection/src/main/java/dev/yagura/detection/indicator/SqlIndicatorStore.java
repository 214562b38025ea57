package dev.yagura.detection.indicator;

import com.google.protobuf.ByteString;
import dev.yagura.common.config.Settings;
import dev.yagura.common.error.AlreadyExistsException;
import dev.yagura.common.persistence.Transactions;
import dev.yagura.indicator.IndicatorKey;
import dev.yagura.indicator.IndicatorKind;
import dev.yagura.proto.detection.v1.Severity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lists and indicators in PostgreSQL. */
@ApplicationScoped
class SqlIndicatorStore implements IndicatorStore {
    private static final String LIST_COLUMNS =
            """
            l.id, l.uid, l.title, l.format, l.version, l.revision, l.indicator_count, l.content_sha256,
                l.importer, l.create_time, l.import_time
            """;

    private static final String INDICATORS =
            "SELECT "
                    + LIST_COLUMNS
                    + """
                    , i.id, i.kind, i.value, i.source_id, i.valid_from, i.valid_until, i.revoked_by_source,
                        i.confidence, i.severity, i.labels, i.description, i.list_version, i.first_import_time,
                        i.import_time, r.reason, r.author, r.create_time
                    FROM indicator i JOIN indicator_list l ON l.id = i.list_id
                        LEFT JOIN indicator_revocation r ON r.list_id = i.list_id AND r.indicator_id = i.id
                    """;

    private static final String REVOKE =
            """
            INSERT INTO indicator_revocation (list_id, indicator_id, reason, author, create_time)
            VALUES (?, ?, ?, ?, ?) ON CONFLICT (list_id, indicator_id) DO NOTHING
            """;

    private static final String REINSTATE =
            "DELETE FROM indicator_revocation WHERE list_id = ? AND indicator_id = ?";

    private static final String REVISE =
            "UPDATE indicator_list SET revision = revision + 1 WHERE id = ?";

    private static final String REMEMBER =
            """
            INSERT INTO indicator_request (request_id, fingerprint, answer, create_time)
            VALUES (?, ?, ?, ?)
            """;

    private static final Duration REQUESTS_KEPT = Duration.ofDays(30);
    private static final Duration ANSWER_MARGIN = Duration.ofSeconds(10);
    private static final int FETCH = 10_000;

    private final Transactions transactions;
    private final Duration importTimeout;

    @Inject
    SqlIndicatorStore(Transactions transactions, Settings settings) {
        this(transactions, IndicatorConfig.from(settings).importTimeout());
    }

    SqlIndicatorStore(Transactions transactions, Duration importTimeout) {
        this.transactions = transactions;
        this.importTimeout = importTimeout;
    }

    @Override
    public ByteString replace(
            Request request,
            Target target,
            long maxIndicators,
            boolean validateOnly,
            Entries entries,
            Function<Imported, ByteString> answer) {
        return transactions.inTransaction(transaction -> {
            Connection connection = transaction.connection();
            Optional<ByteString> before = answered(connection, request);
            if (before.isPresent()) {
                return before.get();
            }
            allowLongStatements(connection);
            SqlIndicatorImport running = SqlIndicatorImport.begin(connection, request, target);
            // The same request may have been before this one at the lock.
            before = answered(connection, request);
            if (before.isPresent()) {
                connection.rollback();
                return before.get();
            }
            ByteString result = answer.apply(running.run(entries, maxIndicators));
            if (validateOnly) {
                connection.rollback();
            } else {
                remember(connection, request, result);
            }
            return result;
        });
    }

    @Override
    public Optional<ByteString> delete(
            Request request, String list, Function<Long, ByteString> answer) {
        return transactions.inTransaction(transaction -> {
            Connection connection = transaction.connection();
            Optional<ByteString> before = answered(connection, request);
            if (before.isPresent()) {
                return before;
            }
            if (!lock(connection, list)) {
                // The same request may have been waiting for the lock beside this one.
                return answered(connection, request);
            }
            allowLongStatements(connection);
            long removed = update(connection, "DELETE FROM indicator WHERE list_id = ?", list);
            update(connection, "DELETE FROM indicator_list WHERE id = ?", list);
            ByteString result = answer.apply(removed);
            remember(connection, request, result);
            return Optional.of(result);
        });
    }

    @Override
    public Optional<StoredIndicator> revoke(
            Request request, String list, UUID indicator, @Nullable String reason) {
        return transactions.inTransaction(transaction -> {
            Connection connection = transaction.connection();
            if (!lock(connection, list) || find(connection, list, indicator).isEmpty()) {
                return Optional.empty();
            }
            if (answered(connection, request).isEmpty()) {
                if (reason == null) {
                    update(connection, REINSTATE, list, indicator);
                } else {
                    update(
                            connection,
                            REVOKE,
                            list,
                            indicator,
                            reason,
                            request.author(),
                            Timestamp.from(request.time()));
                }
                update(connection, REVISE, list);
                remember(connection, request, ByteString.EMPTY);
            }
            return find(connection, list, indicator);
        });
    }

    @Override
    public List<IndicatorList> lists(String after, int limit) {
        return transactions.query(connection -> {
            List<IndicatorList> lists = new ArrayList<>();
            query(
                    connection,
                    "SELECT "
                            + LIST_COLUMNS
                            + " FROM indicator_list l WHERE l.id > ? ORDER BY l.id LIMIT ?",
                    row -> lists.add(readList(row)),
                    after,
                    limit);
            return lists;
        });
    }

    @Override
    public Optional<IndicatorList> list(String id) {
        return transactions.query(connection -> list(connection, id));
    }

    static Optional<IndicatorList> list(Connection connection, String id) throws SQLException {
        List<IndicatorList> found = new ArrayList<>();
        query(
                connection,
                "SELECT " + LIST_COLUMNS + " FROM indicator_list l WHERE l.id = ?",
                row -> found.add(readList(row)),
                id);
        return found.stream().findFirst();
    }

    @Override
    public List<StoredIndicator> page(Filter filter, Optional<After> after, int limit) {
        StringBuilder sql = new StringBuilder(INDICATORS).append(" WHERE true");
        List<Object> parameters = new ArrayList<>();
        filter.list()
                .ifPresent(list -> {
                    sql.append(" AND i.list_id = ?");
                    parameters.add(list);
                });
        filter.kind()
                .ifPresent(kind -> {
                    sql.append(" AND i.kind = ?");
                    parameters.add(kind.code());
                });
        if (!filter.values().isEmpty()) {
            sql.append(" AND i.lookup_id = ANY (?)");
            parameters.add(lookups(filter.values()));
        }
        after.ifPresent(last -> {
            sql.append(" AND (i.list_id, i.id) > (?, ?)");
            parameters.add(last.list());
            parameters.add(last.id());
        });
        sql.append(" ORDER BY i.list_id, i.id LIMIT ").append(limit);
        return transactions.query(connection -> {
            List<StoredIndicator> found = new ArrayList<>();
            query(
                    connection,
                    sql.toString(),
                    row -> found.add(readIndicator(row)),
                    parameters.toArray());
            return found;
        });
    }

    @Override
    public Optional<StoredIndicator> find(String list, UUID id) {
        return transactions.query(connection -> find(connection, list, id));
    }

    private static Optional<StoredIndicator> find(Connection connection, String list, UUID id)
            throws SQLException {
        List<StoredIndicator> found = new ArrayList<>();
        query(
                connection,
                INDICATORS + " WHERE i.list_id = ? AND i.id = ?",
                row -> found.add(readIndicator(row)),
                list,
                id);
        return found.stream().findFirst();
    }

    @Override
    public List<StoredIndicator> find(Collection<IndicatorKey> keys, int limit) {
        Set<IndicatorKey> wanted = new HashSet<>(keys);
        return transactions.query(connection -> {
            List<StoredIndicator> found = new ArrayList<>();
            query(
                    connection,
                    INDICATORS + " WHERE i.lookup_id = ANY (?) ORDER BY i.list_id, i.id LIMIT ?",
                    row -> {
                        StoredIndicator indicator = readIndicator(row);
                        // The id is a hash; the value decides.
                        if (wanted.contains(indicator.key())) {
                            found.add(indicator);
                        }
                    },
                    lookups(keys),
                    limit);
            return found;
        });
    }

    @Override
    public void keys(String list, long afterVersion, Consumer<IndicatorKey> consumer) {
        transactions.run(transaction -> {
            try (PreparedStatement query =
                    transaction
                            .connection()
                            .prepareStatement(
                                    "SELECT kind, value FROM indicator WHERE list_id = ? AND list_version > ?")) {
                query.setString(1, list);
                query.setLong(2, afterVersion);
                query.setFetchSize(FETCH);
                try (ResultSet rows = query.executeQuery()) {
                    while (rows.next()) {
                        consumer.accept(
                                new IndicatorKey(
                                        IndicatorKind.ofCode(rows.getInt(1)), rows.getString(2)));
                    }
                }
            }
        });
    }

    /** In this transaction only; the pool restores its own time to wait for an answer. */
    private void allowLongStatements(Connection connection) throws SQLException {
        connection.setNetworkTimeout(
                Runnable::run, Math.toIntExact(importTimeout.plus(ANSWER_MARGIN).toMillis()));
        execute(
                connection,
                "SELECT set_config('statement_timeout', ?, true)",
                Long.toString(importTimeout.toMillis()));
    }

    private static UUID[] lookups(Collection<IndicatorKey> keys) {
        return keys.stream().map(IndicatorIds::lookup).toArray(UUID[]::new);
    }

    private static boolean lock(Connection connection, String list) throws SQLException {
        List<String> found = new ArrayList<>();
        query(
                connection,
                "SELECT id FROM indicator_list WHERE id = ? FOR UPDATE",
                row -> found.add(row.getString(1)),
                list);
        return !found.isEmpty();
    }

    private static Optional<ByteString> answered(Connection connection, Request request)
            throws SQLException {
        List<ByteString> found = new ArrayList<>();
        query(
                connection,
                "SELECT fingerprint, answer FROM indicator_request WHERE request_id = ?",
                row -> {
                    if (!row.getString(1).equals(request.fingerprint())) {
                        throw new AlreadyExistsException(
                                "request_id "
                                        + request.id()
                                        + " was used for another request; make a new one");
                    }
                    found.add(ByteString.copyFrom(row.getBytes(2)));
                },
                request.id());
        return found.stream().findFirst();
    }

    private static void remember(Connection connection, Request request, ByteString answer)
            throws SQLException {
        update(
                connection,
                "DELETE FROM indicator_request WHERE create_time < ?",
                Timestamp.from(request.time().minus(REQUESTS_KEPT)));
        update(
                connection,
                REMEMBER,
                request.id(),
                request.fingerprint(),
                answer.toByteArray(),
                Timestamp.from(request.time()));
    }

    private static IndicatorList readList(ResultSet row) throws SQLException {
        return new IndicatorList(
                row.getString(1),
                row.getObject(2, UUID.class),
                row.getString(3),
                row.getInt(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getString(8),
                row.getString(9),
                row.getTimestamp(10).toInstant(),
                row.getTimestamp(11).toInstant());
    }

    private static StoredIndicator readIndicator(ResultSet row) throws SQLException {
        String labels = row.getString(21);
        @Nullable String reason = row.getString(26);
        return new StoredIndicator(
                row.getObject(12, UUID.class),
                readList(row),
                new IndicatorKey(IndicatorKind.ofCode(row.getInt(13)), row.getString(14)),
                row.getString(15),
                instant(row, 16),
                instant(row, 17),
                row.getBoolean(18),
                row.getInt(19),
                Severity.forNumber(row.getInt(20)),
                labels.isEmpty() ? List.of() : List.of(labels.split("\n")),
                row.getString(22),
                row.getLong(23),
                row.getTimestamp(24).toInstant(),
                row.getTimestamp(25).toInstant(),
                reason == null
                        ? Optional.empty()
                        : Optional.of(
                                new StoredIndicator.Revocation(
                                        reason,
                                        row.getString(27),
                                        row.getTimestamp(28).toInstant())));
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        @Nullable Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }

    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    private static void query(
            Connection connection, String sql, RowReader reader, Object... parameters)
            throws SQLException {
        try (PreparedStatement query = prepared(connection, sql, parameters);
                ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                reader.read(rows);
            }
        }
    }

    private static void execute(Connection connection, String sql, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = prepared(connection, sql, parameters)) {
            statement.execute();
        }
    }

    private static long update(Connection connection, String sql, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = prepared(connection, sql, parameters)) {
            return statement.executeLargeUpdate();
        }
    }

    private static PreparedStatement prepared(
            Connection connection, String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int index = 0; index < parameters.length; index++) {
            if (parameters[index] instanceof UUID[] ids) {
                statement.setArray(index + 1, connection.createArrayOf("uuid", ids));
            } else {
                statement.setObject(index + 1, parameters[index]);
            }
        }
        return statement;
    }
}
