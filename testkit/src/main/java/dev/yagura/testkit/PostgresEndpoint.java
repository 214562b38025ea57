package dev.yagura.testkit;

import dev.yagura.testkit.process.Passwords;
import dev.yagura.testkit.process.Ports;
import dev.yagura.testkit.process.PostgresBinaries;
import dev.yagura.testkit.process.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** A superuser's way to the PostgreSQL server of the tests. */
interface PostgresEndpoint extends AutoCloseable {

    /** JDBC address of a database, without user and password. */
    String jdbcUrl(String database);

    /** A superuser's connection. */
    Connection connect(String database) throws SQLException;

    @Override
    void close() throws IOException;

    /** A given, installed, containerized or embedded server, in this order. */
    static PostgresEndpoint find() {
        Optional<String> given = GivenAddress.of("yagura.test.postgres.url");
        if (given.isPresent()) {
            return Remote.of(given.get(), () -> {});
        }
        try {
            Optional<PostgresBinaries> installed = PostgresBinaries.installed();
            if (installed.isPresent()) {
                return Local.start(installed.get());
            }
            return ContainerEngine.answers()
                    ? container()
                    : Local.start(PostgresBinaries.embedded());
        } catch (IOException e) {
            throw new UncheckedIOException("no PostgreSQL for the tests", e);
        }
    }

    private static PostgresEndpoint container() {
        PostgreSQLContainer container = new PostgreSQLContainer("postgres:18-alpine");
        container.start();
        return Remote.of(
                "%s?user=%s&password=%s"
                        .formatted(
                                container.getJdbcUrl().replaceFirst("\\?.*", ""),
                                container.getUsername(),
                                container.getPassword()),
                container::stop);
    }

    /** A child process with data that nobody keeps. */
    record Local(PostgresServer server, TemporaryFolder folder) implements PostgresEndpoint {

        static Local start(PostgresBinaries binaries) throws IOException {
            TemporaryFolder folder = TemporaryFolder.create("yagura-postgres");
            PostgresServer server =
                    new PostgresServer(
                            binaries,
                            new PostgresServer.Options(
                                    folder.path(), Ports.free(), Passwords.random(), false));
            server.start();
            return new Local(server, folder);
        }

        @Override
        public String jdbcUrl(String database) {
            return server.jdbcUrl(database);
        }

        @Override
        public Connection connect(String database) throws SQLException {
            return server.connect(database);
        }

        @Override
        public void close() throws IOException {
            server.stop();
            folder.close();
        }
    }

    /** A server that runs elsewhere. */
    record Remote(String address, String user, String password, Runnable stop)
            implements PostgresEndpoint {

        static Remote of(String url, Runnable stop) {
            Properties parts = Driver.parseURL(url, new Properties());
            if (parts == null || parts.getProperty("user") == null) {
                throw new IllegalArgumentException(
                        "yagura.test.postgres.url must be like jdbc:postgresql://host:5432/postgres?user=…&password=…");
            }
            return new Remote(
                    "jdbc:postgresql://%s:%s/"
                            .formatted(parts.getProperty("PGHOST"), parts.getProperty("PGPORT")),
                    parts.getProperty("user"),
                    parts.getProperty("password", ""),
                    stop);
        }

        @Override
        public String jdbcUrl(String database) {
            return address + database;
        }

        @Override
        public Connection connect(String database) throws SQLException {
            return DriverManager.getConnection(jdbcUrl(database), user, password);
        }

        @Override
        public void close() {
            stop.run();
        }

        @Override
        public String toString() {
            return address + " as " + user;
        }
    }
}
