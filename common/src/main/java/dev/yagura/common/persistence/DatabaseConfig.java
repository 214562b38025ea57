package dev.yagura.common.persistence;

import dev.yagura.common.config.Settings;
import java.time.Duration;

/**
 * Section "database" of a service.
 *
 * @param url JDBC address, for example "jdbc:postgresql://127.0.0.1:5432/yagura"
 * @param schema the service's own schema; no other service reads it
 * @param runtime role of the running service: reads and writes rows
 * @param migration role of Flyway: owns the schema
 * @param poolSize connections at most
 * @param connectTimeout how long a caller waits for a connection
 * @param statementTimeout the server ends a statement after this
 * @param lockTimeout the server ends a wait for a lock after this
 */
public record DatabaseConfig(
        String url,
        String schema,
        Role runtime,
        Role migration,
        int poolSize,
        Duration connectTimeout,
        Duration statementTimeout,
        Duration lockTimeout) {

    /** A login role. The password is never in the text form. */
    public record Role(String user, String password) {
        @Override
        public String toString() {
            return user;
        }
    }

    /** Reads the section; the schema is named like the service unless configured. */
    public static DatabaseConfig from(Settings settings, String service) {
        Settings database = settings.section("database");
        return new DatabaseConfig(
                database.requiredText(
                        "url",
                        "JDBC address, for example jdbc:postgresql://127.0.0.1:5432/yagura."),
                database.text("schema", service, "Schema of this service."),
                new Role(
                        database.requiredText("user", "Role of the running service."),
                        database.secret("password", "Password of that role.")),
                new Role(
                        database.requiredText(
                                "migration-user", "Role that owns the schema and migrates it."),
                        database.secret("migration-password", "Password of that role.")),
                database.integer("pool-size", 10, 2, 200, "Connections at most."),
                database.duration(
                        "connect-timeout",
                        Duration.ofSeconds(5),
                        "How long a call waits for a connection."),
                database.duration(
                        "statement-timeout",
                        Duration.ofSeconds(15),
                        "The server ends a statement after this."),
                database.duration(
                        "lock-timeout",
                        Duration.ofSeconds(5),
                        "The server ends a wait for a lock after this."));
    }

    /**
     * A dead peer shows as silence: the socket gives up a little after the server would have
     * answered.
     */
    Duration socketTimeout() {
        return statementTimeout.plusSeconds(5);
    }
}
