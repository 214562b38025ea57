package dev.yagura.ingest.log;

import dev.yagura.common.error.DependencyUnavailableException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisPool;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisURIHelper;

/** Connections to the log's Redis, each wait bounded. */
public final class RedisConnections implements AutoCloseable {
    private static final int POOL_SIZE = 32;
    private static final int ATTEMPTS = 2;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /** Longer than any XREAD waits. */
    private static final Duration BLOCKING_TIMEOUT = Duration.ofSeconds(10);

    private final LogConfig config;
    private final HostAndPort address;
    private final JedisClientConfig client;
    private final JedisPool pool;

    public RedisConnections(LogConfig config) {
        this.config = config;
        URI url = config.url();
        int timeout = (int) config.timeout().toMillis();
        this.address = JedisURIHelper.getHostAndPort(url);
        this.client =
                DefaultJedisClientConfig.builder()
                        .user(JedisURIHelper.getUser(url))
                        .password(JedisURIHelper.getPassword(url))
                        .database(JedisURIHelper.getDBIndex(url))
                        .ssl(JedisURIHelper.isRedisSSLScheme(url))
                        .protocol(RedisProtocol.RESP2)
                        .connectionTimeoutMillis(timeout)
                        .socketTimeoutMillis(timeout)
                        .blockingSocketTimeoutMillis((int) BLOCKING_TIMEOUT.toMillis())
                        .clientName("yagura-ingest")
                        .build();
        GenericObjectPoolConfig<Jedis> limits = new GenericObjectPoolConfig<>();
        limits.setMaxTotal(POOL_SIZE);
        limits.setMaxIdle(POOL_SIZE);
        limits.setMaxWait(config.timeout());
        limits.setJmxEnabled(false);
        this.pool = new JedisPool(limits, address, client);
    }

    /** What writes wait for; well within the limit of a command. */
    Replication replication() {
        return new Replication(config.replicas(), config.timeout().dividedBy(2));
    }

    /** Host and port, without password. */
    public String address() {
        return address.toString();
    }

    /**
     * A connection of the caller's own, checked for what the log needs of the server.
     *
     * @throws UnsafeRedisException the server could lose what it acknowledges
     */
    Jedis open() {
        Jedis jedis = new Jedis(address, client);
        boolean usable = false;
        try {
            LogSafety.check(config.durability(), jedis::configGet);
            usable = true;
            return jedis;
        } finally {
            if (!usable) {
                jedis.close();
            }
        }
    }

    /**
     * Runs commands that may be repeated on a pooled connection.
     *
     * @throws DependencyUnavailableException Redis is away or has no room
     */
    public <T> T use(Function<Jedis, T> commands) {
        for (int attempt = 1; ; attempt++) {
            try (Jedis jedis = pool.getResource()) {
                return commands.apply(jedis);
            } catch (JedisConnectionException e) {
                // The server restarted: what is idle is dead, too.
                pool.clear();
                if (attempt == ATTEMPTS) {
                    throw away(e);
                }
            } catch (JedisDataException e) {
                if (e.getMessage() != null && e.getMessage().startsWith("NOSCRIPT")) {
                    throw e;
                }
                throw away(e);
            } catch (JedisException e) {
                throw away(e);
            }
        }
    }

    /** Runs a script on a pooled connection; it must be one that may be repeated. */
    public Object run(LogScript script, byte[]... keysAndArguments) {
        return use(jedis -> script.run(jedis, keysAndArguments));
    }

    /** Fields "used_memory" and "maxmemory" of the server's memory, and others. */
    Map<String, String> memory() {
        return use(jedis -> InfoText.parse(jedis.info("memory")));
    }

    private static DependencyUnavailableException away(JedisException cause) {
        return new DependencyUnavailableException("the event log", RETRY_AFTER, cause);
    }

    @Override
    public void close() {
        pool.close();
    }
}
