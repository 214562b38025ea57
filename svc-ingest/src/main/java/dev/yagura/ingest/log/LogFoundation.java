package dev.yagura.ingest.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.log.LogKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/**
 * That the log is there and is still the same one.
 *
 * <p>The log's incarnation is in the key "log:meta" and in the head of each partition, where every
 * append compares it. When one of them is gone, data were lost: the log gets another incarnation,
 * so that every reader's position is refused instead of meaning something else.
 */
final class LogFoundation {
    private static final Logger LOG = LoggerFactory.getLogger(LogFoundation.class);
    private static final Duration MIN_PAUSE = Duration.ofMillis(200);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(5);
    private static final long LOOK_EVERY_NANOS = Duration.ofSeconds(1).toNanos();
    private static final byte[] INCARNATION = "incarnation".getBytes(UTF_8);

    private final RedisConnections connections;
    private final int partitions;
    private final Runnable onOtherLog;
    private final ReentrantLock looking = new ReentrantLock();
    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile String incarnation = "";
    private volatile long lookedAt = System.nanoTime();

    /**
     * Nothing yet.
     *
     * @param onOtherLog runs after the incarnation changed
     */
    LogFoundation(RedisConnections connections, int partitions, Runnable onOtherLog) {
        this.connections = connections;
        this.partitions = partitions;
        this.onOtherLog = onOtherLog;
    }

    String incarnation() {
        return incarnation;
    }

    /** Makes or finds the log; waits while Redis is away. */
    void open() throws InterruptedException {
        Duration pause = MIN_PAUSE;
        while (true) {
            try {
                connections.open().close();
                settle();
                LOG.atInfo()
                        .addKeyValue(LogKeys.ADDRESS, connections.address())
                        .addKeyValue(LogKeys.VERSION, incarnation)
                        .log("event log is open");
                return;
            } catch (DependencyUnavailableException
                    | redis.clients.jedis.exceptions.JedisException e) {
                LOG.atWarn()
                        .addKeyValue(LogKeys.ADDRESS, connections.address())
                        .addKeyValue(LogKeys.REASON, e.getMessage())
                        .log("waiting for Redis");
            }
            long millis = pause.toMillis();
            TimeUnit.MILLISECONDS.sleep(
                    ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
            pause =
                    pause.multipliedBy(2).compareTo(MAX_PAUSE) > 0
                            ? MAX_PAUSE
                            : pause.multipliedBy(2);
        }
    }

    /** Looks on a thread of its own; any number of calls make one look. */
    void lookSoon() {
        if (!incarnation.isEmpty() && asked.compareAndSet(false, true)) {
            Thread.startVirtualThread(() -> {
                asked.set(false);
                lookNow();
            });
        }
    }

    /** Looks, when the last look is a second ago. */
    void look() {
        if (System.nanoTime() - lookedAt > LOOK_EVERY_NANOS) {
            lookNow();
        }
    }

    private void lookNow() {
        try {
            settle();
        } catch (DependencyUnavailableException e) {
            LOG.atDebug().setCause(e).log("Redis is away; the log is looked at when it is back");
        }
    }

    private void settle() {
        looking.lock();
        try {
            lookedAt = System.nanoTime();
            String before = incarnation;
            String found = found();
            if (!found.equals(before)) {
                incarnation = found;
                if (!before.isEmpty()) {
                    LOG.atError()
                            .addKeyValue(LogKeys.VERSION, found)
                            .log("the event log lost data and begins anew; consumers must rewind");
                    onOtherLog.run();
                }
            }
        } finally {
            looking.unlock();
        }
    }

    /** The incarnation in force; every partition belongs to it afterwards. */
    private String found() {
        String current = metaIncarnation();
        if (!current.isEmpty() && heads().stream().anyMatch(String::isEmpty)) {
            // A partition without head, though the log was made: it is lost.
            current = make(current);
        } else if (current.isEmpty()) {
            current = make("");
        }
        for (String head : heads()) {
            if (!head.equals(current)) {
                joinAll(current);
                break;
            }
        }
        return current;
    }

    private String make(String replaced) {
        List<?> found =
                (List<?>)
                        connections.run(
                                LogScript.FOUND,
                                RedisKeys.META,
                                replaced.getBytes(UTF_8),
                                UUID.randomUUID().toString().getBytes(UTF_8),
                                Integer.toString(partitions).getBytes(UTF_8));
        return text((byte[]) found.getFirst());
    }

    private String metaIncarnation() {
        List<byte[]> meta =
                connections.use(jedis ->
                        jedis.hmget(RedisKeys.META, INCARNATION, "partitions".getBytes(UTF_8)));
        String made = text(meta.get(1));
        if (!made.isEmpty() && !made.equals(Integer.toString(partitions))) {
            throw new IllegalStateException(
                    "yagura.ingest.log.partitions is "
                            + partitions
                            + ", but the log was made with "
                            + made
                            + "; set it to "
                            + made
                            + ", or use an empty Redis database for another log");
        }
        return text(meta.get(0));
    }

    private List<String> heads() {
        return connections.use(jedis -> {
            List<Response<byte[]>> heads = new ArrayList<>(partitions);
            try (Pipeline pipeline = jedis.pipelined()) {
                for (int partition = 0; partition < partitions; partition++) {
                    heads.add(pipeline.hget(RedisKeys.head(partition), INCARNATION));
                }
                pipeline.sync();
            }
            return heads.stream().map(head -> text(head.get())).toList();
        });
    }

    private void joinAll(String current) {
        for (int partition = 0; partition < partitions; partition++) {
            connections.run(LogScript.JOIN, RedisKeys.head(partition), current.getBytes(UTF_8));
        }
    }

    /** Used memory by its limit, from INFO memory; 0 without a limit. */
    static double memoryUse(Map<String, String> memory) {
        double limit = Double.parseDouble(memory.getOrDefault("maxmemory", "0"));
        return limit == 0 ? 0 : Double.parseDouble(memory.getOrDefault("used_memory", "0")) / limit;
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, UTF_8);
    }
}
