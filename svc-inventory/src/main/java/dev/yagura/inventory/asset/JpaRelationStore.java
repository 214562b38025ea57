package dev.yagura.inventory.asset;

import dev.yagura.inventory.access.JpaSession;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

@ApplicationScoped
@Transactional
class JpaRelationStore implements RelationStore {
    private static final int MOST_COUNTED = 1000;

    private static final String REFERENCES =
            "SELECT reference, asset_id FROM asset_reference WHERE asset_id = ANY (?)";
    private static final String RELATIONS =
            "SELECT reference, asset_id FROM asset_relation WHERE asset_id = ANY (?)";
    private static final String ADD_REFERENCES =
            "INSERT INTO asset_reference (reference, asset_id)"
                    + " SELECT * FROM unnest(?::uuid[], ?::uuid[]) ON CONFLICT DO NOTHING";
    private static final String ADD_RELATIONS =
            "INSERT INTO asset_relation (reference, asset_id, asset_type)"
                    + " SELECT * FROM unnest(?::uuid[], ?::uuid[], ?::text[])"
                    + " ON CONFLICT DO NOTHING";
    private static final String DROP_REFERENCES =
            "DELETE FROM asset_reference kept USING unnest(?::uuid[], ?::uuid[]) gone (r, a)"
                    + " WHERE kept.reference = gone.r AND kept.asset_id = gone.a";
    private static final String DROP_RELATIONS =
            "DELETE FROM asset_relation kept USING unnest(?::uuid[], ?::uuid[]) gone (r, a)"
                    + " WHERE kept.reference = gone.r AND kept.asset_id = gone.a";

    /** Worse ones first: the last of a reference counts. */
    private static final String RESOLVE =
            """
            SELECT named.reference, a.id
            FROM (SELECT id AS reference, id AS asset_id, 1 AS rank FROM asset WHERE id = ANY (?)
                UNION ALL
                SELECT reference, asset_id, 0 FROM asset_reference WHERE reference = ANY (?)) named
            JOIN asset a ON a.id = named.asset_id
            ORDER BY a.state = 'ACTIVE', named.rank, a.observed_time, a.id
            """;

    /** Types are found by steps over the index: of one type a reference may have very many. */
    private static final String NAMING =
            """
            WITH RECURSIVE type (reference, name) AS (
                SELECT wanted.reference, (SELECT min(r.asset_type) FROM asset_relation r
                    WHERE r.reference = wanted.reference)
                FROM unnest(?::uuid[]) wanted (reference)
                UNION ALL
                SELECT type.reference, (SELECT min(r.asset_type) FROM asset_relation r
                    WHERE r.reference = type.reference AND r.asset_type > type.name)
                FROM type WHERE type.name IS NOT NULL)
            SELECT type.reference, type.name,
                ARRAY (SELECT r.asset_id FROM asset_relation r
                    WHERE r.reference = type.reference AND r.asset_type = type.name
                    ORDER BY r.asset_id LIMIT ?),
                (SELECT count(*) FROM (SELECT FROM asset_relation r
                    WHERE r.reference = type.reference AND r.asset_type = type.name
                    LIMIT ?) counted)
            FROM type
            WHERE type.name IS NOT NULL AND (cardinality(?::text[]) = 0 OR type.name = ANY (?))
            ORDER BY type.reference, type.name
            """;

    @Inject private JpaSession session;

    /** One row of either table. */
    private record Row(UUID reference, UUID assetId) {}

    @Override
    public void keep(Collection<Asset> assets) {
        if (assets.isEmpty()) {
            return;
        }
        // Takes the assets' rows: whoever else keeps relations of them waits, and sees these.
        session.entityManager().flush();
        Map<UUID, Asset> byId = new HashMap<>();
        assets.forEach(asset -> byId.put(asset.id(), asset));
        Set<Row> references = wanted(assets, JpaRelationStore::others);
        Set<Row> relations =
                wanted(
                        assets,
                        asset ->
                                asset.isTombstone()
                                        ? Stream.empty()
                                        : References.named(asset).stream());
        Set<Row> knownReferences = known(REFERENCES, byId.keySet());
        Set<Row> knownRelations = known(RELATIONS, byId.keySet());
        write(DROP_REFERENCES, without(knownReferences, references));
        write(DROP_RELATIONS, without(knownRelations, relations));
        write(ADD_REFERENCES, without(references, knownReferences));
        List<Row> added = without(relations, knownRelations);
        write(
                ADD_RELATIONS,
                added,
                added.stream()
                        .map(row -> Objects.requireNonNull(byId.get(row.assetId())).resourceType())
                        .toArray());
    }

    @Override
    public Map<UUID, UUID> resolve(Collection<UUID> references) {
        if (references.isEmpty()) {
            return Map.of();
        }
        return session.sql(
                RESOLVE,
                query -> {
                    query.setArray(1, uuids(query, references));
                    query.setArray(2, uuids(query, references));
                    Map<UUID, UUID> found = new HashMap<>();
                    try (ResultSet row = query.executeQuery()) {
                        while (row.next()) {
                            found.put(row.getObject(1, UUID.class), row.getObject(2, UUID.class));
                        }
                    }
                    return found;
                });
    }

    @Override
    public List<Naming> naming(Collection<UUID> references, Collection<String> types, int limit) {
        return session.sql(
                NAMING,
                query -> {
                    query.setArray(1, uuids(query, references));
                    query.setInt(2, limit);
                    query.setInt(3, MOST_COUNTED);
                    query.setArray(4, texts(query, types));
                    query.setArray(5, texts(query, types));
                    List<Naming> found = new ArrayList<>();
                    try (ResultSet row = query.executeQuery()) {
                        while (row.next()) {
                            found.add(
                                    new Naming(
                                            row.getObject(1, UUID.class),
                                            row.getString(2),
                                            List.of((UUID[]) row.getArray(3).getArray()),
                                            row.getInt(4)));
                        }
                    }
                    return found;
                });
    }

    /** References that are not the asset's own id. */
    private static Stream<UUID> others(Asset asset) {
        return References.of(asset).stream().filter(reference -> !reference.equals(asset.id()));
    }

    private static Set<Row> wanted(
            Collection<Asset> assets, Function<Asset, Stream<UUID>> references) {
        Set<Row> rows = new LinkedHashSet<>();
        assets.forEach(asset ->
                references.apply(asset).forEach(each -> rows.add(new Row(each, asset.id()))));
        return rows;
    }

    private Set<Row> known(String sql, Collection<UUID> assetIds) {
        return session.sql(
                sql,
                query -> {
                    query.setArray(1, uuids(query, assetIds));
                    Set<Row> rows = new HashSet<>();
                    try (ResultSet row = query.executeQuery()) {
                        while (row.next()) {
                            rows.add(
                                    new Row(
                                            row.getObject(1, UUID.class),
                                            row.getObject(2, UUID.class)));
                        }
                    }
                    return rows;
                });
    }

    private static List<Row> without(Set<Row> rows, Set<Row> others) {
        return rows.stream().filter(row -> !others.contains(row)).toList();
    }

    private void write(String sql, List<Row> rows) {
        write(sql, rows, new Object[0]);
    }

    private void write(String sql, List<Row> rows, Object[] types) {
        if (rows.isEmpty()) {
            return;
        }
        session.sql(
                sql,
                update -> {
                    update.setArray(1, uuids(update, rows.stream().map(Row::reference).toList()));
                    update.setArray(2, uuids(update, rows.stream().map(Row::assetId).toList()));
                    if (types.length > 0) {
                        update.setArray(3, update.getConnection().createArrayOf("text", types));
                    }
                    return update.executeUpdate();
                });
    }

    private static java.sql.Array uuids(PreparedStatement statement, Collection<UUID> ids)
            throws SQLException {
        return statement.getConnection().createArrayOf("uuid", ids.toArray());
    }

    private static java.sql.Array texts(PreparedStatement statement, Collection<String> texts)
            throws SQLException {
        return statement.getConnection().createArrayOf("text", texts.toArray());
    }
}
