package dev.yagura.testkit.local;

import dev.yagura.testkit.process.Passwords;
import dev.yagura.testkit.process.PostgresServer;
import dev.yagura.testkit.process.RedisServer;
import dev.yagura.testkit.process.ServiceDatabase;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * PostgreSQL and Redis of a laptop, with data that stays.
 *
 * <p>In the folder: "postgres" and "redis" with data and logs, "credentials.properties" made at the
 * first start, and "ready.properties" while both serve: how each service logs in (keys
 * "yagura.{service}.database.…") and "redis.url". Both files are readable by their owner only.
 */
public final class LocalStores implements AutoCloseable {
    /** In the folder, while both stores serve. */
    public static final String READY_FILE = "ready.properties";

    private static final String DATABASE = "yagura";

    private final Options options;
    private final PrivateProperties credentials;
    private final FileChannel lock;
    private final PostgresServer postgres;
    private final RedisServer redis;

    /**
     * What to run.
     *
     * @param folder made when missing
     * @param postgresPort of 127.0.0.1
     * @param redisPort of 127.0.0.1
     * @param redisMaxMemory for example "512mb"; above it writes fail, nothing is evicted
     * @param services each gets a schema of its name and two roles
     */
    public record Options(
            Path folder,
            int postgresPort,
            int redisPort,
            String redisMaxMemory,
            List<String> services) {
        public Options {
            folder = folder.toAbsolutePath().normalize();
            services = List.copyOf(services);
        }
    }

    private LocalStores(Options options) throws IOException {
        this.options = options;
        Files.createDirectories(options.folder());
        lock = lock(options.folder());
        credentials = PrivateProperties.read(options.folder().resolve("credentials.properties"));
        postgres =
                new PostgresServer(
                        new PostgresServer.Options(
                                options.folder().resolve("postgres"),
                                options.postgresPort(),
                                password("postgres"),
                                true));
        redis =
                new RedisServer(
                        new RedisServer.Options(
                                options.folder().resolve("redis"),
                                options.redisPort(),
                                password("redis"),
                                options.redisMaxMemory()));
    }

    /**
     * Starts both and waits until they serve.
     *
     * @throws IOException a port or the folder is in use, or a server does not start; the text says
     *     what and why
     */
    public static LocalStores start(Options options) throws IOException {
        LocalStores stores = new LocalStores(options);
        boolean started = false;
        try {
            stores.start();
            started = true;
            return stores;
        } finally {
            if (!started) {
                stores.close();
            }
        }
    }

    private void start() throws IOException {
        Files.deleteIfExists(readyFile());
        credentials.write();
        postgres.start();
        redis.start();
        Map<String, String> keys = new TreeMap<>();
        keys.put("redis.url", redis.url(0));
        try {
            prepareDatabase(keys);
        } catch (SQLException e) {
            throw new IOException("cannot prepare the roles and schemas of the services", e);
        }
        credentials.write();
        new PrivateProperties(readyFile(), keys).write();
    }

    private void prepareDatabase(Map<String, String> keys) throws SQLException {
        try (Connection connection = postgres.connect("postgres")) {
            ServiceDatabase.create(connection, DATABASE);
        }
        try (Connection connection = postgres.connect(DATABASE)) {
            for (String service : options.services()) {
                String migration = service + "-migration";
                ServiceDatabase database =
                        ServiceDatabase.of(
                                DATABASE, service, password(service), password(migration));
                database.prepare(connection);
                keys.putAll(database.settings(postgres.jdbcUrl(DATABASE)));
            }
        }
    }

    private String password(String name) {
        return credentials.values().computeIfAbsent(name, missing -> Passwords.random());
    }

    private Path readyFile() {
        return options.folder().resolve(READY_FILE);
    }

    /** Held until the end of this process at most, also after a SIGKILL. */
    private static FileChannel lock(Path folder) throws IOException {
        FileChannel file =
                FileChannel.open(
                        folder.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        try {
            if (file.tryLock() != null) {
                return file;
            }
        } catch (OverlappingFileLockException e) {
            // Held by this very process: the same answer.
        }
        file.close();
        throw new IOException("another process runs the stores of " + folder + "; stop it first");
    }

    /** False when one of them ended by itself. */
    public boolean isAlive() {
        return postgres.isAlive() && redis.isAlive();
    }

    /** Stops both well; their data stays. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(readyFile());
        redis.stop();
        postgres.stop();
        lock.close();
    }
}
