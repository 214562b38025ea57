package dev.yagura.testkit;

import dev.yagura.common.config.Settings;
import dev.yagura.common.persistence.DatabaseConfig;
import dev.yagura.testkit.process.Passwords;
import dev.yagura.testkit.process.Ports;
import dev.yagura.testkit.process.PostgresServer;
import dev.yagura.testkit.process.ServiceDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/** A PostgreSQL server of one test, which may stop, kill and start it. */
public final class TemporaryPostgres implements AutoCloseable {
    private static final String DATABASE = "yagura";

    private final TemporaryFolder folder;
    private final PostgresServer server;

    private TemporaryPostgres(TemporaryFolder folder, PostgresServer server) {
        this.folder = folder;
        this.server = server;
    }

    public static TemporaryPostgres start() throws IOException {
        TemporaryFolder folder = TemporaryFolder.create("yagura-postgres");
        PostgresServer server =
                new PostgresServer(
                        new PostgresServer.Options(
                                folder.path(), Ports.free(), Passwords.random(), false));
        server.start();
        return new TemporaryPostgres(folder, server);
    }

    public PostgresServer server() {
        return server;
    }

    /** Makes roles and schema of a service; how to log in as them. */
    public DatabaseConfig prepare(String service) throws SQLException {
        ServiceDatabase database =
                ServiceDatabase.of(DATABASE, service, Passwords.random(), Passwords.random());
        try (Connection connection = server.connect("postgres")) {
            ServiceDatabase.create(connection, DATABASE);
        }
        try (Connection connection = server.connect(DATABASE)) {
            database.prepare(connection);
        }
        Map<String, String> keys = database.settings(server.jdbcUrl(DATABASE));
        return DatabaseConfig.from(Settings.of("yagura." + service, keys), service);
    }

    @Override
    public void close() throws IOException {
        server.stop();
        folder.close();
    }
}
