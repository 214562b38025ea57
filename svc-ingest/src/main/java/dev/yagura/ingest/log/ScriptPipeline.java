package dev.yagura.ingest.log;

import dev.yagura.common.log.LogKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * Script calls in order over one connection: what is pending goes out together, and while Redis
 * writes it to disk the next group gathers.
 *
 * <p>Where replicas are demanded, a group is answered when they have it.
 *
 * <p>A lost connection fails what is in flight (its outcome is not known) and what comes until
 * Redis is back; nothing is kept or repeated here.
 */
final class ScriptPipeline implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScriptPipeline.class);
    private static final int GROUP_CALLS = 512;
    private static final long MIN_PAUSE_NANOS = Duration.ofMillis(50).toNanos();
    private static final long MAX_PAUSE_NANOS = Duration.ofSeconds(2).toNanos();
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final RedisConnections connections;
    private final LinkedBlockingQueue<Call> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private final Runnable onConnect;
    private final Replication replication;
    private volatile boolean closed;
    private volatile boolean connected;
    private @Nullable Jedis jedis;
    private long pauseNanos = MIN_PAUSE_NANOS;
    private long retryAt = System.nanoTime();

    @SuppressWarnings("ArrayRecordComponent")
    private record Call(
            LogScript script, byte[][] keysAndArguments, CompletableFuture<Object> reply) {}

    /** The call failed as a whole; whether it took effect is not known. */
    static final class AwayException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        AwayException(String message) {
            super(message, null, false, false);
        }
    }

    /** Redis has no room and wrote nothing. */
    static final class FullException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        FullException() {
            super("Redis has reached maxmemory", null, false, false);
        }
    }

    /**
     * Starts.
     *
     * @param onConnect runs after each connect, on the pipeline's thread; must not block
     */
    ScriptPipeline(RedisConnections connections, String name, Runnable onConnect) {
        this.connections = connections;
        this.replication = connections.replication();
        this.onConnect = onConnect;
        this.thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    /**
     * Calls a script; calls take effect in this order. The answer completes on the pipeline's
     * thread: with what Redis answered, {@link FullException}, or {@link AwayException}.
     */
    CompletableFuture<Object> call(LogScript script, byte[]... keysAndArguments) {
        Call call = new Call(script, keysAndArguments, new CompletableFuture<>());
        queue.add(call);
        if (closed && queue.remove(call)) {
            call.reply().completeExceptionally(new AwayException("stopped"));
        }
        return call.reply();
    }

    boolean isConnected() {
        return connected;
    }

    private void run() {
        List<Call> group = new ArrayList<>();
        while (!closed || !queue.isEmpty()) {
            try {
                Call first = queue.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
                if (first == null) {
                    beIdle();
                    continue;
                }
                group.add(first);
                queue.drainTo(group, GROUP_CALLS - 1);
                execute(group);
            } catch (InterruptedException e) {
                closed = true;
            } finally {
                group.clear();
            }
        }
        disconnect();
    }

    /** Looks after the connection, so that health and recovery do not wait for an append. */
    private void beIdle() {
        try {
            connection().ifConnected(Jedis::ping);
        } catch (JedisException e) {
            lost(e);
        }
    }

    private void execute(List<Call> group) {
        try {
            Jedis current = connection().jedis();
            if (current == null) {
                fail(group, "Redis is away");
                return;
            }
            List<Call> missing = send(current, group);
            if (!missing.isEmpty()) {
                loadScripts(current);
                if (!send(current, missing).isEmpty()) {
                    throw new JedisException("Redis does not keep scripts");
                }
            }
        } catch (JedisException e) {
            lost(e);
            fail(group, "Redis went away");
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("append failed unforeseen");
            disconnect();
            fail(group, "failed");
        }
    }

    /** Returns the calls that Redis had no script for, in order. */
    private List<Call> send(Jedis jedis, List<Call> calls) {
        List<Response<Object>> replies = new ArrayList<>(calls.size());
        Optional<Replication.Asked> replicated;
        try (Pipeline pipeline = jedis.pipelined()) {
            for (Call call : calls) {
                replies.add(
                        pipeline.evalsha(
                                call.script().digest(),
                                call.script().keys(),
                                call.keysAndArguments()));
            }
            replicated = replication.ask(pipeline);
            pipeline.sync();
        }
        if (replicated.isPresent() && !isReplicated(replicated.get(), calls)) {
            return List.of();
        }
        List<Call> missing = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            if (!complete(calls.get(i), replies.get(i))) {
                missing.add(calls.get(i));
            }
        }
        return missing;
    }

    /** False when the end of the group was refused, and with it all calls. */
    private boolean isReplicated(Replication.Asked asked, List<Call> calls) {
        try {
            replication.check(asked);
            return true;
        } catch (JedisDataException e) {
            RuntimeException refused = refusal(e);
            calls.forEach(call -> call.reply().completeExceptionally(refused));
            return false;
        }
    }

    private static boolean complete(Call call, Response<Object> reply) {
        try {
            call.reply().complete(reply.get());
        } catch (JedisNoScriptException e) {
            return false;
        } catch (JedisDataException e) {
            call.reply().completeExceptionally(refusal(e));
        }
        return true;
    }

    private static RuntimeException refusal(JedisDataException error) {
        String text = String.valueOf(error.getMessage());
        if (text.contains("OOM command not allowed")) {
            return new FullException();
        }
        LOG.atWarn().addKeyValue(LogKeys.REASON, text).log("Redis refused an append");
        return new AwayException(text);
    }

    /** A connection, or none while it is too early to try again. */
    private record Slot(@Nullable Jedis jedis) {
        void ifConnected(java.util.function.Consumer<Jedis> action) {
            if (jedis != null) {
                action.accept(jedis);
            }
        }
    }

    private Slot connection() {
        if (jedis == null && System.nanoTime() - retryAt >= 0) {
            connect();
        }
        return new Slot(jedis);
    }

    private void connect() {
        Jedis opened = null;
        try {
            opened = connections.open();
            loadScripts(opened);
            jedis = opened;
            connected = true;
            pauseNanos = MIN_PAUSE_NANOS;
            onConnect.run();
        } catch (JedisException | UnsafeRedisException e) {
            if (opened != null) {
                opened.close();
            }
            lost(e);
        }
    }

    private static void loadScripts(Jedis connection) {
        LogScript.APPEND.load(connection);
        LogScript.OPEN.load(connection);
        LogScript.CANARY.load(connection);
    }

    /** Waits longer after each failure, with jitter, so that pipelines do not come back at once. */
    private void lost(RuntimeException cause) {
        disconnect();
        retryAt =
                System.nanoTime()
                        + ThreadLocalRandom.current().nextLong(pauseNanos / 2, pauseNanos);
        LOG.atWarn()
                .addKeyValue(LogKeys.ADDRESS, connections.address())
                .addKeyValue(LogKeys.REASON, cause.getMessage())
                .log("event log is away; agents are held back");
        pauseNanos = Math.min(pauseNanos * 2, MAX_PAUSE_NANOS);
    }

    private void disconnect() {
        connected = false;
        Jedis old = jedis;
        jedis = null;
        if (old != null) {
            try {
                old.close();
            } catch (JedisException e) {
                LOG.atDebug().setCause(e).log("closing a broken connection");
            }
        }
    }

    private static void fail(List<Call> calls, String reason) {
        calls.forEach(call -> call.reply().completeExceptionally(new AwayException(reason)));
    }

    /** Sends what is queued, then ends. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt(); // ends the wait for calls; sockets of platform threads do not see it
        try {
            thread.join(STOP_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
