package dev.yagura.bench.measure;

import dev.yagura.bench.load.BatchSource;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.params.XAddParams;

/**
 * Writers that XADD the same blobs to the same Redis server without anything in between, each to a
 * stream of its own and in a database of its own. What they wrote is deleted at the end.
 */
final class RawAppend implements AutoCloseable {
    /** Away from the log's database. */
    static final int DATABASE = 9;

    /** Entries kept for each writer: a long round must not fill the memory of Redis. */
    private static final XAddParams KEPT =
            XAddParams.xAddParams().maxLen(5_000).approximateTrimming();

    private static final byte[] FIELD = "events".getBytes(StandardCharsets.US_ASCII);

    private final URI redis;
    private final BatchSource source;
    private final int depth;
    private final LongAdder appended = new LongAdder();
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final List<Future<?>> writers = new ArrayList<>();
    private volatile boolean stopping;

    private RawAppend(URI redis, BatchSource source, int depth) {
        this.redis = redis;
        this.source = source;
        this.depth = depth;
    }

    /**
     * Starts to write as fast as it goes.
     *
     * @param writers connections, each on a thread of its own
     * @param depth batches that a writer sends before it waits for their answers
     */
    static RawAppend start(URI redis, BatchSource source, int writers, int depth) {
        RawAppend append = new RawAppend(redis, source, depth);
        for (int writer = 0; writer < writers; writer++) {
            byte[] key = ("bench:" + writer).getBytes(StandardCharsets.US_ASCII);
            append.writers.add(append.executor.submit(() -> append.write(key)));
        }
        return append;
    }

    /** Batches that Redis answered. */
    long appended() {
        return appended.sum();
    }

    private void write(byte[] key) {
        try (Jedis jedis = new Jedis(redis, AppendOnlyFile.PATIENT)) {
            jedis.select(DATABASE);
            long sequence = 0;
            while (!stopping) {
                Pipeline pipeline = jedis.pipelined();
                for (int index = 0; index < depth; index++) {
                    sequence++;
                    pipeline.xadd(
                            key,
                            KEPT,
                            Map.of(FIELD, source.batch(sequence).events().toByteArray()));
                }
                pipeline.syncAndReturnAll().forEach(RawAppend::requireId);
                appended.add(depth);
            }
            jedis.unlink(key);
        }
    }

    /** An error of one command comes as its answer. */
    private static void requireId(Object answer) {
        if (answer instanceof RuntimeException error) {
            throw error;
        }
    }

    /** Stops the writers; fails when one of them failed. */
    @Override
    public void close() {
        stopping = true;
        executor.close();
        for (Future<?> writer : writers) {
            try {
                writer.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a raw XADD failed", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for the writers", e);
            }
        }
    }
}
