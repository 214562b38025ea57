package dev.yagura.bench.measure;

import dev.yagura.bench.platform.Waiting;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisProtocol;

/**
 * Redis's append-only file while figures are taken: it is rewritten between the rounds instead of
 * in some of them. A rewrite costs a forked process and a copy of all that is kept, which would
 * decide which round looks fast.
 */
final class AppendOnlyFile {
    private static final Duration REWRITE_LIMIT = Duration.ofMinutes(2);

    /** A pause of the disk is part of a figure, not an error. */
    static final JedisClientConfig PATIENT =
            DefaultJedisClientConfig.builder()
                    .protocol(RedisProtocol.RESP2)
                    .timeoutMillis(30_000)
                    .build();

    private final URI redis;

    /** Ends the rewriting by Redis itself, until it starts again. */
    AppendOnlyFile(URI redis) {
        this.redis = redis;
        try (Jedis jedis = new Jedis(redis, PATIENT)) {
            jedis.configSet("auto-aof-rewrite-percentage", "0");
        }
    }

    /** Rewrites, and returns when it is done. */
    void rewrite() throws IOException, InterruptedException {
        try (Jedis jedis = new Jedis(redis, PATIENT)) {
            jedis.bgrewriteaof();
            Waiting.until(
                    () -> "the rewrite of Redis's append-only file",
                    REWRITE_LIMIT,
                    () -> !rewriting(jedis));
        }
    }

    private static boolean rewriting(Jedis jedis) {
        String facts = jedis.info("persistence");
        return facts.contains("aof_rewrite_in_progress:1")
                || facts.contains("aof_rewrite_scheduled:1");
    }
}
