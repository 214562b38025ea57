package dev.yagura.inventory.asset;

import dev.yagura.inventory.access.JpaSession;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** Writes only what is new: most tags stay as they are. */
@ApplicationScoped
@Transactional
class JpaTagStore implements TagStore {
    private static final String KNOWN =
            "SELECT asset_id, key, value FROM asset_tag WHERE asset_id = ANY (?)";
    private static final String DROP =
            "DELETE FROM asset_tag kept USING unnest(?::uuid[], ?::text[]) gone (a, k)"
                    + " WHERE kept.asset_id = gone.a AND kept.key = gone.k";
    private static final String PUT =
            "INSERT INTO asset_tag AS kept (asset_id, key, value)"
                    + " SELECT * FROM unnest(?::uuid[], ?::text[], ?::text[])"
                    + " ON CONFLICT (asset_id, key) DO UPDATE SET value = excluded.value";

    @Inject private JpaSession session;

    private record Row(UUID assetId, String key, String value) {
        /** PostgreSQL has no zero byte in a text. */
        boolean isText() {
            return key.indexOf(0) < 0 && value.indexOf(0) < 0;
        }
    }

    @Override
    public void keep(Collection<Asset> assets) {
        if (assets.isEmpty()) {
            return;
        }
        // Takes the assets' rows: whoever else keeps tags of them waits, and sees these.
        session.entityManager().flush();
        Set<Row> wanted = new LinkedHashSet<>();
        assets.forEach(asset ->
                asset.tags().entrySet().stream()
                        .map(tag -> new Row(asset.id(), tag.getKey(), tag.getValue()))
                        .filter(Row::isText)
                        .forEach(wanted::add));
        Set<Row> known = known(assets.stream().map(Asset::id).toList());
        List<Row> gone = known.stream().filter(row -> !wanted.contains(row)).toList();
        List<Row> added = wanted.stream().filter(row -> !known.contains(row)).toList();
        write(DROP, gone, List.of(Row::key));
        write(PUT, added, List.of(Row::key, Row::value));
    }

    private Set<Row> known(Collection<UUID> assetIds) {
        return session.sql(
                KNOWN,
                query -> {
                    query.setArray(1, array(query, "uuid", assetIds));
                    Set<Row> rows = new HashSet<>();
                    try (ResultSet row = query.executeQuery()) {
                        while (row.next()) {
                            rows.add(
                                    new Row(
                                            row.getObject(1, UUID.class),
                                            row.getString(2),
                                            row.getString(3)));
                        }
                    }
                    return rows;
                });
    }

    private void write(String sql, List<Row> rows, List<Function<Row, String>> texts) {
        if (rows.isEmpty()) {
            return;
        }
        session.sql(
                sql,
                update -> {
                    update.setArray(
                            1, array(update, "uuid", rows.stream().map(Row::assetId).toList()));
                    for (int i = 0; i < texts.size(); i++) {
                        update.setArray(
                                i + 2,
                                array(update, "text", rows.stream().map(texts.get(i)).toList()));
                    }
                    return update.executeUpdate();
                });
    }

    private static Array array(PreparedStatement statement, String type, Collection<?> values)
            throws SQLException {
        return statement.getConnection().createArrayOf(type, values.toArray());
    }
}
