package dev.yagura.detection.feed;

import dev.yagura.common.persistence.Transactions;
import dev.yagura.proto.type.v1.Scope;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Leases, cursors, marks and process tables. Times are the database's. */
final class SqlPartitionStore {
    private static final String ENSURE =
            """
            INSERT INTO log_partition (partition_id) SELECT generate_series(0, ? - 1)
            ON CONFLICT (partition_id) DO NOTHING
            """;

    private static final String HEARTBEAT =
            """
            INSERT INTO detector (id, seen_at) VALUES (?, clock_timestamp())
            ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at
            """;

    private static final String FORGET =
            "DELETE FROM detector WHERE seen_at < clock_timestamp() - make_interval(secs => ?)";

    private static final String COUNT_LIVE = "SELECT count(*) FROM detector";

    private static final String RENEW =
            """
            UPDATE log_partition SET expires_at = clock_timestamp() + make_interval(secs => ?)
            WHERE owner = ? RETURNING partition_id, epoch
            """;

    private static final String TAKE =
            """
            UPDATE log_partition SET owner = ?, epoch = epoch + 1,
                expires_at = clock_timestamp() + make_interval(secs => ?)
            WHERE partition_id IN (
                SELECT partition_id FROM log_partition
                WHERE owner IS NULL OR expires_at < clock_timestamp()
                ORDER BY partition_id LIMIT ? FOR UPDATE SKIP LOCKED)
            RETURNING partition_id, epoch
            """;

    private static final String RELEASE =
            "UPDATE log_partition SET owner = NULL, expires_at = NULL WHERE partition_id = ? AND owner = ? AND epoch = ?";

    private static final String LEAVE = "DELETE FROM detector WHERE id = ?";

    // Locks in the order of partitions; whoever takes the lease meanwhile waits for the commit.
    private static final String CHECK =
            """
            SELECT partition_id, owner, epoch, incarnation, cursor_offset FROM log_partition
            WHERE partition_id = ANY (?) ORDER BY partition_id FOR UPDATE
            """;

    private static final String ADVANCE =
            """
            UPDATE log_partition SET incarnation = ?, cursor_offset = ?,
                table_offset = CASE WHEN ? >= 0 THEN ? ELSE table_offset END,
                committed_at = clock_timestamp()
            WHERE partition_id = ?
            """;

    private static final String UPSERT_MARK =
            """
            INSERT INTO agent_mark (partition_id, aws_partition, account_id, region, agent_id, spool_id,
                sequence, received_ns)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (partition_id, agent_id, spool_id) DO UPDATE
                SET sequence = excluded.sequence, received_ns = excluded.received_ns
            """;

    private static final String UPSERT_TABLE =
            """
            INSERT INTO host_process (partition_id, host_id, aws_partition, account_id, region, body)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (partition_id, host_id) DO UPDATE SET body = excluded.body
            """;

    private final Transactions transactions;

    /**
     * Leases after a round.
     *
     * @param live replicas that want partitions, this one included
     */
    record Round(List<Lease> owned, int live) {
        Round {
            owned = List.copyOf(owned);
        }
    }

    SqlPartitionStore(Transactions transactions) {
        this.transactions = transactions;
    }

    /** Rows for all partitions of the log. */
    void ensure(int partitions) {
        transactions.run(transaction -> {
            try (PreparedStatement insert = transaction.connection().prepareStatement(ENSURE)) {
                insert.setInt(1, partitions);
                insert.executeUpdate();
            }
        });
    }

    /** Renews what is owned, and takes free partitions up to the fair share of all replicas. */
    Round round(UUID owner, Duration lease, int partitions) {
        return transactions.inTransaction(transaction -> {
            Connection connection = transaction.connection();
            double seconds = lease.toMillis() / 1000.0;
            execute(connection, FORGET, seconds);
            execute(connection, HEARTBEAT, owner);
            int live = count(connection);
            List<Lease> owned = new ArrayList<>(leases(connection, RENEW, owner, seconds, owner));
            int missing = share(partitions, live) - owned.size();
            if (missing > 0) {
                owned.addAll(leases(connection, TAKE, owner, owner, seconds, missing));
            }
            return new Round(owned, live);
        });
    }

    static int share(int partitions, int live) {
        return Math.ceilDiv(partitions, Math.max(1, live));
    }

    void release(Collection<Lease> leases) {
        transactions.run(transaction -> {
            List<Lease> ordered = new ArrayList<>(leases);
            ordered.sort(Comparator.comparingInt(Lease::partition));
            for (Lease lease : ordered) {
                execute(
                        transaction.connection(),
                        RELEASE,
                        lease.partition(),
                        lease.owner(),
                        lease.epoch());
            }
        });
    }

    /** This replica wants no partition any more. */
    void leave(UUID owner) {
        transactions.run(transaction -> execute(transaction.connection(), LEAVE, owner));
    }

    PartitionState load(int partition) {
        return transactions.inTransaction(transaction -> {
            Connection connection = transaction.connection();
            try (PreparedStatement query =
                    connection.prepareStatement(
                            "SELECT incarnation, cursor_offset, table_offset FROM log_partition WHERE partition_id = ?")) {
                query.setInt(1, partition);
                try (ResultSet row = query.executeQuery()) {
                    row.next();
                    return new PartitionState(
                            new Place(row.getString(1), row.getLong(2)),
                            row.getLong(3),
                            marks(connection, partition),
                            tables(connection, partition));
                }
            }
        });
    }

    /** Where partitions are, locked until the transaction ends. */
    record Checked(Lease lease, Place cursor) {}

    /** The first statement of a commit. */
    static Map<Integer, Checked> check(Connection connection, Collection<Integer> partitions)
            throws SQLException {
        Map<Integer, Checked> found = new HashMap<>();
        Array array = connection.createArrayOf("int4", partitions.toArray());
        try (PreparedStatement query = connection.prepareStatement(CHECK)) {
            query.setArray(1, array);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    UUID owner = rows.getObject(2, UUID.class);
                    found.put(
                            rows.getInt(1),
                            new Checked(
                                    new Lease(
                                            rows.getInt(1),
                                            owner == null ? new UUID(0, 0) : owner,
                                            rows.getLong(3)),
                                    new Place(rows.getString(4), rows.getLong(5))));
                }
            }
        } finally {
            array.free();
        }
        return found;
    }

    /** Cursors, marks and tables of all. */
    static void advance(Connection connection, List<Progress> all) throws SQLException {
        try (PreparedStatement cursor = connection.prepareStatement(ADVANCE);
                PreparedStatement marks = connection.prepareStatement(UPSERT_MARK);
                PreparedStatement tables = connection.prepareStatement(UPSERT_TABLE)) {
            for (Progress progress : all) {
                int partition = progress.lease().partition();
                bind(
                        cursor,
                        progress.end().incarnation(),
                        progress.end().offset(),
                        progress.tableOffset(),
                        progress.tableOffset(),
                        partition);
                cursor.addBatch();
                for (Mark mark : progress.marks()) {
                    bind(
                            marks,
                            partition,
                            mark.scope().getPartition(),
                            mark.scope().getAccountId(),
                            mark.scope().getRegion(),
                            mark.spool().agentId(),
                            mark.spool().spoolId(),
                            mark.sequence(),
                            mark.receivedNs());
                    marks.addBatch();
                }
                for (HostTable table : progress.tables()) {
                    bind(
                            tables,
                            partition,
                            table.hostId(),
                            table.scope().getPartition(),
                            table.scope().getAccountId(),
                            table.scope().getRegion(),
                            table.body());
                    tables.addBatch();
                }
            }
            cursor.executeBatch();
            marks.executeBatch();
            tables.executeBatch();
        }
    }

    private static List<Mark> marks(Connection connection, int partition) throws SQLException {
        List<Mark> marks = new ArrayList<>();
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT agent_id, spool_id, aws_partition, account_id, region, sequence, received_ns FROM agent_mark WHERE partition_id = ?")) {
            query.setInt(1, partition);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    marks.add(
                            new Mark(
                                    new Mark.Spool(rows.getString(1), rows.getString(2)),
                                    scope(rows, 3),
                                    rows.getLong(6),
                                    rows.getLong(7)));
                }
            }
        }
        return marks;
    }

    private static List<HostTable> tables(Connection connection, int partition)
            throws SQLException {
        List<HostTable> tables = new ArrayList<>();
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT host_id, aws_partition, account_id, region, body FROM host_process WHERE partition_id = ?")) {
            query.setInt(1, partition);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    tables.add(
                            new HostTable(
                                    rows.getObject(1, UUID.class),
                                    scope(rows, 2),
                                    rows.getBytes(5)));
                }
            }
        }
        return tables;
    }

    private static Scope scope(ResultSet row, int first) throws SQLException {
        return Scope.newBuilder()
                .setPartition(row.getString(first))
                .setAccountId(row.getString(first + 1))
                .setRegion(row.getString(first + 2))
                .build();
    }

    private static List<Lease> leases(
            Connection connection, String sql, UUID owner, Object... parameters)
            throws SQLException {
        List<Lease> leases = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, parameters);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    leases.add(new Lease(rows.getInt(1), owner, rows.getLong(2)));
                }
            }
        }
        return leases;
    }

    private static int count(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(COUNT_LIVE);
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void execute(Connection connection, String sql, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, parameters);
            statement.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, Object... parameters)
            throws SQLException {
        for (int index = 0; index < parameters.length; index++) {
            statement.setObject(index + 1, parameters[index]);
        }
    }
}
