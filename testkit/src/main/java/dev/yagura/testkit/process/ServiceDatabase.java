package dev.yagura.testkit.process;

import dev.yagura.common.persistence.DatabaseConfig.Role;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/**
 * Roles and schema of one service, as an operator would make them: the migration role owns the
 * schema, the runtime role may log in.
 */
public record ServiceDatabase(String database, String schema, Role runtime, Role migration) {

    /**
     * Roles "yagura_{service}" and "yagura_{service}_migration"; the schema is the service's name.
     */
    public static ServiceDatabase of(
            String database, String service, String password, String migrationPassword) {
        return new ServiceDatabase(
                database,
                service,
                new Role("yagura_" + service, password),
                new Role("yagura_" + service + "_migration", migrationPassword));
    }

    /** Keys "yagura.{service}.database.…" of a service whose schema has its name. */
    public Map<String, String> settings(String url) {
        String prefix = "yagura." + schema + ".database.";
        return Map.of(
                prefix + "url", url,
                prefix + "user", runtime.user(),
                prefix + "password", runtime.password(),
                prefix + "migration-user", migration.user(),
                prefix + "migration-password", migration.password());
    }

    /** Makes what is missing and sets the passwords. The connection is a superuser's, to it. */
    public void prepare(Connection connection) throws SQLException {
        for (Role role : List.of(runtime, migration)) {
            execute(
                    connection,
                    exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", role.user())
                            ? "ALTER ROLE %s LOGIN PASSWORD %s"
                            : "CREATE ROLE %s LOGIN PASSWORD %s",
                    identifier(role.user()),
                    literal(role.password()));
            execute(
                    connection,
                    "GRANT CONNECT ON DATABASE %s TO %s",
                    identifier(database),
                    identifier(role.user()));
        }
        if (!exists(connection, "SELECT 1 FROM pg_namespace WHERE nspname = ?", schema)) {
            execute(
                    connection,
                    "CREATE SCHEMA %s AUTHORIZATION %s",
                    identifier(schema),
                    identifier(migration.user()));
        }
    }

    /** Creates the database if it is missing; only named roles may connect to it. */
    public static void create(Connection connection, String database) throws SQLException {
        if (!exists(connection, "SELECT 1 FROM pg_database WHERE datname = ?", database)) {
            execute(connection, "CREATE DATABASE %s", identifier(database));
        }
        execute(connection, "REVOKE ALL ON DATABASE %s FROM PUBLIC", identifier(database));
    }

    /** Removes the database with everything in it. */
    public static void drop(Connection connection, String database) throws SQLException {
        execute(connection, "DROP DATABASE IF EXISTS %s WITH (FORCE)", identifier(database));
    }

    /** Removes both roles; nothing of theirs may be left. */
    public void dropRoles(Connection connection) throws SQLException {
        for (Role role : List.of(runtime, migration)) {
            execute(connection, "DROP ROLE IF EXISTS %s", identifier(role.user()));
        }
    }

    private static boolean exists(Connection connection, String sql, String name)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, name);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static void execute(Connection connection, String sql, Object... quoted)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql.formatted(quoted));
        }
    }

    private static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
