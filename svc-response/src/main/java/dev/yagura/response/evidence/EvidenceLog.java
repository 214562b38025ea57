package dev.yagura.response.evidence;

import com.google.protobuf.ByteString;
import dev.yagura.common.evidence.EvidenceLink;
import dev.yagura.common.evidence.EvidenceLink.Head;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.common.persistence.DatabaseErrors;
import dev.yagura.common.persistence.Transactions;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.EvidenceEntry;
import dev.yagura.proto.response.v1.PlaybookRun;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The chain in PostgreSQL. */
@ApplicationScoped
public class EvidenceLog {
    static final String ACTIONS = "actions";
    static final String RUNS = "playbookRuns";

    private static final String LOCK_HEAD = "SELECT number, hash FROM evidence_head FOR UPDATE";
    private static final String READ_HEAD = "SELECT number, hash FROM evidence_head";

    // All records of a write in one round trip.
    private static final String APPEND =
            """
            WITH moved AS (
                UPDATE evidence_head SET number = ?, hash = ? WHERE number = ? RETURNING number)
            INSERT INTO evidence
                (number, previous_hash, record, hash, time, action_id, run_id, account_id)
            SELECT ? + new.place, coalesce(lag(new.hash) OVER (ORDER BY new.place), ?),
                new.record, new.hash, new.time::timestamptz, new.action_id, new.run_id,
                new.account_id
            FROM moved, unnest(?::bytea[], ?::bytea[], ?::text[], ?::uuid[], ?::uuid[], ?::text[])
                WITH ORDINALITY AS new (record, hash, time, action_id, run_id, account_id, place)
            """;

    private static final String READ =
            """
            SELECT number, previous_hash, record, hash, action_id, run_id, account_id
            FROM evidence WHERE number > ? AND number <= ? ORDER BY number LIMIT ?
            """;

    private static final String ACCOUNT_OF_ACTION =
            "SELECT account_id FROM evidence WHERE action_id = ? ORDER BY number LIMIT 1";

    private static final String ACCOUNT_OF_RUN =
            "SELECT account_id FROM evidence WHERE run_id = ? ORDER BY number LIMIT 1";

    private final Transactions transactions;

    @Inject
    EvidenceLog(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * An action before and after a write.
     *
     * @param before the default instance for a new action
     */
    public record Write(Action before, Action after) {}

    /**
     * A record as it is stored.
     *
     * @param subject action or run whose it is, as it is filed
     * @param accountId likewise
     */
    record Stored(
            long number,
            ByteString previousHash,
            String record,
            ByteString hash,
            Subject subject,
            String accountId) {}

    /** Whose evidence it is. */
    sealed interface Subject {
        UUID id();

        record OfAction(UUID id) implements Subject {}

        record OfRun(UUID id) implements Subject {}
    }

    /**
     * Appends what the writes changed, in the caller's transaction: what is rolled back has left no
     * record, and no number is missing. The chain's head stays locked until the commit.
     *
     * @throws dev.yagura.common.error.DependencyUnavailableException the database is away or busy
     */
    public void append(Connection connection, List<Write> writes) {
        append(
                writes.stream()
                        .flatMap(write -> ActionChanges.of(write.before(), write.after()).stream())
                        .toList(),
                connection);
    }

    /**
     * Appends what a write of a run decided, likewise.
     *
     * @param before the default instance for a new run
     * @throws dev.yagura.common.error.DependencyUnavailableException the database is away or busy
     */
    public void append(
            Connection connection, PlaybookRun before, PlaybookRun after, String accountId) {
        append(RunChanges.of(before, after, accountId), connection);
    }

    private static void append(List<EvidenceEntry> entries, Connection connection) {
        if (entries.isEmpty()) {
            return;
        }
        try {
            insert(connection, head(connection, LOCK_HEAD), entries);
        } catch (SQLException e) {
            throw DatabaseErrors.translate(e);
        }
    }

    Head head() {
        return transactions.query(connection -> head(connection, READ_HEAD));
    }

    /**
     * Records in order.
     *
     * @param after numbers above this
     * @param last and up to this
     */
    List<Stored> read(long after, long last, int limit) {
        return transactions.query(connection -> {
            try (PreparedStatement query = connection.prepareStatement(READ)) {
                query.setLong(1, after);
                query.setLong(2, last);
                query.setInt(3, limit);
                List<Stored> records = new ArrayList<>();
                try (ResultSet rows = query.executeQuery()) {
                    while (rows.next()) {
                        records.add(stored(rows));
                    }
                }
                return records;
            }
        });
    }

    /** Account of what has evidence. */
    Optional<String> account(Subject subject) {
        String account =
                switch (subject) {
                    case Subject.OfAction action -> ACCOUNT_OF_ACTION;
                    case Subject.OfRun run -> ACCOUNT_OF_RUN;
                };
        return transactions.query(connection -> {
            try (PreparedStatement query = connection.prepareStatement(account)) {
                query.setObject(1, subject.id());
                try (ResultSet rows = query.executeQuery()) {
                    return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
                }
            }
        });
    }

    private static void insert(Connection connection, Head head, List<EvidenceEntry> entries)
            throws SQLException {
        int count = entries.size();
        byte[][] records = new byte[count][];
        byte[][] hashes = new byte[count][];
        String[] times = new String[count];
        @Nullable UUID[] actions = new UUID[count];
        @Nullable UUID[] runs = new UUID[count];
        String[] accounts = new String[count];
        Head last = head;
        for (int i = 0; i < count; i++) {
            EvidenceEntry entry = entries.get(i);
            String record = EvidenceText.of(entry);
            last = EvidenceLink.next(last, record).head();
            records[i] = record.getBytes(StandardCharsets.UTF_8);
            hashes[i] = last.hash().toByteArray();
            times[i] =
                    Instant.ofEpochSecond(entry.getTime().getSeconds(), entry.getTime().getNanos())
                            .toString();
            if (entry.getPlaybookRun().isEmpty()) {
                actions[i] = ResourceName.parse(ACTIONS, entry.getAction());
            } else {
                runs[i] = ResourceName.parse(RUNS, entry.getPlaybookRun());
            }
            accounts[i] = entry.getAccountId();
        }
        try (PreparedStatement append = connection.prepareStatement(APPEND)) {
            append.setLong(1, last.number());
            append.setBytes(2, last.hash().toByteArray());
            append.setLong(3, head.number());
            append.setLong(4, head.number());
            append.setBytes(5, head.hash().toByteArray());
            append.setArray(6, array(connection, "bytea", records));
            append.setArray(7, array(connection, "bytea", hashes));
            append.setArray(8, array(connection, "text", times));
            append.setArray(9, array(connection, "uuid", actions));
            append.setArray(10, array(connection, "uuid", runs));
            append.setArray(11, array(connection, "text", accounts));
            if (append.executeUpdate() != count) {
                throw new IllegalStateException("the head of the evidence moved under its lock");
            }
        }
    }

    private static Array array(Connection connection, String type, @Nullable Object[] values)
            throws SQLException {
        return connection.createArrayOf(type, values);
    }

    private static Head head(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            if (!row.next()) {
                throw new IllegalStateException(
                        "evidence_head has no row: the chain cannot go on; restore it");
            }
            return new Head(row.getLong(1), ByteString.copyFrom(row.getBytes(2)));
        }
    }

    private static Stored stored(ResultSet row) throws SQLException {
        return new Stored(
                row.getLong(1),
                ByteString.copyFrom(row.getBytes(2)),
                new String(row.getBytes(3), StandardCharsets.UTF_8),
                ByteString.copyFrom(row.getBytes(4)),
                subject(row.getObject(5, UUID.class), row.getObject(6, UUID.class)),
                row.getString(7));
    }

    private static Subject subject(@Nullable UUID action, @Nullable UUID run) {
        if (action != null) {
            return new Subject.OfAction(action);
        }
        return new Subject.OfRun(Objects.requireNonNull(run));
    }
}
