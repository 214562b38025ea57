package dev.yagura.inventory.asset;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.inventory.access.JpaSession;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** SQL on the transaction's connection: versions are copied within the database. */
@ApplicationScoped
@Transactional
class SqlVersionStore implements VersionStore {
    /**
     * A configuration is copied only where the next version has another one. The rows are locked,
     * in one order, so that another writer's change in between is kept too; that a version is there
     * already fails no reading.
     */
    private static final String KEEP =
            """
            INSERT INTO asset_version (asset_id, valid_from, valid_until, instance_state,
                tombstone_time, description, configuration)
            SELECT a.id, a.update_time, next.valid_from, a.instance_state,
                a.tombstone_time, a.description,
                CASE WHEN a.configuration <> next.configuration THEN a.configuration END
            FROM asset a
            JOIN unnest(?::uuid[], ?::timestamptz[], ?::text[])
                AS next (id, valid_from, configuration) ON next.id = a.id
            WHERE a.update_time < next.valid_from
            ORDER BY a.id
            FOR UPDATE OF a
            ON CONFLICT (asset_id, valid_from) DO NOTHING
            """;

    private static final String AT =
            """
            SELECT v.*
            FROM unnest(?::uuid[]) AS asked (id) CROSS JOIN LATERAL (
                SELECT asset_id, valid_from, valid_until, instance_state, tombstone_time,
                    description
                FROM asset_version WHERE asset_id = asked.id AND valid_from <= ?
                ORDER BY valid_from DESC LIMIT 1
            ) v
            WHERE v.valid_until > ?
            """;

    private static final String CONFIGURATION =
            """
            coalesce(
                (SELECT n.configuration FROM asset_version n
                    WHERE n.asset_id = %1$s AND n.valid_from >= %2$s
                        AND n.configuration IS NOT NULL ORDER BY n.valid_from LIMIT 1),
                (SELECT a.configuration FROM asset a WHERE a.id = %1$s), '')
            """;

    private static final String BEFORE =
            """
            (SELECT id, update_time, NULL::timestamptz, instance_state, tombstone_time,
                description, configuration
            FROM asset WHERE id = ? AND update_time < ?)
            UNION ALL
            (SELECT asset_id, valid_from, valid_until, instance_state, tombstone_time,
                description, %s
            FROM asset_version v WHERE asset_id = ? AND valid_from < ?
            ORDER BY valid_from DESC LIMIT ?)
            ORDER BY 2 DESC LIMIT ?
            """
                    .formatted(CONFIGURATION.formatted("v.asset_id", "v.valid_from"));

    private static final String FORGET =
            """
            DELETE FROM asset_version WHERE (asset_id, valid_from) IN (
                SELECT asset_id, valid_from FROM asset_version WHERE valid_until < ?
                ORDER BY valid_until LIMIT ? FOR UPDATE SKIP LOCKED)
            """;

    @Inject private JpaSession session;

    @Override
    public void keep(Collection<Asset> assets, Map<UUID, String> configurations) {
        if (assets.isEmpty()) {
            return;
        }
        List<Asset> all = List.copyOf(assets);
        session.sql(
                KEEP,
                keep -> {
                    var connection = keep.getConnection();
                    keep.setArray(
                            1,
                            connection.createArrayOf(
                                    "uuid", all.stream().map(Asset::id).toArray()));
                    keep.setArray(
                            2,
                            connection.createArrayOf(
                                    "timestamptz",
                                    all.stream()
                                            .map(asset -> asset.updateTime().toString())
                                            .toArray()));
                    keep.setArray(
                            3,
                            connection.createArrayOf(
                                    "text",
                                    all.stream()
                                            .map(asset -> configurations.get(asset.id()))
                                            .toArray()));
                    return keep.executeUpdate();
                });
    }

    @Override
    public Map<UUID, PastVersion> at(Collection<UUID> assetIds, Instant time) {
        if (assetIds.isEmpty()) {
            return Map.of();
        }
        return session.sql(
                AT,
                query -> {
                    query.setArray(
                            1, query.getConnection().createArrayOf("uuid", assetIds.toArray()));
                    query.setTimestamp(2, Timestamp.from(time));
                    query.setTimestamp(3, Timestamp.from(time));
                    Map<UUID, PastVersion> found = new HashMap<>();
                    try (ResultSet row = query.executeQuery()) {
                        while (row.next()) {
                            PastVersion version = version(row);
                            found.put(version.assetId(), version);
                        }
                    }
                    return found;
                });
    }

    @Override
    public String configuration(UUID assetId, Instant from) {
        return session.sql(
                "SELECT " + CONFIGURATION.formatted("?", "?"),
                query -> {
                    query.setObject(1, assetId);
                    query.setTimestamp(2, Timestamp.from(from));
                    query.setObject(3, assetId);
                    try (ResultSet row = query.executeQuery()) {
                        return row.next() ? row.getString(1) : "";
                    }
                });
    }

    @Override
    public List<Whole> before(UUID assetId, Instant time, int limit) {
        return session.sql(
                BEFORE,
                query -> {
                    query.setObject(1, assetId);
                    query.setTimestamp(2, Timestamp.from(time));
                    query.setObject(3, assetId);
                    query.setTimestamp(4, Timestamp.from(time));
                    query.setInt(5, limit);
                    query.setInt(6, limit);
                    List<Whole> versions = new ArrayList<>();
                    try (ResultSet row = query.executeQuery()) {
                        while (row.next()) {
                            versions.add(new Whole(version(row), row.getString(7)));
                        }
                    }
                    return versions;
                });
    }

    @Override
    public Instant begin() {
        return session.sql(
                "SELECT max(begin_time) FROM asset_history",
                query -> {
                    try (ResultSet row = query.executeQuery()) {
                        row.next();
                        return row.getTimestamp(1).toInstant();
                    }
                });
    }

    @Override
    public int forget(Instant horizon, int atOnce) {
        return session.sql(
                FORGET,
                forget -> {
                    forget.setTimestamp(1, Timestamp.from(horizon));
                    forget.setInt(2, atOnce);
                    return forget.executeUpdate();
                });
    }

    private static PastVersion version(ResultSet row) throws SQLException {
        UUID assetId = row.getObject(1, UUID.class);
        try {
            return new PastVersion(
                    assetId,
                    row.getTimestamp(2).toInstant(),
                    instant(row.getTimestamp(3)),
                    row.getString(4),
                    instant(row.getTimestamp(5)),
                    dev.yagura.proto.inventory.v1.Asset.parseFrom(row.getBytes(6)));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a version of asset " + assetId + " is damaged", e);
        }
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }
}
