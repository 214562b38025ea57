package dev.yagura.inventory.asset;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.common.persistence.Transactions;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Entities of assets leave the configuration out: these queries do not. */
@ApplicationScoped
class SqlRecordedAssets implements RecordedAssets {
    private static final String SELECT =
            "SELECT id, partition, account_id, region, resource_type, native_id, description,"
                    + " configuration, observed_time FROM asset WHERE state = 'ACTIVE'";

    private static final String FIND = SELECT + " AND id = ANY (?)";

    /** Of a type: the index of VPCs has all interfaces and instances that are in one. */
    private static final String IN_VPCS =
            SELECT
                    + " AND partition = ? AND account_id = ? AND region = ? AND resource_type = ?"
                    + " AND vpc_id || '' = ANY (?) ORDER BY id";

    private static final String LIST =
            SELECT
                    + " AND resource_type = ? AND id > ? AND (? OR account_id = ANY (?))"
                    + " ORDER BY id LIMIT ?";

    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private final Transactions transactions;

    @Inject
    SqlRecordedAssets(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public Map<String, RecordedAsset> find(AssetSet set, Collection<String> nativeIds) {
        Object[] ids = nativeIds.stream().distinct().map(set::id).toArray();
        return transactions.query(connection -> {
            try (PreparedStatement find = connection.prepareStatement(FIND)) {
                find.setArray(1, connection.createArrayOf("uuid", ids));
                return read(find).stream()
                        .collect(Collectors.toMap(RecordedAsset::nativeId, Function.identity()));
            }
        });
    }

    @Override
    public List<RecordedAsset> inVpcs(AssetSet set, Collection<String> vpcIds) {
        Scope scope = set.scope();
        return transactions.query(connection -> {
            try (PreparedStatement all = connection.prepareStatement(IN_VPCS)) {
                all.setString(1, scope.getPartition());
                all.setString(2, scope.getAccountId());
                all.setString(3, scope.getRegion());
                all.setString(4, set.resourceType());
                all.setArray(5, connection.createArrayOf("text", vpcIds.toArray()));
                return read(all);
            }
        });
    }

    @Override
    public List<RecordedAsset> list(
            String resourceType, Visibility visibility, Optional<UUID> after, int limit) {
        return transactions.query(connection -> {
            try (PreparedStatement list = connection.prepareStatement(LIST)) {
                list.setString(1, resourceType);
                list.setObject(2, after.orElse(BEFORE_ALL));
                list.setBoolean(3, visibility.all());
                list.setArray(4, accounts(connection, visibility));
                list.setInt(5, limit);
                return read(list);
            }
        });
    }

    private static Array accounts(Connection connection, Visibility visibility)
            throws SQLException {
        return connection.createArrayOf("text", visibility.accountIds().toArray());
    }

    private static List<RecordedAsset> read(PreparedStatement query) throws SQLException {
        List<RecordedAsset> found = new ArrayList<>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                found.add(
                        new RecordedAsset(
                                row.getObject(1, UUID.class),
                                Scopes.of(row.getString(2), row.getString(3), row.getString(4)),
                                row.getString(5),
                                row.getString(6),
                                description(row.getBytes(7)),
                                row.getString(8),
                                row.getTimestamp(9).toInstant()));
            }
        }
        return found;
    }

    private static dev.yagura.proto.inventory.v1.Asset description(byte[] bytes) {
        try {
            return dev.yagura.proto.inventory.v1.Asset.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an asset's description is not readable", e);
        }
    }
}
