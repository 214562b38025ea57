package dev.yagura.inventory.posture;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.common.persistence.Transactions;
import dev.yagura.proto.inventory.v1.Posture;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** A turn is one transaction, whose first statement locks the round. */
@ApplicationScoped
class SqlPostureStore implements PostureStore {
    private static final String BEGIN =
            """
            INSERT INTO posture_round (begin_time)
            SELECT ? WHERE NOT EXISTS (
                SELECT 1 FROM posture_round WHERE end_time IS NULL OR begin_time > ?)
            ON CONFLICT DO NOTHING
            """;

    private static final String TAKE =
            "SELECT begin_time, after_id FROM posture_round WHERE end_time IS NULL"
                    + " FOR UPDATE SKIP LOCKED";

    private static final String MOVE =
            "UPDATE posture_round SET after_id = ?, end_time = ? WHERE begin_time = ?";

    /** Another replica's clock may be behind: then it is new again at the next turn. */
    private static final String END =
            """
            UPDATE posture_version SET valid_until = ?
            WHERE subject = ? AND valid_until IS NULL AND valid_from < ?
            """;

    private static final String KEEP =
            """
            INSERT INTO posture_version (subject, valid_from, posture) VALUES (?, ?, ?)
            ON CONFLICT DO NOTHING
            """;

    private static final String NEWEST =
            "SELECT subject, posture FROM posture_version"
                    + " WHERE valid_until IS NULL AND subject = ANY (?)";

    private static final String AT =
            "SELECT posture FROM posture_version WHERE subject = ? AND valid_from <= ?"
                    + " ORDER BY valid_from DESC LIMIT 1";

    private static final String JUDGED =
            "SELECT begin_time FROM posture_round WHERE end_time <= ?"
                    + " ORDER BY end_time DESC LIMIT 1";

    private static final String FORGET_VERSIONS =
            """
            DELETE FROM posture_version WHERE (subject, valid_from) IN (
                SELECT subject, valid_from FROM posture_version WHERE valid_until < ?
                ORDER BY valid_until LIMIT ? FOR UPDATE SKIP LOCKED)
            """;

    private static final String FORGET_ROUNDS =
            """
            DELETE FROM posture_round WHERE begin_time IN (
                SELECT begin_time FROM posture_round WHERE end_time < ?
                ORDER BY end_time LIMIT ? FOR UPDATE SKIP LOCKED)
            """;

    private final Transactions transactions;

    @Inject
    SqlPostureStore(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public void begin(Instant now, Instant notAfter) {
        transactions.query(connection -> {
            try (PreparedStatement begin = connection.prepareStatement(BEGIN)) {
                begin.setTimestamp(1, Timestamp.from(now));
                begin.setTimestamp(2, Timestamp.from(notAfter));
                return begin.executeUpdate();
            }
        });
    }

    @Override
    public boolean turn(Function<Optional<UUID>, Turn> work, Instant now) {
        return transactions.inTransaction(transaction -> {
            Connection connection = transaction.connection();
            try (PreparedStatement take = connection.prepareStatement(TAKE);
                    ResultSet round = take.executeQuery()) {
                if (!round.next()) {
                    return false;
                }
                Turn turn = work.apply(Optional.ofNullable(round.getObject(2, UUID.class)));
                keep(connection, turn.news());
                move(connection, round.getTimestamp(1), turn, now);
                return true;
            }
        });
    }

    private static void keep(Connection connection, List<Posture> news) throws SQLException {
        try (PreparedStatement end = connection.prepareStatement(END);
                PreparedStatement keep = connection.prepareStatement(KEEP)) {
            for (Posture posture : news) {
                Timestamp time =
                        Timestamp.from(
                                Instant.ofEpochSecond(
                                        posture.getEvaluateTime().getSeconds(),
                                        posture.getEvaluateTime().getNanos()));
                end.setTimestamp(1, time);
                end.setString(2, PostureProtos.subject(posture));
                end.setTimestamp(3, time);
                end.addBatch();
                keep.setString(1, PostureProtos.subject(posture));
                keep.setTimestamp(2, time);
                keep.setBytes(3, posture.toByteArray());
                keep.addBatch();
            }
            end.executeBatch();
            keep.executeBatch();
        }
    }

    private static void move(Connection connection, Timestamp begun, Turn turn, Instant now)
            throws SQLException {
        try (PreparedStatement move = connection.prepareStatement(MOVE)) {
            move.setObject(1, turn.last().orElse(null));
            move.setTimestamp(2, turn.last().isPresent() ? null : Timestamp.from(now));
            move.setTimestamp(3, begun);
            move.executeUpdate();
        }
    }

    @Override
    public Map<String, Posture> newest(Collection<String> subjects) {
        return transactions.query(connection -> {
            try (PreparedStatement query = connection.prepareStatement(NEWEST)) {
                query.setArray(1, connection.createArrayOf("text", subjects.toArray()));
                Map<String, Posture> found = new HashMap<>();
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        found.put(row.getString(1), posture(row.getBytes(2)));
                    }
                }
                return found;
            }
        });
    }

    @Override
    public Optional<Posture> at(String subject, Instant time) {
        return transactions.query(connection -> {
            try (PreparedStatement query = connection.prepareStatement(AT)) {
                query.setString(1, subject);
                query.setTimestamp(2, Timestamp.from(time));
                try (ResultSet row = query.executeQuery()) {
                    return row.next() ? Optional.of(posture(row.getBytes(1))) : Optional.empty();
                }
            }
        });
    }

    @Override
    public Optional<Instant> judged(Instant time) {
        return transactions.query(connection -> {
            try (PreparedStatement query = connection.prepareStatement(JUDGED)) {
                query.setTimestamp(1, Timestamp.from(time));
                try (ResultSet row = query.executeQuery()) {
                    return row.next()
                            ? Optional.of(row.getTimestamp(1).toInstant())
                            : Optional.empty();
                }
            }
        });
    }

    @Override
    public int forget(Instant horizon, int atOnce) {
        return transactions.query(connection ->
                forget(connection, FORGET_VERSIONS, horizon, atOnce)
                        + forget(connection, FORGET_ROUNDS, horizon, atOnce));
    }

    private static int forget(Connection connection, String sql, Instant horizon, int atOnce)
            throws SQLException {
        try (PreparedStatement forget = connection.prepareStatement(sql)) {
            forget.setTimestamp(1, Timestamp.from(horizon));
            forget.setInt(2, atOnce);
            return forget.executeUpdate();
        }
    }

    private static Posture posture(byte[] bytes) {
        try {
            return Posture.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a kept posture is damaged", e);
        }
    }
}
