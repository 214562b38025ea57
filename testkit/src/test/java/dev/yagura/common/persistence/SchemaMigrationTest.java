package dev.yagura.common.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SchemaMigrationTest {
    private TemporaryPostgres postgres;
    private DatabaseConfig config;

    @BeforeEach
    void startPostgres() throws Exception {
        postgres = TemporaryPostgres.start();
        config = postgres.prepare("sample");
    }

    @AfterEach
    void stopPostgres() throws Exception {
        postgres.close();
    }

    @Test
    void waitsForALatePostgres() throws Exception {
        postgres.server().stop();
        CompletableFuture<Void> migration =
                CompletableFuture.runAsync(() -> new SchemaMigration(config, "sample").run());
        assertThat(migration).isNotDone();
        postgres.server().start();
        migration.get(30, TimeUnit.SECONDS);
        try (Connection connection = login(config.runtime());
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT * FROM item");
        }
    }

    @Test
    void secondRunChangesNothing() {
        new SchemaMigration(config, "sample").run();
        new SchemaMigration(config, "sample").run();
    }

    @Test
    void stopsAtAWrongPassword() {
        DatabaseConfig wrong =
                new DatabaseConfig(
                        config.url(),
                        config.schema(),
                        config.runtime(),
                        new DatabaseConfig.Role(config.migration().user(), "wrong"),
                        config.poolSize(),
                        config.connectTimeout(),
                        config.statementTimeout(),
                        config.lockTimeout());
        assertThatThrownBy(() -> new SchemaMigration(wrong, "sample").run())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot log in to " + config.url())
                .hasMessageNotContaining("wrong");
    }

    @Test
    void runtimeRoleWritesRowsButNoTables() throws Exception {
        new SchemaMigration(config, "sample").run();
        try (Connection connection = login(config.runtime())) {
            execute(connection, "INSERT INTO item_history VALUES (gen_random_uuid(), 'x')");
            for (String refused :
                    new String[] {
                        "CREATE TABLE mine (id int)",
                        "DROP TABLE item",
                        "DELETE FROM item_history",
                        "UPDATE item_history SET note = 'y'",
                        "DELETE FROM flyway_schema_history"
                    }) {
                assertThatThrownBy(() -> execute(connection, refused))
                        .as(refused)
                        .isInstanceOf(SQLException.class)
                        .extracting(e -> ((SQLException) e).getSQLState())
                        .isEqualTo("42501");
            }
        }
    }

    private Connection login(DatabaseConfig.Role role) throws SQLException {
        return DriverManager.getConnection(
                config.url() + "?currentSchema=" + config.schema(), role.user(), role.password());
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
