package dev.yagura.detection.canary;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Writes what came of canaries, within the transaction that moves the partitions' cursors. */
public final class SqlCanaryReads {
    /** A log that is read again brings old rounds, which prove nothing. */
    private static final String READ =
            """
            INSERT INTO canary_partition AS p (partition_id, appended_round, append_problem, read_round,
                read_time, delay_ms)
            VALUES (?, ?, '', ?, ?, ?)
            ON CONFLICT (partition_id) DO UPDATE SET read_round = excluded.read_round,
                read_time = excluded.read_time, delay_ms = excluded.delay_ms
            WHERE p.read_round < excluded.read_round
            """;

    private static final String CLEAR =
            "DELETE FROM canary_failure WHERE partition_id = ? AND round < ?";

    private static final String FAIL =
            """
            INSERT INTO canary_failure AS f (partition_id, name, round, stage, problem)
            SELECT ?, failed.name, ?, failed.stage, failed.problem
            FROM unnest(?::text[], ?::integer[], ?::text[]) AS failed (name, stage, problem)
            ON CONFLICT (partition_id, name) DO UPDATE SET round = excluded.round,
                stage = excluded.stage, problem = excluded.problem
            WHERE f.round <= excluded.round
            """;

    private SqlCanaryReads() {}

    /** Rows in the order of partitions, then of rounds. */
    public static void add(Connection connection, List<CanaryRead> reads, Instant now)
            throws SQLException {
        List<CanaryRead> ordered =
                reads.stream()
                        .sorted(
                                Comparator.comparingInt(CanaryRead::partition)
                                        .thenComparingLong(CanaryRead::round))
                        .toList();
        for (CanaryRead read : ordered) {
            add(connection, read, now);
        }
    }

    private static void add(Connection connection, CanaryRead read, Instant now)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setInt(1, read.partition());
            statement.setLong(2, read.round());
            statement.setLong(3, read.round());
            statement.setTimestamp(4, Timestamp.from(now));
            statement.setLong(5, delayMillis(read, now));
            statement.executeUpdate();
        }
        try (PreparedStatement statement = connection.prepareStatement(CLEAR)) {
            statement.setInt(1, read.partition());
            statement.setLong(2, read.round());
            statement.executeUpdate();
        }
        if (!read.failures().isEmpty()) {
            fail(connection, read);
        }
    }

    private static void fail(Connection connection, CanaryRead read) throws SQLException {
        List<CanaryRead.Failure> failures = read.failures();
        try (PreparedStatement statement = connection.prepareStatement(FAIL)) {
            statement.setInt(1, read.partition());
            statement.setLong(2, read.round());
            array(statement, 3, "text", failures.stream().map(CanaryRead.Failure::name).toArray());
            array(
                    statement,
                    4,
                    "int4",
                    failures.stream().map(failure -> failure.stage().ordinal()).toArray());
            array(
                    statement,
                    5,
                    "text",
                    failures.stream().map(CanaryRead.Failure::problem).toArray());
            statement.executeUpdate();
        }
    }

    private static void array(PreparedStatement statement, int at, String type, Object[] values)
            throws SQLException {
        Array array = statement.getConnection().createArrayOf(type, values);
        statement.setArray(at, array);
    }

    private static long delayMillis(CanaryRead read, Instant now) {
        long received = TimeUnit.NANOSECONDS.toMillis(read.receivedNs());
        return Math.max(0, now.toEpochMilli() - received);
    }
}
