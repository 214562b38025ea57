package dev.yagura.ingest.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yagura.proto.type.v1.AgentIdentity;
import dev.yagura.proto.type.v1.Scope;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import net.openhft.hashing.LongHashFunction;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/** The event log in Redis Streams. */
public final class RedisEventLog implements EventLog, AutoCloseable {
    private static final LongHashFunction HASH = LongHashFunction.xx();
    private static final byte[] NOTHING = new byte[0];

    /** Redis serves nobody else while it deletes. */
    private static final int TRIM_STEP = 10_000;

    private final int partitions;
    private final Clock clock;
    private final RedisConnections connections;
    private final LogFoundation foundation;
    private final List<ScriptPipeline> pipelines;
    private final LogTail tail;

    /** Everything about a spool that each append needs, made once. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Session(
            AgentIdentity agent, int partition, byte[][] keys, byte[] epoch, byte[] identity)
            implements SpoolSession {}

    /**
     * Opens the log, or makes it at the first start. Waits while Redis is not there yet.
     *
     * @throws IllegalStateException the log was made with another number of partitions
     * @throws UnsafeRedisException Redis could lose what it acknowledges
     */
    public RedisEventLog(LogConfig config, RedisConnections connections, Clock clock)
            throws InterruptedException {
        this.partitions = config.partitions();
        this.clock = clock;
        this.connections = connections;
        this.foundation = new LogFoundation(connections, config.partitions(), this::anotherLog);
        foundation.open();
        this.tail = new LogTail(connections, foundation::look);
        this.pipelines =
                IntStream.range(0, Math.min(config.appenders(), config.partitions()))
                        .mapToObj(number ->
                                new ScriptPipeline(
                                        connections, "log-append-" + number, foundation::lookSoon))
                        .toList();
    }

    private void anotherLog() {
        tail.reset();
    }

    @Override
    public String incarnation() {
        return foundation.incarnation();
    }

    @Override
    public int partitions() {
        return partitions;
    }

    @Override
    public int partitionOf(String hostId) {
        return (int) Long.remainderUnsigned(HASH.hashBytes(hostId.getBytes(UTF_8)), partitions);
    }

    /** True while every appender is connected. */
    public boolean isConnected() {
        return pipelines.stream().allMatch(ScriptPipeline::isConnected);
    }

    @Override
    public CompletableFuture<OpenOutcome> open(AgentIdentity agent, String spoolId) {
        int partition = partitionOf(agent.getHostId());
        return pipeline(partition)
                .call(
                        LogScript.OPEN,
                        RedisKeys.head(partition),
                        RedisKeys.spool(partition, spoolId),
                        bytes(incarnation()),
                        bytes(agent.getAgentId()))
                .handle((reply, error) ->
                        error == null
                                ? opened(agent, spoolId, partition, ScriptReply.of(reply))
                                : new OpenOutcome.Unavailable(String.valueOf(error.getMessage())));
    }

    private OpenOutcome opened(
            AgentIdentity agent, String spoolId, int partition, ScriptReply reply) {
        return switch (reply.code()) {
            case ScriptReply.DONE ->
                    new OpenOutcome.Opened(
                            session(agent, spoolId, partition, reply.number(0)), reply.number(1));
            case ScriptReply.OTHER_AGENT -> new OpenOutcome.OtherAgent();
            case ScriptReply.OTHER_LOG -> {
                foundation.lookSoon();
                yield new OpenOutcome.Unavailable("the log was made anew");
            }
            default -> throw new IllegalStateException("open.lua answered " + reply.code());
        };
    }

    private static Session session(AgentIdentity agent, String spoolId, int partition, long epoch) {
        Scope scope = agent.getScope();
        String identity =
                String.join(
                        "|",
                        agent.getHostId(),
                        scope.getPartition(),
                        scope.getAccountId(),
                        scope.getRegion());
        byte[][] keys = {
            RedisKeys.head(partition),
            RedisKeys.stream(partition),
            RedisKeys.spool(partition, spoolId),
            RedisKeys.ledger(partition, agent.getAgentId()),
            RedisKeys.ledgerIndex(partition),
            RedisKeys.lossIndex(partition)
        };
        return new Session(agent, partition, keys, bytes(epoch), bytes(identity));
    }

    @Override
    public CompletableFuture<AppendOutcome> append(Append append) {
        Session session = (Session) append.session();
        Append.Count count = append.count();
        byte[] member =
                bytes(
                        new LedgerMember(
                                        count.hour(),
                                        session.agent().getAgentId(),
                                        session.agent().getScope().getAccountId())
                                .encoded());
        byte[][] keys = session.keys();
        return pipeline(session.partition())
                .call(
                        LogScript.APPEND,
                        keys[0],
                        keys[1],
                        keys[2],
                        keys[3],
                        keys[4],
                        keys[5],
                        bytes(incarnation()),
                        session.epoch(),
                        bytes(append.firstSequence()),
                        bytes(append.lastSequence()),
                        append.entry().orElse(NOTHING),
                        bytes(count.hour()),
                        bytes(count.events()),
                        bytes(count.bytes()),
                        bytes(count.lost()),
                        bytes(count.lossReason()),
                        bytes(clock.millis()),
                        member,
                        session.identity())
                .handle(this::outcome);
    }

    @Override
    public CompletableFuture<AppendOutcome> appendCanary(int partition, byte[] entry) {
        return pipeline(partition)
                .call(
                        LogScript.CANARY,
                        RedisKeys.head(partition),
                        RedisKeys.stream(partition),
                        bytes(incarnation()),
                        entry)
                .handle(this::outcome);
    }

    private AppendOutcome outcome(
            @org.jspecify.annotations.Nullable Object reply,
            @org.jspecify.annotations.Nullable Throwable error) {
        if (reply == null) {
            return error instanceof ScriptPipeline.FullException
                    ? new AppendOutcome.Full()
                    : new AppendOutcome.Unavailable();
        }
        ScriptReply answer = ScriptReply.of(reply);
        return switch (answer.code()) {
            case ScriptReply.DONE -> new AppendOutcome.Stored(answer.number(0));
            case ScriptReply.RECORDED -> new AppendOutcome.Recorded();
            case ScriptReply.DUPLICATE -> new AppendOutcome.Duplicate();
            case ScriptReply.EXPECTED -> new AppendOutcome.Expected(answer.number(0));
            case ScriptReply.FENCED -> new AppendOutcome.Fenced();
            case ScriptReply.OTHER_LOG -> {
                foundation.lookSoon();
                yield new AppendOutcome.Unavailable();
            }
            default -> throw new IllegalStateException("append.lua answered " + answer.code());
        };
    }

    @Override
    public LogPage read(int partition, long after, int max, Duration wait)
            throws InterruptedException {
        Optional<LogPage> recent = tail.inMemory(partition, after, max);
        if (recent.isPresent()) {
            return recent.get();
        }
        LogPage stored = readStored(partition, after, max);
        if (!stored.entries().isEmpty() || wait.isZero()) {
            return stored;
        }
        Optional<LogPage> grown = tail.await(partition, after, max, wait);
        return grown.isPresent() ? grown.get() : readStored(partition, after, max);
    }

    private LogPage readStored(int partition, long after, int max) {
        return connections.use(jedis -> {
            try (Pipeline pipeline = jedis.pipelined()) {
                Response<List<Object>> entries =
                        pipeline.xrange(
                                RedisKeys.stream(partition),
                                StreamReplies.id(after + 1),
                                bytes("+"),
                                max);
                Response<byte[]> last = pipeline.hget(RedisKeys.head(partition), bytes("last"));
                pipeline.sync();
                return new LogPage(StreamReplies.entries(entries.get()), number(last.get()));
            }
        });
    }

    @Override
    public List<Bounds> bounds() {
        return bounds(0, partitions);
    }

    @Override
    public Bounds bounds(int partition) {
        return bounds(partition, partition + 1).getFirst();
    }

    private List<Bounds> bounds(int from, int to) {
        return connections.use(jedis -> {
            List<Response<List<byte[]>>> heads = new ArrayList<>(to - from);
            try (Pipeline pipeline = jedis.pipelined()) {
                for (int partition = from; partition < to; partition++) {
                    heads.add(
                            pipeline.hmget(
                                    RedisKeys.head(partition), bytes("first"), bytes("last")));
                }
                pipeline.sync();
            }
            return heads.stream()
                    .map(head -> new Bounds(number(head.get().get(0)), number(head.get().get(1))))
                    .toList();
        });
    }

    @Override
    public long trim(int partition, long firstKept) {
        long deleted = 0;
        while (true) {
            ScriptReply reply =
                    ScriptReply.of(
                            connections.run(
                                    LogScript.TRIM,
                                    RedisKeys.head(partition),
                                    RedisKeys.stream(partition),
                                    bytes(incarnation()),
                                    bytes(firstKept),
                                    bytes(TRIM_STEP)));
            if (reply.code() != ScriptReply.DONE || reply.number(0) == 0) {
                return deleted;
            }
            deleted += reply.number(0);
        }
    }

    /** Share of Redis' memory in use, 0 to 1; 0 when the server has no limit. */
    public double memoryUse() {
        return LogFoundation.memoryUse(connections.memory());
    }

    private ScriptPipeline pipeline(int partition) {
        return pipelines.get(partition % pipelines.size());
    }

    private static long number(byte @org.jspecify.annotations.Nullable [] text) {
        return text == null ? 0 : Long.parseLong(new String(text, UTF_8));
    }

    private static byte[] bytes(long number) {
        return bytes(Long.toString(number));
    }

    private static byte[] bytes(String text) {
        return RedisKeys.bytes(text);
    }

    /** Appends that are queued are sent first. */
    @Override
    public void close() {
        pipelines.forEach(ScriptPipeline::close);
        tail.close();
    }
}
