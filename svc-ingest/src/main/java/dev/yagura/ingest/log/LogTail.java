package dev.yagura.ingest.log;

import dev.yagura.common.log.LogKeys;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.XReadParams;

/**
 * New entries of all partitions that somebody waits for, read once over one connection: Redis
 * answers the XREAD at the append, and everybody who waits is woken with the entry in memory.
 *
 * <p>A partition is followed from the first wait until nobody waited for a while. The newest
 * entries stay in memory up to a number of bytes; whoever is further behind reads Redis himself.
 */
final class LogTail implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogTail.class);

    /** Bounds a wake-up that fell between looking at the partitions and blocking. */
    private static final int BLOCK_MILLIS = 200;

    /** Entries of one partition at once: 64 partitions of these must fit the heap. */
    private static final int COUNT = 4;

    private static final int KEPT_BYTES = 256 * 1024;
    private static final long LINGER_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long PAUSE_MILLIS = 250;

    private final RedisConnections connections;
    private final Runnable onIdle;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wanted = lock.newCondition();
    private final Map<Integer, Followed> followed = new HashMap<>();
    private final Thread thread;
    private volatile boolean closed;
    private volatile long clientId;

    /** A partition; guarded by the lock. */
    private final class Followed {
        final Condition grown = lock.newCondition();
        final ArrayDeque<StoredEntry> newest = new ArrayDeque<>();
        long last;
        long bytes;
        long usedAt = System.nanoTime();

        Followed(long last) {
            this.last = last;
        }

        void add(StoredEntry entry) {
            newest.add(entry);
            last = entry.offset();
            bytes += entry.bytes().length;
            while (bytes > KEPT_BYTES && newest.size() > 1) {
                bytes -= newest.remove().bytes().length;
            }
        }

        Optional<LogPage> after(long offset, int max) {
            StoredEntry oldest = newest.peek();
            if (oldest == null || offset + 1 < oldest.offset() || offset >= last) {
                return Optional.empty();
            }
            return Optional.of(
                    new LogPage(
                            newest.stream()
                                    .filter(entry -> entry.offset() > offset)
                                    .limit(max)
                                    .toList(),
                            last));
        }
    }

    /**
     * Starts.
     *
     * @param onIdle runs now and then on the reader's thread: a look at the log's incarnation
     */
    LogTail(RedisConnections connections, Runnable onIdle) {
        this.connections = connections;
        this.onIdle = onIdle;
        this.thread = Thread.ofPlatform().daemon().name("log-tail").start(this::run);
    }

    /** Entries after an offset, when they are in memory. */
    Optional<LogPage> inMemory(int partition, long after, int max) {
        lock.lock();
        try {
            Followed partitionTail = followed.get(partition);
            return partitionTail == null ? Optional.empty() : partitionTail.after(after, max);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the partition grows past an offset that was its tail a moment ago.
     *
     * @return empty when it did not in time, or when what came is not in memory any more
     */
    Optional<LogPage> await(int partition, long after, int max, Duration wait)
            throws InterruptedException {
        long remaining = wait.toNanos();
        lock.lockInterruptibly();
        try {
            Followed tail = follow(partition, after);
            while (tail.last <= after && remaining > 0 && !closed) {
                remaining = tail.grown.awaitNanos(remaining);
            }
            tail.usedAt = System.nanoTime();
            return tail.after(after, max);
        } finally {
            lock.unlock();
        }
    }

    /** Forgets everything: the log is another one. */
    void reset() {
        lock.lock();
        try {
            followed.values().forEach(tail -> tail.grown.signalAll());
            followed.clear();
        } finally {
            lock.unlock();
        }
    }

    private Followed follow(int partition, long after) {
        Followed tail = followed.get(partition);
        if (tail == null) {
            tail = new Followed(after);
            followed.put(partition, tail);
            wanted.signalAll();
            interruptRead();
        }
        tail.usedAt = System.nanoTime();
        return tail;
    }

    /** The reader is blocked on the other partitions: it must look again. */
    private void interruptRead() {
        long id = clientId;
        if (id != 0) {
            Thread.startVirtualThread(() -> {
                try {
                    connections.use(jedis -> jedis.clientUnblock(id));
                } catch (RuntimeException e) {
                    LOG.atDebug().setCause(e).log("the reader was not woken; it looks again soon");
                }
            });
        }
    }

    private void run() {
        while (!closed) {
            try (Jedis jedis = connections.open()) {
                clientId = jedis.clientId();
                readUntilClosed(jedis);
            } catch (InterruptedException e) {
                return;
            } catch (JedisException | UnsafeRedisException e) {
                LOG.atWarn()
                        .addKeyValue(LogKeys.REASON, e.getMessage())
                        .log("event log cannot be followed; trying again");
                pause();
            } finally {
                clientId = 0;
            }
        }
    }

    private void readUntilClosed(Jedis jedis) throws InterruptedException {
        XReadParams params = XReadParams.xReadParams().count(COUNT).block(BLOCK_MILLIS);
        while (!closed) {
            List<Map.Entry<byte[], byte[]>> positions = positions();
            @SuppressWarnings({"unchecked", "rawtypes"})
            Map.Entry<byte[], byte[]>[] streams = positions.toArray(new Map.Entry[0]);
            @Nullable List<Object> reply = jedis.xread(params, streams);
            if (reply == null) {
                onIdle.run();
            } else {
                publish(reply);
            }
        }
    }

    private List<Map.Entry<byte[], byte[]>> positions() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            forgetUnused();
            while (followed.isEmpty() && !closed) {
                wanted.await();
            }
            List<Map.Entry<byte[], byte[]>> positions = new ArrayList<>(followed.size());
            followed.forEach((partition, tail) ->
                    positions.add(
                            Map.entry(RedisKeys.stream(partition), StreamReplies.id(tail.last))));
            return positions;
        } finally {
            lock.unlock();
        }
    }

    private void forgetUnused() {
        long now = System.nanoTime();
        for (Iterator<Followed> all = followed.values().iterator(); all.hasNext(); ) {
            Followed tail = all.next();
            if (now - tail.usedAt > LINGER_NANOS && !lock.hasWaiters(tail.grown)) {
                all.remove();
            }
        }
    }

    private void publish(List<Object> reply) {
        Map<Integer, List<StoredEntry>> byPartition = StreamReplies.streams(reply);
        lock.lock();
        try {
            byPartition.forEach((partition, entries) -> {
                Followed tail = followed.get(partition);
                if (tail != null && tail.last < entries.getFirst().offset()) {
                    entries.forEach(tail::add);
                    tail.grown.signalAll();
                }
            });
        } finally {
            lock.unlock();
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        reset();
        thread.interrupt();
    }
}
