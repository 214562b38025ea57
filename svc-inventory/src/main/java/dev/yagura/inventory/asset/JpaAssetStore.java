package dev.yagura.inventory.asset;

import dev.yagura.common.watch.ChangeFeeds;
import dev.yagura.inventory.access.JpaSession;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.filter.Filter;
import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

@ApplicationScoped
@Transactional
class JpaAssetStore implements AssetStore {
    // JPA has no insert that leaves an existing row alone.
    private static final String INSERT_IF_ABSENT =
            """
            INSERT INTO asset (id, partition, account_id, region, resource_type, native_id, state,
                instance_state, description, generation, observed_time, update_time)
            VALUES (?, ?, ?, ?, ?, ?, 'ACTIVE', ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """;

    private static final String OTHERWISE =
            "SELECT a.id FROM asset a JOIN unnest(?::uuid[], ?::text[]) AS said (id, configuration)"
                    + " ON said.id = a.id WHERE a.configuration <> said.configuration";

    /** As their indexes have it. */
    private static final String PROTECTABLE =
            "SELECT id FROM asset WHERE state = 'ACTIVE' AND resource_type IN"
                    + " ('AWS::EC2::Instance', 'AWS::ECS::Task', 'AWS::Lambda::Function',"
                    + " 'Yagura::Host') AND id > ?";

    private static final String PROTECTABLE_OF_ACCOUNTS =
            "SELECT each.id FROM unnest(?::text[]) account CROSS JOIN LATERAL ("
                    + PROTECTABLE
                    + " AND account_id = account ORDER BY id LIMIT %1$d) each"
                    + " ORDER BY each.id LIMIT %1$d";

    /** Rows that are looked at for one page: some ten milliseconds. */
    private static final int LOOKED = 1_000;

    /** Rows of an index that are counted to find the rarest. */
    private static final int COUNTED = 10_000;

    private static final UUID BEFORE_ALL = new UUID(0, 0);

    @Inject private JpaSession session;

    @Inject private ChangeFeeds feeds;

    @Override
    public Optional<Asset> find(UUID id) {
        return Optional.ofNullable(findAll(List.of(id)).get(id));
    }

    @Override
    public Map<UUID, Asset> findAll(Collection<UUID> ids) {
        return domain(rows(ids)).stream().collect(Collectors.toMap(Asset::id, Function.identity()));
    }

    @Override
    public Page list(AssetSelection selection, Optional<UUID> after, int limit) {
        Filter whole = selection.whole();
        FilterSql sql =
                rarest(AssetDriver.of(whole))
                        .matching(whole, after.orElse(BEFORE_ALL), LOOKED, limit);
        List<UUID> ids = new ArrayList<>();
        Optional<UUID> last =
                session.sql(
                        sql.text(),
                        query -> {
                            sql.fill(query);
                            return hits(query, ids, limit);
                        });
        return new Page(ordered(ids), last);
    }

    /** Where the next page begins: after a full one, or after all that was looked at. */
    private static Optional<UUID> hits(PreparedStatement query, List<UUID> ids, int limit)
            throws SQLException {
        Optional<UUID> lookedAt = Optional.empty();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                UUID id = row.getObject(1, UUID.class);
                if (row.getBoolean(2)) {
                    ids.add(id);
                }
                lookedAt = row.getInt(3) == LOOKED ? Optional.of(id) : lookedAt;
            }
        }
        return ids.size() == limit ? Optional.of(ids.getLast()) : lookedAt;
    }

    private AssetDriver rarest(List<AssetDriver> drivers) {
        if (drivers.size() < 2) {
            return drivers.isEmpty() ? AssetDriver.ALL : drivers.getFirst();
        }
        return drivers.stream().min(Comparator.comparingInt(this::count)).orElseThrow();
    }

    private int count(AssetDriver driver) {
        FilterSql sql = driver.count(COUNTED);
        return session.sql(
                sql.text(),
                query -> {
                    sql.fill(query);
                    try (ResultSet row = query.executeQuery()) {
                        return row.next() ? row.getInt(1) : 0;
                    }
                });
    }

    @Override
    public List<Asset> protectable(Visibility visibility, Optional<UUID> after, int limit) {
        List<UUID> ids = new ArrayList<>();
        String sql =
                visibility.all()
                        ? PROTECTABLE + " ORDER BY id LIMIT " + limit
                        : PROTECTABLE_OF_ACCOUNTS.formatted(limit);
        session.sql(
                sql,
                query -> {
                    int next = 1;
                    if (!visibility.all()) {
                        Object[] accounts = visibility.accountIds().toArray();
                        query.setArray(
                                next++, query.getConnection().createArrayOf("text", accounts));
                    }
                    query.setObject(next, after.orElse(BEFORE_ALL));
                    try (ResultSet row = query.executeQuery()) {
                        while (row.next()) {
                            ids.add(row.getObject(1, UUID.class));
                        }
                    }
                    return ids.size();
                });
        return ordered(ids);
    }

    /** Not in the order of Java's ids, which is another one. */
    private List<Asset> ordered(List<UUID> ids) {
        Map<UUID, Asset> found = findAll(ids);
        return ids.stream().map(found::get).filter(Objects::nonNull).toList();
    }

    @Override
    public void save(Collection<Asset> assets) {
        Map<UUID, JpaAsset> known =
                rows(assets.stream().map(Asset::id).toList()).stream()
                        .collect(Collectors.toMap(JpaAsset::id, Function.identity()));
        for (Asset asset : assets) {
            JpaAsset row = known.get(asset.id());
            if (row == null) {
                session.entityManager().persist(JpaAsset.of(asset));
            } else {
                row.take(asset);
            }
        }
    }

    @Override
    public String configuration(UUID id) {
        return session.sql(
                "SELECT configuration FROM asset WHERE id = ?",
                query -> {
                    query.setObject(1, id);
                    try (ResultSet row = query.executeQuery()) {
                        return row.next() ? row.getString(1) : "";
                    }
                });
    }

    @Override
    public void configure(Map<UUID, String> configurations) {
        if (configurations.isEmpty()) {
            return;
        }
        session.entityManager().flush();
        session.sql(
                "UPDATE asset SET configuration = ? WHERE id = ?",
                update -> {
                    for (Map.Entry<UUID, String> each : configurations.entrySet()) {
                        update.setString(1, each.getValue());
                        update.setObject(2, each.getKey());
                        update.addBatch();
                    }
                    return update.executeBatch();
                });
    }

    @Override
    public Set<UUID> configuredOtherwise(Map<UUID, String> configurations) {
        if (configurations.isEmpty()) {
            return Set.of();
        }
        List<Map.Entry<UUID, String>> said = List.copyOf(configurations.entrySet());
        return session.sql(
                OTHERWISE,
                query -> {
                    var connection = query.getConnection();
                    query.setArray(
                            1,
                            connection.createArrayOf(
                                    "uuid", said.stream().map(Map.Entry::getKey).toArray()));
                    query.setArray(
                            2,
                            connection.createArrayOf(
                                    "text", said.stream().map(Map.Entry::getValue).toArray()));
                    Set<UUID> found = new HashSet<>();
                    try (ResultSet row = query.executeQuery()) {
                        while (row.next()) {
                            found.add(row.getObject(1, UUID.class));
                        }
                    }
                    return found;
                });
    }

    @Override
    public void touch(Collection<UUID> ids, Instant observedTime, long generation) {
        session.entityManager()
                .createQuery(
                        "UPDATE JpaAsset a SET a.observedTime = :time, a.generation = :generation"
                                + " WHERE a.id IN :ids")
                .setParameter("time", observedTime)
                .setParameter("generation", generation)
                .setParameter("ids", ids)
                .executeUpdate();
    }

    @Override
    public Set<UUID> unindexed(Collection<UUID> ids) {
        return ids.isEmpty()
                ? Set.of()
                : Set.copyOf(
                        session.entityManager()
                                .createQuery(
                                        "SELECT a.id FROM JpaAsset a WHERE a.id IN :ids"
                                                + " AND a.indexed = false",
                                        UUID.class)
                                .setParameter("ids", ids)
                                .getResultList());
    }

    @Override
    public List<String> doubtful(AssetSet set, long generation, Instant listed) {
        Scope scope = set.scope();
        return session.entityManager()
                .createQuery(
                        "SELECT a.nativeId FROM JpaAsset a WHERE a.partition = :partition AND"
                                + " a.accountId = :account AND a.region = :region AND"
                                + " a.resourceType = :type AND a.state = :active AND"
                                + " (a.generation < :generation AND"
                                + " (a.generation > 0 OR a.observedTime <= :listed)"
                                + " OR a.instanceState = :terminated)",
                        String.class)
                .setParameter("partition", scope.getPartition())
                .setParameter("account", scope.getAccountId())
                .setParameter("region", scope.getRegion())
                .setParameter("type", set.resourceType())
                .setParameter("active", JpaAsset.ACTIVE)
                .setParameter("generation", generation)
                .setParameter("listed", listed)
                .setParameter("terminated", Asset.TERMINATED)
                .getResultList();
    }

    @Override
    public void insertIfAbsent(Asset asset) {
        session.sql(
                INSERT_IF_ABSENT,
                insert -> {
                    insert.setObject(1, asset.id());
                    insert.setString(2, asset.scope().getPartition());
                    insert.setString(3, asset.scope().getAccountId());
                    insert.setString(4, asset.scope().getRegion());
                    insert.setString(5, asset.resourceType());
                    insert.setString(6, asset.nativeId());
                    insert.setString(7, asset.instanceState());
                    insert.setBytes(8, asset.description().toByteArray());
                    insert.setLong(9, asset.generation());
                    insert.setTimestamp(10, Timestamp.from(asset.observedTime()));
                    insert.setTimestamp(11, Timestamp.from(asset.updateTime()));
                    return insert.executeUpdate();
                });
    }

    @Override
    public void link(UUID agentId, UUID assetId, Scope scope) {
        session.entityManager().persist(JpaAssetAgent.of(agentId, assetId, scope));
    }

    @Override
    public void announce(Collection<UUID> ids) {
        feeds.feed(AssetCatalog.FEED).append(session.entityManager(), ids);
    }

    private List<JpaAsset> rows(Collection<UUID> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        return session.entityManager()
                .createQuery("SELECT a FROM JpaAsset a WHERE a.id IN :ids", JpaAsset.class)
                .setParameter("ids", ids)
                .getResultList();
    }

    private List<Asset> domain(List<JpaAsset> rows) {
        if (rows.isEmpty()) {
            return List.of();
        }
        Map<UUID, List<UUID>> agents =
                session
                        .entityManager()
                        .createQuery(
                                "SELECT l FROM JpaAssetAgent l WHERE l.assetId IN :ids",
                                JpaAssetAgent.class)
                        .setParameter("ids", rows.stream().map(JpaAsset::id).toList())
                        .getResultList()
                        .stream()
                        .collect(
                                Collectors.groupingBy(
                                        JpaAssetAgent::assetId,
                                        Collectors.mapping(
                                                JpaAssetAgent::agentId, Collectors.toList())));
        return rows.stream()
                .map(row -> row.asset(newestFirst(agents.getOrDefault(row.id(), List.of()))))
                .toList();
    }

    /** Ids of agents are UUIDv7: as texts they sort by the time of their making. */
    private static List<UUID> newestFirst(List<UUID> agents) {
        return agents.stream().sorted(Comparator.comparing(UUID::toString).reversed()).toList();
    }
}
