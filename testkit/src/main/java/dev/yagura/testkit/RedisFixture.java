package dev.yagura.testkit;

import dev.yagura.testkit.process.Passwords;
import dev.yagura.testkit.process.Ports;
import dev.yagura.testkit.process.RedisBinary;
import dev.yagura.testkit.process.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;
import redis.clients.jedis.Jedis;

/**
 * An empty Redis database for a test class, on the one server of this JVM, with the settings of the
 * event log (append-only file synced always, noeviction, 256 MB).
 *
 * <pre>{@code
 * @RegisterExtension
 * static final RedisFixture REDIS = new RedisFixture();
 * }</pre>
 *
 * <p>Set the system property {@code yagura.test.redis.url} (or the environment variable {@code
 * YAGURA_TEST_REDIS_URL}) to "redis://:password@host:port" to use a server of your own; its
 * databases from 1 on are emptied.
 */
public final class RedisFixture implements BeforeAllCallback, AfterAllCallback {
    private static final String MAX_MEMORY = "256mb";
    private static final int PORT = 6379;

    private @Nullable Endpoint server;
    private int database;

    @Override
    public void beforeAll(ExtensionContext context) {
        server =
                SharedServers.of(context)
                        .computeIfAbsent(Endpoint.class, key -> Endpoint.find(), Endpoint.class);
        database = 1 + server.taken().getAndIncrement() % (server.databases() - 1);
        flush();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        flush();
    }

    /** "redis://:{password}@{host}:{port}/{database}" */
    public String url() {
        if (server == null) {
            throw new IllegalStateException("register the fixture with @RegisterExtension static");
        }
        return server.address() + "/" + database;
    }

    /** Empties the database. */
    public void flush() {
        try (Jedis jedis = new Jedis(URI.create(url()))) {
            jedis.flushDB();
        }
    }

    /** A server; the address has no database. */
    private record Endpoint(String address, int databases, AtomicInteger taken, AutoCloseable stop)
            implements AutoCloseable {
        private static final int DEFAULT_DATABASES = 16;

        static Endpoint find() {
            Optional<String> given = GivenAddress.of("yagura.test.redis.url");
            if (given.isPresent()) {
                return remote(given.get().replaceFirst("/\\d*$", ""), () -> {});
            }
            try {
                boolean container = RedisBinary.installed().isEmpty() && ContainerEngine.answers();
                return container ? container() : local();
            } catch (IOException e) {
                throw new UncheckedIOException("no Redis for the tests", e);
            }
        }

        private static Endpoint remote(String address, AutoCloseable stop) {
            return new Endpoint(address, DEFAULT_DATABASES, new AtomicInteger(), stop);
        }

        private static Endpoint local() throws IOException {
            TemporaryFolder folder = TemporaryFolder.create("yagura-redis");
            RedisServer server =
                    new RedisServer(
                            new RedisServer.Options(
                                    folder.path(), Ports.free(), Passwords.random(), MAX_MEMORY));
            server.start();
            return new Endpoint(
                    server.url(0).replaceFirst("/0$", ""),
                    RedisServer.DATABASES,
                    new AtomicInteger(),
                    () -> {
                        server.stop();
                        folder.close();
                    });
        }

        private static Endpoint container() {
            String password = Passwords.random();
            GenericContainer<?> container =
                    new GenericContainer<>(DockerImageName.parse("redis:7.2-alpine"))
                            .withExposedPorts(PORT)
                            .withCommand(
                                    "redis-server --requirepass %s --appendonly yes --appendfsync always --maxmemory %s --maxmemory-policy noeviction"
                                            .formatted(password, MAX_MEMORY));
            container.start();
            return remote(
                    "redis://:%s@%s:%d"
                            .formatted(
                                    password, container.getHost(), container.getMappedPort(PORT)),
                    container::stop);
        }

        @Override
        public void close() throws Exception {
            stop.close();
        }

        @Override
        public String toString() {
            return "Redis";
        }
    }
}
