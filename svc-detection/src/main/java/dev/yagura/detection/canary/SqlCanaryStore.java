package dev.yagura.detection.canary;

import dev.yagura.common.persistence.Transactions;
import dev.yagura.proto.ingest.v1.CanaryAppend;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Rounds of canaries, shared by all replicas. Times are the database's. */
final class SqlCanaryStore {
    private static final String TAKE =
            """
            UPDATE canary_round SET round = round + 1, sent_time = clock_timestamp(),
                resumed_time = CASE WHEN sent_time <= clock_timestamp() - make_interval(secs => ?)
                    THEN clock_timestamp() ELSE resumed_time END
            WHERE sent_time <= clock_timestamp() - make_interval(secs => ?) RETURNING round
            """;

    private static final String LEAVE = "DELETE FROM canary WHERE name <> ALL (?)";

    private static final String JOIN =
            """
            INSERT INTO canary (name, first_round, first_time, proven_round, proven_time, delay_ms)
            SELECT unnest(?::text[]), ?, clock_timestamp(), 0, NULL, 0 ON CONFLICT (name) DO NOTHING
            """;

    private static final String ALL_PARTITIONS =
            """
            INSERT INTO canary_partition (partition_id, appended_round, append_problem, read_round,
                read_time, delay_ms)
            SELECT partition_id, 0, '', 0, NULL, 0 FROM log_partition ON CONFLICT (partition_id) DO NOTHING
            """;

    private static final String APPENDED =
            """
            UPDATE canary_partition SET appended_round = greatest(appended_round, ?), append_problem = ''
            WHERE partition_id = ?
            """;

    private static final String NOT_APPENDED =
            "UPDATE canary_partition SET append_problem = ? WHERE partition_id = ?";

    private static final String NONE_APPENDED = "UPDATE canary_partition SET append_problem = ?";

    /** Every partition has committed a round, and no canary of this name failed in its newest. */
    private static final String SETTLE =
            """
            UPDATE canary c SET proven_round = p.round, proven_time = p.time, delay_ms = p.delay
            FROM (SELECT min(read_round) AS round, max(read_time) AS time, max(delay_ms) AS delay
                  FROM canary_partition) p
            WHERE p.round >= c.first_round AND p.round > c.proven_round
                AND NOT EXISTS (SELECT FROM canary_failure f WHERE f.name = c.name)
            """;

    private final Transactions transactions;

    /**
     * What is stored of a canary.
     *
     * @param age since its last proof, or since it was first sent
     * @param waiting the same, but not since before rounds were sent again
     */
    record Sent(
            long provenRound,
            Optional<Instant> proven,
            Duration age,
            Duration waiting,
            Duration delay) {}

    /** What is stored of a partition. */
    record Partition(int id, long appendedRound, String appendProblem, long readRound) {}

    /** What is stored of a canary that failed in a partition. */
    record Failed(int partition, CanaryStage stage, String problem) {}

    /** All that is stored; canaries by name. */
    record Stored(
            Map<String, Sent> sent,
            List<Partition> partitions,
            Map<String, List<Failed>> failures) {}

    SqlCanaryStore(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Takes the next round, if it is time for one and no other replica has it.
     *
     * @param pause from which on nobody sent any
     * @param names of the canaries that it has
     */
    OptionalLong takeRound(Duration interval, Duration pause, Collection<String> names) {
        return transactions.inTransaction(transaction -> {
            Connection connection = transaction.connection();
            OptionalLong round = take(connection, interval, pause);
            if (round.isPresent()) {
                join(connection, round.getAsLong(), names);
            }
            return round;
        });
    }

    private static OptionalLong take(Connection connection, Duration interval, Duration pause)
            throws SQLException {
        try (PreparedStatement take = connection.prepareStatement(TAKE)) {
            take.setDouble(1, pause.toMillis() / 1000.0);
            take.setDouble(2, interval.toMillis() / 1000.0);
            try (ResultSet rows = take.executeQuery()) {
                return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    private static void join(Connection connection, long round, Collection<String> names)
            throws SQLException {
        Object[] all = names.stream().sorted().toArray();
        try (PreparedStatement leave = connection.prepareStatement(LEAVE);
                PreparedStatement join = connection.prepareStatement(JOIN);
                PreparedStatement partitions = connection.prepareStatement(ALL_PARTITIONS)) {
            leave.setArray(1, connection.createArrayOf("text", all));
            leave.executeUpdate();
            join.setArray(1, connection.createArrayOf("text", all));
            join.setLong(2, round);
            join.executeUpdate();
            partitions.executeUpdate();
        }
    }

    /** What became of a round in each partition. */
    void appended(long round, List<CanaryAppend> appends) {
        transactions.run(transaction -> {
            try (PreparedStatement good = transaction.connection().prepareStatement(APPENDED);
                    PreparedStatement bad =
                            transaction.connection().prepareStatement(NOT_APPENDED)) {
                for (CanaryAppend append : appends) {
                    if (append.getProblem().isEmpty()) {
                        good.setLong(1, round);
                        good.setInt(2, append.getPartition());
                        good.addBatch();
                    } else {
                        bad.setString(1, append.getProblem());
                        bad.setInt(2, append.getPartition());
                        bad.addBatch();
                    }
                }
                good.executeBatch();
                bad.executeBatch();
            }
        });
    }

    /** Nothing is known of a round in any partition. */
    void notAppended(String problem) {
        transactions.run(transaction -> {
            try (PreparedStatement all = transaction.connection().prepareStatement(NONE_APPENDED)) {
                all.setString(1, problem);
                all.executeUpdate();
            }
        });
    }

    /** Proves what came through everywhere. */
    void settle() {
        transactions.run(transaction -> {
            try (PreparedStatement settle = transaction.connection().prepareStatement(SETTLE)) {
                settle.executeUpdate();
            }
        });
    }

    Stored read() {
        return transactions.inTransaction(transaction -> {
            Connection connection = transaction.connection();
            return new Stored(sent(connection), partitions(connection), failures(connection));
        });
    }

    private static Map<String, Sent> sent(Connection connection) throws SQLException {
        Map<String, Sent> sent = new HashMap<>();
        try (PreparedStatement query =
                        connection.prepareStatement(
                                """
                                SELECT name, proven_round, proven_time, delay_ms,
                                    extract(epoch FROM clock_timestamp()
                                        - coalesce(proven_time, first_time)) * 1000,
                                    extract(epoch FROM clock_timestamp() - greatest(
                                        coalesce(proven_time, first_time), resumed_time)) * 1000
                                FROM canary CROSS JOIN canary_round
                                """);
                ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                sent.put(
                        rows.getString(1),
                        new Sent(
                                rows.getLong(2),
                                Optional.ofNullable(rows.getTimestamp(3)).map(Timestamp::toInstant),
                                millis(rows, 5),
                                millis(rows, 6),
                                Duration.ofMillis(rows.getLong(4))));
            }
        }
        return sent;
    }

    private static Duration millis(ResultSet rows, int column) throws SQLException {
        return Duration.ofMillis(Math.max(0, (long) rows.getDouble(column)));
    }

    private static List<Partition> partitions(Connection connection) throws SQLException {
        List<Partition> partitions = new ArrayList<>();
        try (PreparedStatement query =
                        connection.prepareStatement(
                                "SELECT partition_id, appended_round, append_problem, read_round"
                                        + " FROM canary_partition ORDER BY partition_id");
                ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                partitions.add(
                        new Partition(
                                rows.getInt(1),
                                rows.getLong(2),
                                rows.getString(3),
                                rows.getLong(4)));
            }
        }
        return partitions;
    }

    private static Map<String, List<Failed>> failures(Connection connection) throws SQLException {
        Map<String, List<Failed>> failures = new HashMap<>();
        CanaryStage[] stages = CanaryStage.values();
        try (PreparedStatement query =
                        connection.prepareStatement(
                                "SELECT name, partition_id, stage, problem FROM canary_failure"
                                        + " ORDER BY partition_id");
                ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                failures.computeIfAbsent(rows.getString(1), name -> new ArrayList<>())
                        .add(new Failed(rows.getInt(2), stages[rows.getInt(3)], rows.getString(4)));
            }
        }
        return failures;
    }
}
