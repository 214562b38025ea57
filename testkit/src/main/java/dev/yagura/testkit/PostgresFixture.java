package dev.yagura.testkit;

import com.zaxxer.hikari.HikariDataSource;
import dev.yagura.common.config.Settings;
import dev.yagura.common.persistence.ConnectionPool;
import dev.yagura.common.persistence.DatabaseConfig;
import dev.yagura.common.persistence.SchemaMigration;
import dev.yagura.common.persistence.Transactions;
import dev.yagura.testkit.process.Passwords;
import dev.yagura.testkit.process.ServiceDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A fresh database for a test class, with the roles and the schema of one service, on the one
 * server of this JVM.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final PostgresFixture POSTGRES = PostgresFixture.of("detection");
 * }</pre>
 *
 * <p>Set the system property {@code yagura.test.postgres.url} (or the environment variable {@code
 * YAGURA_TEST_POSTGRES_URL}) to the JDBC address of a superuser, with user and password as
 * parameters, to use a server of your own.
 */
public final class PostgresFixture implements BeforeAllCallback, AfterAllCallback {
    private final String service;
    private @Nullable PostgresEndpoint server;
    private @Nullable ServiceDatabase database;
    private @Nullable HikariDataSource pool;
    private @Nullable Connection owner;

    private PostgresFixture(String service) {
        this.service = service;
    }

    /** For tests of a service; its migrations are "classpath:db/migration/{service}". */
    public static PostgresFixture of(String service) {
        return new PostgresFixture(service);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        server =
                SharedServers.of(context)
                        .computeIfAbsent(
                                PostgresEndpoint.class,
                                key -> PostgresEndpoint.find(),
                                PostgresEndpoint.class);
        String unique = "test_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
        database =
                new ServiceDatabase(
                        unique,
                        service,
                        new DatabaseConfig.Role(unique + "_runtime", Passwords.random()),
                        new DatabaseConfig.Role(unique + "_migration", Passwords.random()));
        try (Connection connection = server.connect("postgres")) {
            ServiceDatabase.create(connection, unique);
        }
        try (Connection connection = server.connect(unique)) {
            database.prepare(connection);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (pool != null) {
            pool.close();
            pool = null;
        }
        closeOwner();
        if (server != null && database != null) {
            try (Connection connection = server.connect("postgres")) {
                ServiceDatabase.drop(connection, database.database());
                database.dropRoles(connection);
            }
        }
    }

    /** Keys "yagura.{service}.database.…" of this database. */
    public Map<String, String> settings() {
        return database().settings(server().jdbcUrl(database().database()));
    }

    public DatabaseConfig config() {
        return DatabaseConfig.from(Settings.of("yagura." + service, settings()), service);
    }

    /** Runs the service's migrations. */
    public void migrate() {
        new SchemaMigration(config(), service).run();
    }

    /** One pool of the runtime role; closed after the class. */
    public HikariDataSource dataSource() {
        if (pool == null) {
            pool = ConnectionPool.open(config(), "test-" + service);
        }
        return pool;
    }

    public Transactions transactions() {
        return new Transactions(dataSource());
    }

    /** Runs statements as the migration role, the owner of the schema. */
    public synchronized void execute(String sql) {
        try (Statement statement = owner().createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot prepare the test's database", e);
        }
    }

    /** Kept: some tests run a thousand statements, and each connection costs more than most. */
    private Connection owner() throws SQLException {
        if (owner == null || owner.isClosed()) {
            DatabaseConfig config = config();
            owner =
                    DriverManager.getConnection(
                            config.url() + "?currentSchema=" + config.schema(),
                            config.migration().user(),
                            config.migration().password());
        }
        return owner;
    }

    private synchronized void closeOwner() throws SQLException {
        if (owner != null) {
            owner.close();
            owner = null;
        }
    }

    private PostgresEndpoint server() {
        if (server == null) {
            throw new IllegalStateException("register the fixture with @RegisterExtension static");
        }
        return server;
    }

    private ServiceDatabase database() {
        if (database == null) {
            throw new IllegalStateException("register the fixture with @RegisterExtension static");
        }
        return database;
    }
}
