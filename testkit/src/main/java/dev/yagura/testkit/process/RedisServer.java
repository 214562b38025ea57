package dev.yagura.testkit.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/**
 * A Redis server as a child process, on loopback, with a password, and as the event log wants it:
 * append-only file, synced before each answer, nothing evicted.
 */
public final class RedisServer extends ServerProcess {
    /** Databases of the server; each test class takes one. */
    public static final int DATABASES = 1024;

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final int TIMEOUT_MILLIS = 2000;

    private final Path binary;
    private final Options options;

    /**
     * How to run it.
     *
     * @param folder has the append-only file, "redis.conf" and "redis.log"; made when missing
     * @param port of 127.0.0.1
     * @param maxMemory as Redis writes it, for example "512mb"; writes fail above it
     */
    public record Options(Path folder, int port, String password, String maxMemory) {
        public Options {
            folder = folder.toAbsolutePath().normalize();
        }

        @Override
        public String toString() {
            return "Redis in " + folder + " on port " + port;
        }
    }

    public RedisServer(Path binary, Options options) {
        this.binary = binary;
        this.options = options;
    }

    /** An installed or embedded server. */
    public RedisServer(Options options) throws IOException {
        this(RedisBinary.find(), options);
    }

    /** Starts and waits until everything is loaded. */
    public void start() throws IOException {
        Files.createDirectories(options.folder());
        Path config = options.folder().resolve("redis.conf");
        writeConfig(config);
        Ports.requireFree("Redis", options.port());
        ChildProcess started =
                ChildProcess.start(
                        "Redis",
                        List.of(binary.toString(), config.toString()),
                        "TERM",
                        options.folder().resolve("redis.log"));
        started.awaitReady(this::answers, START_LIMIT);
        keep(started);
    }

    public int port() {
        return options.port();
    }

    /** "redis://:{password}@127.0.0.1:{port}/{database}" */
    public String url(int database) {
        return "redis://:%s@127.0.0.1:%d/%d"
                .formatted(options.password(), options.port(), database);
    }

    private boolean answers() {
        try (Jedis jedis =
                new Jedis(
                        new HostAndPort("127.0.0.1", options.port()),
                        DefaultJedisClientConfig.builder()
                                .password(options.password())
                                .connectionTimeoutMillis(TIMEOUT_MILLIS)
                                .socketTimeoutMillis(TIMEOUT_MILLIS)
                                .build())) {
            return "PONG".equals(jedis.ping());
        }
    }

    private void writeConfig(Path config) throws IOException {
        Files.deleteIfExists(config);
        Files.createFile(
                config,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(
                config,
                List.of(
                        "bind 127.0.0.1",
                        "port " + options.port(),
                        "requirepass " + options.password(),
                        "dir \"" + options.folder() + "\"",
                        "databases " + DATABASES,
                        "appendonly yes",
                        "appendfsync always",
                        // A crash can cut the last entry; what was answered is before it.
                        "aof-load-truncated yes",
                        "save \"\"",
                        "maxmemory " + options.maxMemory(),
                        "maxmemory-policy noeviction"));
    }
}
