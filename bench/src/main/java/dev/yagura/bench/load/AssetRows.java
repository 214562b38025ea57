package dev.yagura.bench.load;

import dev.yagura.bench.platform.Database;
import dev.yagura.proto.type.v1.Scope;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Fills the tables of the inventory as readings, agents and Systems Manager would have: assets of
 * many accounts, with all that they are found by. Half of the instances have an agent, four of five
 * are managed.
 */
public final class AssetRows {
    private static final Duration YEAR = Duration.ofDays(365);

    private final int accounts;
    private final int size;
    private final Instant now;

    /**
     * @param accounts each in one region
     * @param size assets of each, thousands of them
     */
    public AssetRows(int accounts, int size, Instant now) {
        this.accounts = accounts;
        this.size = size;
        this.now = now;
    }

    /** How many assets there are. */
    public long count() {
        return (long) accounts * size;
    }

    /** Twelve digits. */
    public String account(int number) {
        return AssetAccount.scope(number % accounts).getAccountId();
    }

    /** Asset id of an instance of an account. */
    public UUID instance(int account, int number) {
        return AssetAccount.id(
                account % accounts, AssetKind.INSTANCE, number % AssetKind.INSTANCE.count(size));
    }

    /**
     * Writes them all; readers of the tables wait meanwhile.
     *
     * @throws IOException the database refuses
     */
    public void writeTo(Database database) throws IOException, InterruptedException {
        try (Tables tables = new Tables(database)) {
            for (int number = 0; number < accounts; number++) {
                AssetAccount account = new AssetAccount(number, size, now);
                for (AssetKind kind : AssetKind.values()) {
                    tables.read(account.scope(), kind, now);
                    for (int index = 0; index < account.count(kind); index++) {
                        AssetRow row = account.row(kind, index);
                        tables.asset(account.scope(), row, now);
                        if (kind == AssetKind.INSTANCE) {
                            host(tables, account.scope(), row, index);
                        }
                    }
                }
            }
            tables.commit();
            SoftwareRows.writeTo(database, accounts * AssetKind.INSTANCE.count(size));
        } catch (SQLException e) {
            throw new IOException("cannot write generated assets to " + database, e);
        }
    }

    private void host(Tables tables, Scope scope, AssetRow row, int index) throws SQLException {
        if (index % 2 == 0) {
            tables.agent(scope, row, now);
        }
        if (index % 5 != 0) {
            tables.node(scope, row, now);
        }
    }

    /** All of them, filled side by side. */
    private static final class Tables implements AutoCloseable {
        private final CopiedTable assets;
        private final CopiedTable tags;
        private final CopiedTable relations;
        private final CopiedTable references;
        private final CopiedTable agents;
        private final CopiedTable assetAgents;
        private final CopiedTable nodes;
        private final CopiedTable nodeReadings;
        private final CopiedTable readings;

        Tables(Database database) throws SQLException {
            assets =
                    new CopiedTable(
                            database,
                            "asset",
                            "id, partition, account_id, region, resource_type, native_id, state,"
                                    + " instance_state, description, generation, observed_time,"
                                    + " update_time, configuration, vpc_id, subnet_id, owner,"
                                    + " environment, criticality, indexed");
            tags = new CopiedTable(database, "asset_tag", "asset_id, key, value");
            relations =
                    new CopiedTable(database, "asset_relation", "reference, asset_type, asset_id");
            references = new CopiedTable(database, "asset_reference", "reference, asset_id");
            agents =
                    new CopiedTable(
                            database,
                            "agent",
                            "id, host_id, partition, account_id, region, token_id,"
                                    + " public_key_sha256, instance_id, hostname, os, boot_id,"
                                    + " version, enroll_time, certificate_expire_time,"
                                    + " last_heartbeat_time, health, revoke_reason, update_time");
            assetAgents =
                    new CopiedTable(
                            database, "asset_agent", "agent_id, asset_id, account_id, region");
            nodes =
                    new CopiedTable(
                            database,
                            "managed_node",
                            "asset_id, partition, account_id, region, ping_status,"
                                    + " last_ping_time, platform_name, platform_version");
            nodeReadings =
                    new CopiedTable(
                            database,
                            "node_reading",
                            "partition, account_id, region, first_time, observed_time");
            readings =
                    new CopiedTable(
                            database,
                            "scope_reading",
                            "partition, account_id, region, resource_type, generation,"
                                    + " complete_time, recorded_since");
        }

        private List<CopiedTable> all() {
            return List.of(
                    assets,
                    tags,
                    relations,
                    references,
                    agents,
                    assetAgents,
                    nodes,
                    nodeReadings,
                    readings);
        }

        void read(Scope scope, AssetKind kind, Instant now) throws SQLException {
            readings.row(
                    scope.getPartition(),
                    scope.getAccountId(),
                    scope.getRegion(),
                    kind.type(),
                    1,
                    now,
                    now);
            if (kind == AssetKind.INSTANCE) {
                nodeReadings.row(
                        scope.getPartition(), scope.getAccountId(), scope.getRegion(), now, now);
            }
        }

        void asset(Scope scope, AssetRow row, Instant now) throws SQLException {
            var description = row.description();
            assets.row(
                    row.id(),
                    scope.getPartition(),
                    scope.getAccountId(),
                    scope.getRegion(),
                    row.kind().type(),
                    row.nativeId(),
                    "ACTIVE",
                    row.instanceState(),
                    description.toByteArray(),
                    1,
                    now,
                    now,
                    row.configuration(),
                    description.getVpcId(),
                    description.getSubnetId(),
                    description.getOwner(),
                    description.getEnvironment(),
                    description.getCriticality(),
                    true);
            for (var tag : description.getTagsMap().entrySet()) {
                tags.row(row.id(), tag.getKey(), tag.getValue());
            }
            for (UUID named : row.named()) {
                relations.row(named, row.kind().type(), row.id());
            }
            for (UUID reference : row.references()) {
                references.row(reference, row.id());
            }
        }

        void agent(Scope scope, AssetRow host, Instant now) throws SQLException {
            // As if made at this time: a version 7 by its first bits, the rest of the host's id.
            UUID id =
                    new UUID(
                            now.toEpochMilli() << 16
                                    | 0x7000
                                    | (host.id().getMostSignificantBits() & 0xFFF),
                            host.id().getLeastSignificantBits());
            agents.row(
                    id,
                    host.id(),
                    scope.getPartition(),
                    scope.getAccountId(),
                    scope.getRegion(),
                    new UUID(0, 1),
                    host.id().toString().replace("-", ""),
                    host.nativeId(),
                    host.description().getHostname(),
                    "linux",
                    host.id(),
                    "bench",
                    now,
                    now.plus(YEAR),
                    now,
                    new byte[0],
                    "",
                    now);
            assetAgents.row(id, host.id(), scope.getAccountId(), scope.getRegion());
        }

        void node(Scope scope, AssetRow host, Instant now) throws SQLException {
            nodes.row(
                    host.id(),
                    scope.getPartition(),
                    scope.getAccountId(),
                    scope.getRegion(),
                    "Online",
                    now,
                    "Amazon Linux",
                    "2023");
        }

        void commit() throws IOException, InterruptedException {
            eachOf(CopiedTable::commit);
            eachOf(CopiedTable::settle);
        }

        /** A step of one table. */
        @FunctionalInterface
        private interface Step {
            void on(CopiedTable table) throws SQLException;
        }

        /** Side by side, until all are done. */
        private void eachOf(Step step) throws IOException, InterruptedException {
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> begun = new ArrayList<>();
                for (CopiedTable table : all()) {
                    begun.add(
                            executor.submit(() -> {
                                step.on(table);
                                return table;
                            }));
                }
                for (Future<?> table : begun) {
                    table.get();
                }
            } catch (ExecutionException e) {
                throw new IOException("cannot finish the generated assets", e.getCause());
            }
        }

        @Override
        public void close() throws IOException {
            for (CopiedTable table : all()) {
                table.close();
            }
        }
    }
}
