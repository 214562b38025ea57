package dev.yagura.inventory.asset;

import dev.yagura.common.watch.ChangeFeeds;
import dev.yagura.inventory.access.JpaSession;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private static final String TAKE_UNINDEXED =
            "UPDATE asset SET indexed = true WHERE id = ANY (?) AND NOT indexed RETURNING id";

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
    public List<Asset> list(AssetSelection selection, Optional<UUID> after, int limit) {
        List<String> conditions = new ArrayList<>();
        Map<String, Object> values = new HashMap<>();
        if (!selection.visibility().all()) {
            conditions.add("a.accountId IN :accounts");
            values.put("accounts", selection.visibility().accountIds());
        }
        if (!selection.instanceId().isEmpty()) {
            conditions.add("a.nativeId = :instance AND a.resourceType = :instanceType");
            values.put("instance", selection.instanceId());
            values.put("instanceType", Asset.INSTANCE);
        }
        if (!selection.nativeId().isEmpty()) {
            conditions.add("a.nativeId = :native");
            values.put("native", selection.nativeId());
        }
        if (!selection.resourceType().isEmpty()) {
            conditions.add("a.resourceType = :type");
            values.put("type", selection.resourceType());
        }
        selection
                .tombstone()
                .ifPresent(tombstone -> {
                    conditions.add("a.state = :state");
                    values.put("state", tombstone ? JpaAsset.TOMBSTONE : JpaAsset.ACTIVE);
                });
        after.ifPresent(id -> {
            conditions.add("a.id > :after");
            values.put("after", id);
        });
        String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        TypedQuery<JpaAsset> query =
                session.entityManager()
                        .createQuery(
                                "SELECT a FROM JpaAsset a" + where + " ORDER BY a.id",
                                JpaAsset.class);
        values.forEach(query::setParameter);
        return domain(query.setMaxResults(limit).getResultList());
    }

    @Override
    public List<Asset> hosts(Visibility visibility, Optional<UUID> after, int limit) {
        TypedQuery<JpaAsset> query =
                session.entityManager()
                        .createQuery(
                                "SELECT a FROM JpaAsset a WHERE a.state = :active"
                                        + " AND a.resourceType IN :types AND a.id > :after"
                                        + (visibility.all() ? "" : " AND a.accountId IN :accounts")
                                        + " ORDER BY a.id",
                                JpaAsset.class)
                        .setParameter("active", JpaAsset.ACTIVE)
                        .setParameter("types", List.of(Asset.INSTANCE, Asset.HOST))
                        .setParameter("after", after.orElse(BEFORE_ALL));
        if (!visibility.all()) {
            query.setParameter("accounts", visibility.accountIds());
        }
        return domain(query.setMaxResults(limit).getResultList());
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
    public List<UUID> takeUnindexed(Collection<UUID> ids) {
        return session.sql(
                TAKE_UNINDEXED,
                update -> {
                    update.setArray(1, update.getConnection().createArrayOf("uuid", ids.toArray()));
                    List<UUID> taken = new ArrayList<>();
                    try (ResultSet row = update.executeQuery()) {
                        while (row.next()) {
                            taken.add(row.getObject(1, UUID.class));
                        }
                    }
                    return taken;
                });
    }

    @Override
    public List<String> doubtful(AssetSet set, long generation) {
        Scope scope = set.scope();
        return session.entityManager()
                .createQuery(
                        "SELECT a.nativeId FROM JpaAsset a WHERE a.partition = :partition AND"
                                + " a.accountId = :account AND a.region = :region AND"
                                + " a.resourceType = :type AND a.state = :active AND"
                                + " (a.generation < :generation OR a.instanceState = :terminated)",
                        String.class)
                .setParameter("partition", scope.getPartition())
                .setParameter("account", scope.getAccountId())
                .setParameter("region", scope.getRegion())
                .setParameter("type", set.resourceType())
                .setParameter("active", JpaAsset.ACTIVE)
                .setParameter("generation", generation)
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
