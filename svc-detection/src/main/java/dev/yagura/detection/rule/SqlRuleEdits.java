package dev.yagura.detection.rule;

import dev.yagura.common.persistence.DatabaseErrors;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Statements of one change of rules. */
final class SqlRuleEdits implements RuleEdits {
    static final String CUSTOM_RULES =
            "SELECT rule_id, body, version, create_time, update_time, updater FROM custom_rule";
    static final String PACKS =
            "SELECT name, archive_hash, default_state, import_time, importer FROM rule_pack";
    static final String DEPLOYMENTS =
            "SELECT rule_name, state, reason, version, update_time, updater FROM rule_deployment";

    private static final String PUT_RULE =
            """
            INSERT INTO custom_rule (rule_id, body, version, create_time, update_time, updater)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (rule_id) DO UPDATE SET body = excluded.body, version = excluded.version,
                update_time = excluded.update_time, updater = excluded.updater
            """;

    private static final String PUT_DEPLOYMENT =
            """
            INSERT INTO rule_deployment (rule_name, state, reason, version, update_time, updater)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (rule_name) DO UPDATE SET state = excluded.state, reason = excluded.reason,
                version = excluded.version, update_time = excluded.update_time,
                updater = excluded.updater
            """;

    private static final String INSERT_EXCEPTION =
            """
            INSERT INTO rule_exception (id, rule_name, body, reason, creator, create_time, expire_time)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String PUT_PACK =
            """
            INSERT INTO rule_pack (name, archive_hash, default_state, import_time, importer, archive)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET archive_hash = excluded.archive_hash,
                default_state = excluded.default_state, import_time = excluded.import_time,
                importer = excluded.importer, archive = excluded.archive
            """;

    private static final List<String> TABLES_BY_RULE =
            List.of("rule_deployment", "rule_exception", "rule_statistics", "rule_hour");

    private final Connection connection;

    SqlRuleEdits(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Optional<CustomRule> customRule(String id) {
        return find(CUSTOM_RULES + " WHERE rule_id = ?", id, SqlRuleEdits::customRule);
    }

    @Override
    public void put(CustomRule rule) {
        run(
                PUT_RULE,
                rule.id(),
                rule.text(),
                rule.version(),
                Timestamp.from(rule.createTime()),
                Timestamp.from(rule.updateTime()),
                rule.updater());
    }

    @Override
    public void deleteCustomRule(String id) {
        run("DELETE FROM custom_rule WHERE rule_id = ?", id);
        String name = CustomPack.ruleName(id);
        TABLES_BY_RULE.forEach(table -> run("DELETE FROM " + table + " WHERE rule_name = ?", name));
    }

    @Override
    public Optional<Deployment> deployment(String ruleName) {
        return find(DEPLOYMENTS + " WHERE rule_name = ?", ruleName, SqlRuleEdits::deployment);
    }

    @Override
    public void put(String ruleName, Deployment deployment) {
        run(
                PUT_DEPLOYMENT,
                ruleName,
                deployment.state().name(),
                deployment.reason(),
                deployment.version(),
                Timestamp.from(deployment.updateTime()),
                deployment.updater());
    }

    @Override
    public int countExceptions(String ruleName) {
        return find(
                        "SELECT count(*) FROM rule_exception WHERE rule_name = ?",
                        ruleName,
                        row -> row.getInt(1))
                .orElse(0);
    }

    @Override
    public boolean hasException(String ruleName, UUID id) {
        return find(
                        "SELECT rule_name FROM rule_exception WHERE id = ?",
                        id,
                        row -> row.getString(1))
                .equals(Optional.of(ruleName));
    }

    @Override
    public void insert(StoredException exception) {
        run(
                INSERT_EXCEPTION,
                exception.id(),
                exception.ruleName(),
                exception.text(),
                exception.reason(),
                exception.creator(),
                Timestamp.from(exception.createTime()),
                exception.expireTime().map(Timestamp::from).orElse(null));
    }

    @Override
    public void deleteException(UUID id) {
        run("DELETE FROM rule_exception WHERE id = ?", id);
    }

    @Override
    public Optional<ImportedPack> pack(String name) {
        return find(PACKS + " WHERE name = ?", name, SqlRuleEdits::pack);
    }

    @Override
    public void put(ImportedPack pack, byte[] archive) {
        run(
                PUT_PACK,
                pack.name(),
                pack.archiveHash(),
                pack.defaultState().name(),
                Timestamp.from(pack.importTime()),
                pack.importer(),
                archive);
    }

    @Override
    public void deletePack(String name) {
        run("DELETE FROM rule_pack WHERE name = ?", name);
        String prefix = "rules/" + name + "/";
        TABLES_BY_RULE.forEach(
                table -> run("DELETE FROM " + table + " WHERE starts_with(rule_name, ?)", prefix));
    }

    static CustomRule customRule(ResultSet row) throws SQLException {
        return new CustomRule(
                row.getString(1),
                row.getString(2),
                row.getLong(3),
                row.getTimestamp(4).toInstant(),
                row.getTimestamp(5).toInstant(),
                row.getString(6));
    }

    static ImportedPack pack(ResultSet row) throws SQLException {
        return new ImportedPack(
                row.getString(1),
                row.getString(2),
                DeploymentState.valueOf(row.getString(3)),
                row.getTimestamp(4).toInstant(),
                row.getString(5));
    }

    static Deployment deployment(ResultSet row) throws SQLException {
        return new Deployment(
                DeploymentState.valueOf(row.getString(2)),
                row.getString(3),
                row.getLong(4),
                row.getTimestamp(5).toInstant(),
                row.getString(6));
    }

    static Optional<Instant> instant(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }

    /** How a row is read. */
    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> Optional<T> find(String sql, Object key, Reader<T> reader) {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setObject(1, key);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(reader.read(row)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw DatabaseErrors.translate(e);
        }
    }

    private void run(String sql, @Nullable Object... parameters) {
        try {
            execute(connection, sql, parameters);
        } catch (SQLException e) {
            throw DatabaseErrors.translate(e);
        }
    }

    static void execute(Connection connection, String sql, @Nullable Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int index = 0; index < parameters.length; index++) {
                statement.setObject(index + 1, parameters[index]);
            }
            statement.executeUpdate();
        }
    }
}
