package dev.yagura.inventory.software;

import dev.yagura.common.persistence.Transactions;
import dev.yagura.inventory.asset.SoftwareListing;
import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a host has is one transaction: a list that is new, and that the host has it. */
@ApplicationScoped
class SqlSoftwareStore implements SoftwareStore {
    private static final String BEGIN =
            """
            INSERT INTO software_reading AS known (partition, account_id, region, due_time)
            SELECT partition, account_id, region, ? FROM node_reading
            WHERE partition = ? AND account_id = ? AND region = ? AND observed_time IS NOT NULL
            ON CONFLICT (partition, account_id, region) DO UPDATE
            SET due_time = excluded.due_time
            WHERE known.due_time <= ?
            """;

    private static final String DUE =
            """
            SELECT node.asset_id, asset.native_id, host.capture_time
            FROM managed_node node
            JOIN asset ON asset.id = node.asset_id AND asset.state = 'ACTIVE'
            LEFT JOIN software_host host ON host.asset_id = node.asset_id
            WHERE node.partition = ? AND node.account_id = ? AND node.region = ?
                AND node.absent_time IS NULL
                AND (host.read_time IS NULL OR host.read_time <= ?)
            ORDER BY random()
            """;

    private static final String RENEW =
            """
            UPDATE software_reading SET due_time = ?
            WHERE partition = ? AND account_id = ? AND region = ?
            """;

    private static final String COMPLETE =
            """
            UPDATE software_reading SET due_time = ?, failure = ''
            WHERE partition = ? AND account_id = ? AND region = ?
            """;

    private static final String FAIL =
            """
            UPDATE software_reading SET due_time = ?, failure = ?
            WHERE partition = ? AND account_id = ? AND region = ?
            """;

    private static final String FORGET_HOSTS =
            """
            DELETE FROM software_host host USING asset
            WHERE asset.id = host.asset_id AND asset.state = 'TOMBSTONE'
                AND host.partition = ? AND host.account_id = ? AND host.region = ?
            """;

    /** Of a host that has it already: shared rows are written only when one more host has them. */
    private static final String HAS =
            """
            SELECT list.id FROM software_host host JOIN software_list list ON list.id = host.list_id
            WHERE host.asset_id = ? AND list.fingerprint = ?
            """;

    /** A row version that no transaction has ended is a new one. */
    private static final String LIST =
            """
            INSERT INTO software_list AS known (fingerprint, used_time) VALUES (?, ?)
            ON CONFLICT (fingerprint) DO UPDATE
            SET used_time = greatest(known.used_time, excluded.used_time)
            RETURNING id, xmax = 0
            """;

    private static final String ENTRY =
            """
            INSERT INTO software_entry (list_id, position, folded_name, name, version, release,
                architecture, publisher)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String HOST =
            """
            INSERT INTO software_host AS known (asset_id, partition, account_id, region, list_id,
                capture_time, left_out, read_time)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (asset_id) DO UPDATE SET list_id = excluded.list_id,
                capture_time = excluded.capture_time, left_out = excluded.left_out,
                read_time = excluded.read_time
            WHERE known.read_time < excluded.read_time
            """;

    private static final String INSTALLATION =
            """
            INSERT INTO software_installation AS known (asset_id, install_times) VALUES (?, ?)
            ON CONFLICT (asset_id) DO UPDATE SET install_times = excluded.install_times
            WHERE known.install_times <> excluded.install_times
            """;

    private static final String NO_INSTALLATION =
            "DELETE FROM software_installation WHERE asset_id = ?";

    private static final String SAME =
            "UPDATE software_host SET read_time = ? WHERE asset_id = ? AND read_time < ?";

    /**
     * Who takes a list up writes its used_time first, and waits for this or is waited for; then
     * this looks at that time again.
     */
    private static final String FORGET_LISTS =
            """
            DELETE FROM software_list list WHERE list.used_time < ?
                AND NOT EXISTS (SELECT FROM software_host host WHERE host.list_id = list.id)
            """;

    private final Transactions transactions;

    @Inject
    SqlSoftwareStore(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public boolean begin(Scope scope, Instant now, Instant until) {
        return transactions.query(connection -> {
            try (PreparedStatement begin = connection.prepareStatement(BEGIN)) {
                begin.setTimestamp(1, Timestamp.from(until));
                scope(begin, 2, scope);
                begin.setTimestamp(5, Timestamp.from(now));
                return begin.executeUpdate() == 1;
            }
        });
    }

    @Override
    public List<Due> due(Scope scope, Instant since) {
        return transactions.query(connection -> {
            try (PreparedStatement due = connection.prepareStatement(DUE)) {
                scope(due, 1, scope);
                due.setTimestamp(4, Timestamp.from(since));
                List<Due> hosts = new ArrayList<>();
                try (ResultSet row = due.executeQuery()) {
                    while (row.next()) {
                        hosts.add(
                                new Due(
                                        row.getObject(1, UUID.class),
                                        row.getString(2),
                                        SoftwareQueries.instant(row, 3)));
                    }
                }
                return hosts;
            }
        });
    }

    @Override
    public void save(
            Scope scope, UUID assetId, SoftwareAnswer answer, Instant asked, Instant until) {
        transactions.run(transaction -> {
            Connection connection = transaction.connection();
            switch (answer) {
                case SoftwareAnswer.Same() -> same(connection, assetId, asked);
                case SoftwareAnswer.Nothing() ->
                        host(connection, scope, assetId, null, null, asked);
                case SoftwareAnswer.Listed(SoftwareReport report) ->
                        listed(connection, scope, assetId, report, asked);
            }
            try (PreparedStatement renew = connection.prepareStatement(RENEW)) {
                renew.setTimestamp(1, Timestamp.from(until));
                scope(renew, 2, scope);
                renew.executeUpdate();
            }
        });
    }

    private static void same(Connection connection, UUID assetId, Instant asked)
            throws SQLException {
        try (PreparedStatement same = connection.prepareStatement(SAME)) {
            same.setTimestamp(1, Timestamp.from(asked));
            same.setObject(2, assetId);
            same.setTimestamp(3, Timestamp.from(asked));
            same.executeUpdate();
        }
    }

    private static void listed(
            Connection connection, Scope scope, UUID assetId, SoftwareReport report, Instant asked)
            throws SQLException {
        byte[] fingerprint = report.fingerprint();
        Optional<Long> own = own(connection, assetId, fingerprint);
        long list = own.isPresent() ? own.get() : list(connection, fingerprint, report, asked);
        host(connection, scope, assetId, list, report, asked);
    }

    private static Optional<Long> own(Connection connection, UUID assetId, byte[] fingerprint)
            throws SQLException {
        try (PreparedStatement has = connection.prepareStatement(HAS)) {
            has.setObject(1, assetId);
            has.setBytes(2, fingerprint);
            try (ResultSet row = has.executeQuery()) {
                return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
            }
        }
    }

    private static long list(
            Connection connection, byte[] fingerprint, SoftwareReport report, Instant asked)
            throws SQLException {
        try (PreparedStatement list = connection.prepareStatement(LIST)) {
            list.setBytes(1, fingerprint);
            list.setTimestamp(2, Timestamp.from(asked));
            try (ResultSet row = list.executeQuery()) {
                row.next();
                long id = row.getLong(1);
                if (row.getBoolean(2)) {
                    entries(connection, id, report.entries());
                }
                return id;
            }
        }
    }

    private static void entries(Connection connection, long list, List<SoftwareEntry> entries)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(ENTRY)) {
            int position = 0;
            for (SoftwareEntry entry : entries) {
                position++;
                insert.setLong(1, list);
                insert.setInt(2, position);
                insert.setString(3, SoftwareEntry.folded(entry.name()));
                insert.setString(4, entry.name());
                insert.setString(5, entry.version());
                insert.setString(6, entry.release());
                insert.setString(7, entry.architecture());
                insert.setString(8, entry.publisher());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /**
     * Writes the row of a host, unless a newer one is there.
     *
     * @param list null where nothing is known
     * @param report likewise
     */
    private static void host(
            Connection connection,
            Scope scope,
            UUID assetId,
            @Nullable Long list,
            @Nullable SoftwareReport report,
            Instant asked)
            throws SQLException {
        try (PreparedStatement host = connection.prepareStatement(HOST)) {
            host.setObject(1, assetId);
            scope(host, 2, scope);
            host.setObject(5, list, Types.BIGINT);
            host.setTimestamp(
                    6,
                    report == null || report.captureTime() == null
                            ? null
                            : Timestamp.from(report.captureTime()));
            host.setInt(7, report == null ? 0 : report.leftOut());
            host.setTimestamp(8, Timestamp.from(asked));
            if (host.executeUpdate() == 1) {
                installed(connection, assetId, report == null ? List.of() : report.installTimes());
            }
        }
    }

    private static void installed(
            Connection connection, UUID assetId, List<Optional<Instant>> times)
            throws SQLException {
        boolean told = times.stream().anyMatch(Optional::isPresent);
        try (PreparedStatement installation =
                connection.prepareStatement(told ? INSTALLATION : NO_INSTALLATION)) {
            installation.setObject(1, assetId);
            if (told) {
                @Nullable Object[] seconds =
                        times.stream()
                                .map(time -> time.map(Instant::getEpochSecond).orElse(null))
                                .toArray();
                installation.setArray(2, connection.createArrayOf("bigint", seconds));
            }
            installation.executeUpdate();
        }
    }

    @Override
    public void complete(Scope scope, Instant due) {
        transactions.run(transaction -> {
            Connection connection = transaction.connection();
            try (PreparedStatement complete = connection.prepareStatement(COMPLETE)) {
                complete.setTimestamp(1, Timestamp.from(due));
                scope(complete, 2, scope);
                complete.executeUpdate();
            }
            try (PreparedStatement forget = connection.prepareStatement(FORGET_HOSTS)) {
                scope(forget, 1, scope);
                forget.executeUpdate();
            }
        });
    }

    @Override
    public void fail(Scope scope, String reason, Instant due) {
        transactions.run(transaction -> {
            try (PreparedStatement fail = transaction.connection().prepareStatement(FAIL)) {
                fail.setTimestamp(1, Timestamp.from(due));
                fail.setString(2, reason);
                scope(fail, 3, scope);
                fail.executeUpdate();
            }
        });
    }

    @Override
    public int forgetLists(Instant now, Duration kept) {
        return transactions.query(connection -> {
            try (PreparedStatement forget = connection.prepareStatement(FORGET_LISTS)) {
                forget.setTimestamp(1, Timestamp.from(now.minus(kept)));
                return forget.executeUpdate();
            }
        });
    }

    @Override
    public List<SoftwareListing.Entry> list(
            SoftwareListing.Query query, Optional<SoftwareListing.Place> after, int limit) {
        return transactions.query(
                connection -> SoftwareQueries.list(connection, query, after, limit));
    }

    @Override
    public Known known(Scope scope, UUID assetId) {
        return transactions.query(connection -> SoftwareQueries.known(connection, scope, assetId));
    }

    @Override
    public Map<String, SoftwareListing.Unsure> unsure(Instant outdated) {
        return transactions.query(connection -> SoftwareQueries.unsure(connection, outdated));
    }

    static void scope(PreparedStatement statement, int index, Scope scope) throws SQLException {
        statement.setString(index, scope.getPartition());
        statement.setString(index + 1, scope.getAccountId());
        statement.setString(index + 2, scope.getRegion());
    }
}
