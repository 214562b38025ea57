package dev.yagura.response.action;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.common.persistence.Transaction;
import dev.yagura.common.persistence.Transactions;
import dev.yagura.common.watch.ChangeFeeds;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.response.evidence.EvidenceLog;
import dev.yagura.response.outbox.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * The runners' side of the table of actions, in plain SQL: a step of an action is on the way of
 * every containment, and costs six round trips here. A step takes no lock but its row's and then
 * those of proof and feed; claims take {@link JpaActionStore#START_LOCK}.
 */
@ApplicationScoped
class SqlRunStore implements RunStore {

    // One at a time of a lane, which "nobody has it" must still be true for at the commit.
    private static final String CLAIM =
            """
            UPDATE action SET attempts = attempts + 1, lease_epoch = lease_epoch + 1,
                lease_until = clock_timestamp() + ? * interval '1 millisecond'
            WHERE id = (
                SELECT a.id FROM action a
                WHERE a.runnable AND a.next_run_at <= clock_timestamp()
                    AND a.lease_until <= clock_timestamp() AND (a.vpc_id = '' OR NOT EXISTS (
                        SELECT 1 FROM action o
                        WHERE o.runnable AND o.lease_until > clock_timestamp()
                            AND o.aws_partition = a.aws_partition AND o.account_id = a.account_id
                            AND o.region = a.region AND o.vpc_id = a.vpc_id))
                ORDER BY a.next_run_at LIMIT 1)
            RETURNING id, lease_epoch
            """;

    private static final String CLAIM_WATCH =
            """
            UPDATE action SET attempts = attempts + 1, lease_epoch = lease_epoch + 1,
                lease_until = clock_timestamp() + ? * interval '1 millisecond'
            WHERE id = (
                SELECT id FROM action
                WHERE state = 'SUCCEEDED' AND holds_instance
                    AND split_part(subject, ' ', 1) = ANY (?)
                    AND next_run_at <= clock_timestamp() - ? * interval '1 millisecond'
                    AND lease_until <= clock_timestamp()
                ORDER BY next_run_at LIMIT 1)
            RETURNING id, lease_epoch
            """;

    private static final String LOCK =
            """
            SELECT body, revision, vpc_id, attempts, due_at < clock_timestamp(), clock_timestamp()
            FROM action WHERE id = ? AND lease_epoch = ? FOR UPDATE
            """;

    private static final String WRITE =
            """
            UPDATE action SET state = ?, body = ?, revision = ?, updated_at = ?,
                lease_until = clock_timestamp() + ? * interval '1 millisecond'
            WHERE id = ?
            """;

    private static final String FINISH =
            """
            UPDATE action SET state = ?, body = ?, revision = ?, updated_at = ?,
                runnable = FALSE, holds_instance = ?, next_run_at = clock_timestamp(),
                lease_until = clock_timestamp()
            WHERE id = ?
            """;

    private static final String EXTEND =
            """
            UPDATE action SET lease_until = clock_timestamp() + ? * interval '1 millisecond'
            WHERE id = ? AND lease_epoch = ?
            """;

    private static final String GIVE_BACK =
            """
            UPDATE action SET next_run_at = clock_timestamp() + ? * interval '1 millisecond',
                lease_until = clock_timestamp()
            WHERE id = ? AND lease_epoch = ?
            """;

    private static final String REST =
            """
            UPDATE action SET next_run_at = clock_timestamp() + ? * interval '1 millisecond',
                lease_until = clock_timestamp(), attempts = 0
            WHERE id = ? AND lease_epoch = ?
            """;

    /** An action that was inside when its process died enters again. */
    private static final String ENTER =
            """
            INSERT INTO action_section AS s (name, action_id, held_until)
            VALUES (?, ?, clock_timestamp() + ? * interval '1 millisecond')
            ON CONFLICT (name) DO UPDATE
            SET action_id = excluded.action_id, held_until = excluded.held_until
            WHERE s.action_id = excluded.action_id OR s.held_until <= clock_timestamp()
            """;

    private static final String LEAVE =
            "DELETE FROM action_section WHERE action_id = ? AND name = ?";

    /** One that was inside when its process died may end before it comes there again. */
    private static final String LEAVE_ALL = "DELETE FROM action_section WHERE action_id = ?";

    /**
     * For what a later commit, which does wait for the disk, comes before any effect of: the log of
     * the database is in order, so that has this one too.
     */
    private static final String COMMIT_WITHOUT_WAITING = "SET LOCAL synchronous_commit = off";

    private final Transactions transactions;
    private final ChangeFeeds feeds;
    private final EvidenceLog evidence;
    private final Outbox outbox;

    @Inject
    SqlRunStore(Transactions transactions, ChangeFeeds feeds, EvidenceLog evidence, Outbox outbox) {
        this.transactions = transactions;
        this.feeds = feeds;
        this.evidence = evidence;
        this.outbox = outbox;
    }

    /** A locked row, and when it was read. */
    private record Row(
            Action action, long revision, String lane, int attempts, boolean overdue, Instant now) {

        static Row of(ResultSet row) throws SQLException {
            return new Row(
                    parsed(row.getBytes(1)),
                    row.getLong(2),
                    row.getString(3),
                    row.getInt(4),
                    row.getBoolean(5),
                    row.getObject(6, OffsetDateTime.class).toInstant());
        }

        private static Action parsed(byte[] body) {
            try {
                return Action.parseFrom(body);
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("a stored action cannot be read", e);
            }
        }
    }

    @Override
    public Optional<Lease> claim(Duration lease) {
        return transactions.inTransaction(transaction -> {
            lockStarts(transaction.connection());
            try (PreparedStatement claim = transaction.connection().prepareStatement(CLAIM)) {
                claim.setLong(1, lease.toMillis());
                return taken(claim);
            }
        });
    }

    @Override
    public Optional<Lease> claimWatch(Set<ActionKind> kinds, Duration interval, Duration lease) {
        String[] subjects = kinds.stream().map(HoldSubject::ofWhole).toArray(String[]::new);
        return transactions.inTransaction(transaction -> {
            Connection connection = transaction.connection();
            lockStarts(connection);
            try (PreparedStatement claim = connection.prepareStatement(CLAIM_WATCH)) {
                claim.setLong(1, lease.toMillis());
                claim.setArray(2, connection.createArrayOf("text", subjects));
                claim.setLong(3, interval.toMillis());
                return taken(claim);
            }
        });
    }

    @Override
    public Stored read(Lease lease) {
        return transactions.inTransaction(transaction -> {
            Row row = locked(transaction.connection(), lease);
            return new Stored(lease.id(), row.action(), row.lane(), row.attempts(), row.overdue());
        });
    }

    @Override
    public Action write(Lease lease, Duration extension, List<UnaryOperator<Action>> operators) {
        return transactions.inTransaction(transaction -> {
            Connection connection = transaction.connection();
            Row row = locked(connection, lease);
            List<EvidenceLog.Write> writes = changes(row, operators);
            Action last = writes.getLast().after();
            update(connection, WRITE, last, row.now(), extension.toMillis(), lease.id());
            complete(transaction, lease.id(), writes);
            return last;
        });
    }

    @Override
    public void finish(Lease lease, boolean holdsInstance, List<UnaryOperator<Action>> operators) {
        transactions.run(transaction -> {
            Connection connection = transaction.connection();
            Row row = locked(connection, lease);
            List<EvidenceLog.Write> writes = changes(row, operators);
            Action last = writes.getLast().after();
            update(connection, FINISH, last, row.now(), holdsInstance, lease.id());
            execute(connection, LEAVE_ALL, lease.id());
            complete(transaction, lease.id(), writes);
        });
    }

    @Override
    public void extend(Lease lease, Duration extension) {
        updateLease(EXTEND, lease, extension);
    }

    @Override
    public void giveBack(Lease lease, Duration pause) {
        updateLease(GIVE_BACK, lease, pause);
    }

    @Override
    public void rest(Lease lease, Duration pause) {
        updateLease(REST, lease, pause);
    }

    @Override
    public boolean enter(Lease lease, String section, Duration longest) {
        return transactions.inTransaction(transaction -> {
            Connection connection = transaction.connection();
            execute(connection, COMMIT_WITHOUT_WAITING);
            locked(connection, lease);
            return execute(connection, ENTER, section, lease.id(), longest.toMillis()) == 1;
        });
    }

    @Override
    public void leave(Lease lease, String section) {
        transactions.run(transaction -> {
            execute(transaction.connection(), COMMIT_WITHOUT_WAITING);
            execute(transaction.connection(), LEAVE, lease.id(), section);
        });
    }

    private static void lockStarts(Connection connection) throws SQLException {
        try (Statement lock = connection.createStatement()) {
            lock.execute(
                    COMMIT_WITHOUT_WAITING
                            + "; SELECT pg_advisory_xact_lock("
                            + JpaActionStore.START_LOCK
                            + ")");
        }
    }

    private static Optional<Lease> taken(PreparedStatement claim) throws SQLException {
        try (ResultSet row = claim.executeQuery()) {
            return row.next()
                    ? Optional.of(new Lease(row.getObject(1, UUID.class), row.getLong(2)))
                    : Optional.empty();
        }
    }

    private static Row locked(Connection connection, Lease lease) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.setObject(1, lease.id());
            lock.setLong(2, lease.epoch());
            try (ResultSet row = lock.executeQuery()) {
                if (!row.next()) {
                    throw new LeaseLostException(lease.id());
                }
                return Row.of(row);
            }
        }
    }

    private static List<EvidenceLog.Write> changes(Row row, List<UnaryOperator<Action>> operators) {
        List<EvidenceLog.Write> writes = new ArrayList<>();
        Action before = row.action();
        long revision = row.revision();
        for (UnaryOperator<Action> operator : operators) {
            revision++;
            Action after = ActionLifecycle.stamped(operator.apply(before), revision, row.now());
            writes.add(new EvidenceLog.Write(before, after));
            before = after;
        }
        return writes;
    }

    /** The message as it is then, and what a statement has besides. */
    private static void update(
            Connection connection,
            String statement,
            Action action,
            Instant now,
            Object besides,
            UUID id)
            throws SQLException {
        execute(
                connection,
                statement,
                JpaAction.name(action.getState()),
                action.toByteArray(),
                Long.parseLong(action.getEtag()),
                now.atOffset(ZoneOffset.UTC),
                besides,
                id);
    }

    private void updateLease(String statement, Lease lease, Duration time) {
        transactions.run(transaction -> {
            int updated =
                    execute(
                            transaction.connection(),
                            statement,
                            time.toMillis(),
                            lease.id(),
                            lease.epoch());
            if (updated == 0) {
                throw new LeaseLostException(lease.id());
            }
        });
    }

    private static int execute(Connection connection, String sql, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement.executeUpdate();
        }
    }

    /** The last statements, in the order of all who change actions. */
    private void complete(Transaction transaction, UUID id, List<EvidenceLog.Write> writes)
            throws SQLException {
        Connection connection = transaction.connection();
        for (EvidenceLog.Write write : writes) {
            outbox.append(connection, ActionEvents.of(write.before(), write.after()));
        }
        evidence.append(connection, writes);
        feeds.feed(JpaActionStore.FEED).append(transaction, List.of(id));
    }
}
