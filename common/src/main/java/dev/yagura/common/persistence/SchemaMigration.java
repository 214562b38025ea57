package dev.yagura.common.persistence;

import dev.yagura.common.log.LogKeys;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the service's schema up to date, as the migration role, before anything listens.
 *
 * <p>Scripts are "classpath:db/migration/{service}". The runtime role may read and write rows of
 * every table that a script creates; a script takes rights away where rows must stay:
 *
 * <pre>REVOKE UPDATE, DELETE ON audit_entry FROM "${runtime_role}";</pre>
 *
 * <p>While PostgreSQL is not there yet, the start waits and says so; a wrong password or a script
 * that fails stops it.
 */
@ApplicationScoped
public class SchemaMigration {
    /** Before servers start (10,000). */
    private static final int BEFORE_SERVERS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(SchemaMigration.class);
    private static final Duration MIN_PAUSE = Duration.ofMillis(200);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(5);
    private static final int CONNECT_TIMEOUT_SECONDS = 5;

    /** A script that waits for a table in use gives up before callers pile up behind it. */
    private static final String LOCK_LIMIT = "-c lock_timeout=30s";

    private static final String HISTORY = "flyway_schema_history";

    private final DatabaseConfig config;
    private final String service;

    /**
     * Migrations of one service.
     *
     * @param service names the folder of the scripts
     */
    @Inject
    public SchemaMigration(
            DatabaseConfig config, @ConfigProperty(name = "yagura.service") String service) {
        this.config = config;
        this.service = service;
    }

    void start(
            @Observes @Priority(BEFORE_SERVERS) @Initialized(ApplicationScoped.class)
                    Object event) {
        run();
    }

    /** Waits for the database, then migrates. */
    public void run() {
        PGSimpleDataSource migrator = migrator();
        awaitDatabase(migrator);
        try {
            try (Connection connection = migrator.getConnection()) {
                prepareSchema(connection);
            }
            MigrateResult result = migrate(migrator);
            try (Connection connection = migrator.getConnection()) {
                protectHistory(connection);
            }
            LOG.atInfo()
                    .addKeyValue(LogKeys.VERSION, result.targetSchemaVersion)
                    .addKeyValue(LogKeys.COUNT, result.migrationsExecuted)
                    .log("database schema is up to date");
        } catch (SQLException e) {
            throw DatabaseErrors.translate(e);
        }
    }

    private MigrateResult migrate(PGSimpleDataSource migrator) {
        return Flyway.configure()
                .dataSource(migrator)
                .defaultSchema(config.schema())
                .createSchemas(false)
                .placeholders(Map.of("runtime_role", config.runtime().user()))
                .locations("classpath:db/migration/" + service)
                .failOnMissingLocations(true)
                .load()
                .migrate();
    }

    private PGSimpleDataSource migrator() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(config.url());
        source.setUser(config.migration().user());
        source.setPassword(config.migration().password());
        source.setCurrentSchema(config.schema());
        source.setApplicationName("yagura-" + service + "-migration");
        source.setConnectTimeout(CONNECT_TIMEOUT_SECONDS);
        source.setLoginTimeout(CONNECT_TIMEOUT_SECONDS);
        source.setTcpKeepAlive(true);
        source.setOptions(LOCK_LIMIT);
        return source;
    }

    private void awaitDatabase(PGSimpleDataSource migrator) {
        Duration pause = MIN_PAUSE;
        for (int attempt = 1; ; attempt++) {
            Optional<SQLException> problem = connect(migrator);
            if (problem.isEmpty()) {
                return;
            }
            if (!DatabaseErrors.isConnectionLoss(problem.get())) {
                throw new IllegalStateException(
                        "cannot log in to "
                                + config.url()
                                + " as "
                                + config.migration().user()
                                + ": "
                                + problem.get().getMessage(),
                        problem.get());
            }
            LOG.atWarn()
                    .addKeyValue(LogKeys.ADDRESS, config.url())
                    .addKeyValue(LogKeys.ATTEMPT, attempt)
                    .addKeyValue(LogKeys.REASON, problem.get().getMessage())
                    .log("waiting for PostgreSQL");
            sleep(pause);
            pause =
                    pause.multipliedBy(2).compareTo(MAX_PAUSE) > 0
                            ? MAX_PAUSE
                            : pause.multipliedBy(2);
        }
    }

    private static Optional<SQLException> connect(PGSimpleDataSource migrator) {
        try (Connection connection = migrator.getConnection()) {
            connection.isValid(CONNECT_TIMEOUT_SECONDS);
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(e);
        }
    }

    private static void sleep(Duration pause) {
        long millis = pause.toMillis();
        try {
            TimeUnit.MILLISECONDS.sleep(
                    ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while waiting for PostgreSQL", e);
        }
    }

    /** Tables that scripts create from now on are the runtime role's to read and write. */
    private void prepareSchema(Connection connection) throws SQLException {
        String schema = quoted(config.schema());
        String runtime = quoted(config.runtime().user());
        try (Statement statement = connection.createStatement()) {
            if (!schemaExists(connection)) {
                statement.execute("CREATE SCHEMA IF NOT EXISTS " + schema);
            }
            if (config.runtime().user().equals(config.migration().user())) {
                return;
            }
            statement.execute("GRANT USAGE ON SCHEMA " + schema + " TO " + runtime);
            statement.execute(
                    "ALTER DEFAULT PRIVILEGES IN SCHEMA %s GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %s"
                            .formatted(schema, runtime));
            statement.execute(
                    "ALTER DEFAULT PRIVILEGES IN SCHEMA %s GRANT USAGE ON SEQUENCES TO %s"
                            .formatted(schema, runtime));
        }
    }

    private void protectHistory(Connection connection) throws SQLException {
        if (config.runtime().user().equals(config.migration().user())) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "REVOKE INSERT, UPDATE, DELETE ON %s.%s FROM %s"
                            .formatted(
                                    quoted(config.schema()),
                                    HISTORY,
                                    quoted(config.runtime().user())));
        }
    }

    private boolean schemaExists(Connection connection) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT 1 FROM pg_namespace WHERE nspname = ?")) {
            query.setString(1, config.schema());
            try (ResultSet rows = query.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
