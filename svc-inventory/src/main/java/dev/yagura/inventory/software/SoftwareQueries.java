package dev.yagura.inventory.software;

import dev.yagura.inventory.access.Scopes;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.asset.SoftwareListing;
import dev.yagura.proto.type.v1.Scope;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is asked of the tables of installed software. */
final class SoftwareQueries {
    /** Times of installation are wide: those of the page's lines only. */
    private static final String HOSTS =
            """
            SELECT page.*, installation.install_times[page.position] FROM (
            SELECT host.asset_id, asset.partition, asset.account_id, asset.region, asset.native_id,
                entry.name, entry.version, entry.release, entry.architecture, entry.publisher,
                host.capture_time, entry.folded_name, entry.position
            FROM software_host host
            JOIN asset ON asset.id = host.asset_id
            JOIN software_entry entry ON entry.list_id = host.list_id
            WHERE asset.state = 'ACTIVE' AND asset.instance_state <> 'terminated'
            """;

    /** Apart from the row, the host alone: the row has columns of two tables, and no index. */
    private static final String AFTER =
            """
             AND host.asset_id >= ?
             AND (host.asset_id, entry.folded_name, entry.name, entry.version, entry.release,
                entry.architecture, entry.publisher) > (?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String ORDER =
            """
             ORDER BY host.asset_id, entry.folded_name, entry.name, entry.version, entry.release,
                entry.architecture, entry.publisher
            LIMIT ?) page
            LEFT JOIN software_installation installation
                ON installation.asset_id = page.asset_id
            ORDER BY page.asset_id, page.folded_name, page.name, page.version, page.release,
                page.architecture, page.publisher
            """;

    private static final String KNOWN_HOST =
            "SELECT list_id IS NOT NULL, capture_time, left_out FROM software_host"
                    + " WHERE asset_id = ?";

    private static final String KNOWN_READING =
            "SELECT failure FROM software_reading"
                    + " WHERE partition = ? AND account_id = ? AND region = ?";

    private static final String UNSURE =
            """
            SELECT asset.account_id, count(*) FILTER (WHERE host.list_id IS NULL),
                count(*) FILTER (WHERE host.list_id IS NOT NULL
                    AND (host.capture_time IS NULL OR host.capture_time < ?)),
                count(*) FILTER (WHERE host.left_out > 0)
            FROM asset LEFT JOIN software_host host ON host.asset_id = asset.id
            WHERE asset.state = 'ACTIVE' AND asset.instance_state <> 'terminated'
                AND asset.resource_type IN ('AWS::EC2::Instance', 'Yagura::Host')
            GROUP BY asset.account_id
            """;

    /** Lists first: how many hosts have one is known to the planner, of a name it is not. */
    private static final String LISTS =
            "SELECT DISTINCT list_id FROM software_entry WHERE folded_name = ?"
                    + " AND (? = '' OR version = ?)";

    private SoftwareQueries() {}

    static List<SoftwareListing.Entry> list(
            Connection connection,
            SoftwareListing.Query query,
            Optional<SoftwareListing.Place> after,
            int limit)
            throws SQLException {
        StringBuilder sql = new StringBuilder(HOSTS);
        List<Object> values = new ArrayList<>();
        see(connection, query.visibility(), sql, values);
        query.asset()
                .ifPresent(id -> {
                    sql.append(" AND host.asset_id = ?");
                    values.add(id);
                });
        if (!query.name().isEmpty()) {
            Long[] lists = lists(connection, query);
            if (lists.length == 0) {
                return List.of();
            }
            sql.append(" AND host.list_id = ANY (?) AND entry.folded_name = ?");
            values.add(connection.createArrayOf("bigint", lists));
            values.add(SoftwareEntry.folded(query.name()));
        }
        if (!query.version().isEmpty()) {
            sql.append(" AND entry.version = ?");
            values.add(query.version());
        }
        after.ifPresent(place -> {
            sql.append(AFTER);
            values.addAll(
                    List.of(
                            place.assetId(),
                            place.assetId(),
                            SoftwareEntry.folded(place.name()),
                            place.name(),
                            place.version(),
                            place.release(),
                            place.architecture(),
                            place.publisher()));
        });
        sql.append(ORDER);
        values.add(limit);
        try (PreparedStatement list = connection.prepareStatement(sql.toString())) {
            set(list, values);
            List<SoftwareListing.Entry> entries = new ArrayList<>();
            try (ResultSet row = list.executeQuery()) {
                while (row.next()) {
                    entries.add(entry(row));
                }
            }
            return entries;
        }
    }

    /** That have what is asked for. */
    private static Long[] lists(Connection connection, SoftwareListing.Query query)
            throws SQLException {
        try (PreparedStatement lists = connection.prepareStatement(LISTS)) {
            set(
                    lists,
                    List.of(SoftwareEntry.folded(query.name()), query.version(), query.version()));
            List<Long> found = new ArrayList<>();
            try (ResultSet row = lists.executeQuery()) {
                while (row.next()) {
                    found.add(row.getLong(1));
                }
            }
            return found.toArray(Long[]::new);
        }
    }

    private static SoftwareListing.Entry entry(ResultSet row) throws SQLException {
        @Nullable Long installed = row.getObject(14, Long.class);
        return new SoftwareListing.Entry(
                new SoftwareListing.Place(
                        row.getObject(1, UUID.class),
                        row.getString(6),
                        row.getString(7),
                        row.getString(8),
                        row.getString(9),
                        row.getString(10)),
                Scopes.of(row.getString(2), row.getString(3), row.getString(4)),
                row.getString(5),
                installed == null ? null : Instant.ofEpochSecond(installed),
                instant(row, 11));
    }

    static SoftwareStore.Known known(Connection connection, Scope scope, UUID assetId)
            throws SQLException {
        try (PreparedStatement host = connection.prepareStatement(KNOWN_HOST);
                PreparedStatement reading = connection.prepareStatement(KNOWN_READING)) {
            host.setObject(1, assetId);
            SqlSoftwareStore.scope(reading, 1, scope);
            try (ResultSet said = host.executeQuery();
                    ResultSet read = reading.executeQuery()) {
                boolean asked = said.next();
                boolean begun = read.next();
                return new SoftwareStore.Known(
                        asked && said.getBoolean(1),
                        asked ? instant(said, 2) : null,
                        asked,
                        asked ? said.getInt(3) : 0,
                        begun ? read.getString(1) : "");
            }
        }
    }

    static Map<String, SoftwareListing.Unsure> unsure(Connection connection, Instant outdated)
            throws SQLException {
        try (PreparedStatement count = connection.prepareStatement(UNSURE)) {
            count.setTimestamp(1, Timestamp.from(outdated));
            Map<String, SoftwareListing.Unsure> byAccount = new HashMap<>();
            try (ResultSet row = count.executeQuery()) {
                while (row.next()) {
                    byAccount.put(
                            row.getString(1),
                            new SoftwareListing.Unsure(
                                    row.getInt(2), row.getInt(3), row.getInt(4)));
                }
            }
            return byAccount;
        }
    }

    private static void see(
            Connection connection, Visibility visibility, StringBuilder sql, List<Object> values)
            throws SQLException {
        if (!visibility.all()) {
            sql.append(" AND host.account_id = ANY (?)");
            values.add(connection.createArrayOf("text", visibility.accountIds().toArray()));
        }
    }

    private static void set(PreparedStatement statement, List<Object> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
    }

    static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        Timestamp value = row.getTimestamp(column);
        return value == null ? null : value.toInstant();
    }
}
