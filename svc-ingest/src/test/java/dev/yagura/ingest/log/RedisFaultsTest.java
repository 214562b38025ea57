package dev.yagura.ingest.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.ingest.TestBatches;
import dev.yagura.testkit.process.Ports;
import dev.yagura.testkit.process.RedisServer;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** The log over a Redis of its own that crashes, fills up or forgets. */
class RedisFaultsTest {
    private static final int WRITERS = 8;
    private static final int BATCHES = 400;

    private @TempDir Path folder;
    private RedisServer redis;
    private TestLog process;

    @BeforeEach
    void start() throws Exception {
        redis =
                new RedisServer(
                        new RedisServer.Options(
                                folder.resolve("redis"), Ports.free(), "secret", "64mb"));
        redis.start();
        process = TestLog.open(redis.url(0), 64);
    }

    @AfterEach
    void stop() {
        process.close();
        redis.close();
    }

    @Test
    void aCrashUnderLoadLosesNothingAcknowledgedAndStoresNothingTwice() throws Exception {
        AtomicInteger acknowledged = new AtomicInteger();
        List<Future<Writer>> writers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < WRITERS; i++) {
                Writer writer = new Writer(acknowledged);
                writers.add(threads.submit(() -> writer.writeAll(BATCHES)));
            }
            for (int crash = 1; crash <= 2; crash++) {
                int reached = crash * WRITERS * BATCHES / 4;
                await(() -> acknowledged.get() >= reached);
                redis.kill();
                redis.start();
            }
            for (Future<Writer> done : writers) {
                Writer writer = done.get(120, TimeUnit.SECONDS);
                assertThat(sequences(writer.partition, writer.id))
                        .containsExactlyElementsOf(
                                java.util.stream.LongStream.rangeClosed(1, BATCHES)
                                        .boxed()
                                        .toList());
            }
        }
    }

    @Test
    void aFullLogRefusesUntilThereIsRoom() throws Exception {
        Writer writer = new Writer(new AtomicInteger());
        SpoolSession session = writer.open();
        long sequence = 1;
        byte[] large = new byte[256 * 1024];
        while (append(session, sequence, large) instanceof AppendOutcome.Stored) {
            sequence++;
        }
        assertThat(append(session, sequence, large)).isEqualTo(new AppendOutcome.Full());
        long stored = process.log().bounds(session.partition()).last();
        assertThat(stored).isEqualTo(sequence - 1);
        assertThat(process.log().memoryUse()).isGreaterThan(0.9);

        process.log().trim(session.partition(), stored - 1);

        assertThat(append(session, sequence, large))
                .isEqualTo(new AppendOutcome.Stored(stored + 1));
        assertThat(process.log().bounds(session.partition()))
                .isEqualTo(new Bounds(stored - 1, stored + 1));
    }

    @Test
    void aLogThatLostItsDataGetsAnotherIncarnation() throws Exception {
        Writer writer = new Writer(new AtomicInteger());
        SpoolSession session = writer.open();
        append(session, 1, new byte[10]);
        String before = process.log().incarnation();

        try (Jedis jedis = new Jedis(URI.create(redis.url(0)))) {
            jedis.flushAll();
        }

        assertThat(append(session, 2, new byte[10])).isEqualTo(new AppendOutcome.Unavailable());
        await(() -> !process.log().incarnation().equals(before));
        assertThat(appendWhenThere(session, 2)).isEqualTo(new AppendOutcome.Fenced());
        assertThat(appendWhenThere(writer.open(), 1)).isEqualTo(new AppendOutcome.Stored(1));
    }

    @Test
    void worksOnWithoutTheLoadedScripts() throws Exception {
        Writer writer = new Writer(new AtomicInteger());
        SpoolSession session = writer.open();
        try (Jedis jedis = new Jedis(URI.create(redis.url(0)))) {
            jedis.scriptFlush();
        }

        assertThat(append(session, 1, new byte[10])).isInstanceOf(AppendOutcome.Stored.class);
    }

    @Test
    void keepsTheIncarnationOverARestart() throws Exception {
        String before = process.log().incarnation();
        process.close();
        redis.kill();
        redis.start();
        process = TestLog.open(redis.url(0), 64);

        assertThat(process.log().incarnation()).isEqualTo(before);
    }

    @Test
    void refusesAnotherNumberOfPartitions() {
        assertThatThrownBy(() -> TestLog.open(redis.url(0), 32))
                .hasMessageContaining("yagura.ingest.log.partitions")
                .hasMessageContaining("set it to 64");
    }

    @Test
    void refusesAServerThatCouldLoseAcknowledgedBatches() throws Exception {
        try (Jedis jedis = new Jedis(URI.create(redis.url(0)))) {
            jedis.configSet("appendfsync", "everysec");
            jedis.configSet("maxmemory-policy", "allkeys-lru");
        }

        assertThatThrownBy(() -> TestLog.open(redis.url(0), 64))
                .hasMessageContaining("appendfsync must be always")
                .hasMessageContaining("maxmemory-policy must be noeviction");
        TestLog.open(redis.url(0), 64, LogConfig.Durability.RELAXED).close();
    }

    /** As an agent does: again, while the log is away, which a slow disk makes it for a moment. */
    private AppendOutcome appendWhenThere(SpoolSession session, long sequence) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        AppendOutcome outcome = append(session, sequence, new byte[10]);
        while (outcome instanceof AppendOutcome.Unavailable && System.nanoTime() < deadline) {
            outcome = append(session, sequence, new byte[10]);
        }
        return outcome;
    }

    private AppendOutcome append(SpoolSession session, long sequence, byte[] entry)
            throws Exception {
        return process.log()
                .append(Append.batch(session, sequence, entry, new Append.Count(1, 1, 1, 0, "")))
                .get(90, TimeUnit.SECONDS);
    }

    /** Sequence numbers of a writer in the order of the log. */
    private List<Long> sequences(int partition, long writer) throws Exception {
        List<Long> found = new ArrayList<>();
        long after = 0;
        while (true) {
            LogPage page = process.log().read(partition, after, 100, Duration.ZERO);
            if (page.entries().isEmpty()) {
                return found;
            }
            for (StoredEntry entry : page.entries()) {
                ByteBuffer bytes = ByteBuffer.wrap(entry.bytes());
                if (bytes.getLong() == writer) {
                    found.add(bytes.getLong());
                }
                after = entry.offset();
            }
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    /** An agent with a spool: keeps some batches in flight, sends again what was not answered. */
    private final class Writer {
        private static final int IN_FLIGHT = 4;
        private static final AtomicInteger IDS = new AtomicInteger();

        final long id = IDS.incrementAndGet();
        final String spool = UUID.randomUUID().toString();
        final dev.yagura.proto.type.v1.AgentIdentity agent = TestBatches.newAgent();
        final int partition = process.log().partitionOf(agent.getHostId());
        final AtomicInteger acknowledged;

        Writer(AtomicInteger acknowledged) {
            this.acknowledged = acknowledged;
        }

        SpoolSession open() throws Exception {
            while (true) {
                if (process.log().open(agent, spool).get(90, TimeUnit.SECONDS)
                        instanceof OpenOutcome.Opened opened) {
                    return opened.session();
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }

        Writer writeAll(int batches) throws Exception {
            SpoolSession session = open();
            long next = 1;
            while (next <= batches) {
                List<Future<AppendOutcome>> outcomes = new ArrayList<>();
                for (long i = next; i < next + IN_FLIGHT && i <= batches; i++) {
                    byte[] entry = ByteBuffer.allocate(4096).putLong(id).putLong(i).array();
                    outcomes.add(
                            process.log()
                                    .append(
                                            Append.batch(
                                                    session,
                                                    i,
                                                    entry,
                                                    new Append.Count(1, 1, 1, 0, ""))));
                }
                for (Future<AppendOutcome> outcome : outcomes) {
                    switch (outcome.get(90, TimeUnit.SECONDS)) {
                        case AppendOutcome.Stored stored -> {
                            acknowledged.incrementAndGet();
                            next++;
                        }
                        case AppendOutcome.Duplicate() -> next++;
                        case AppendOutcome.Unavailable() ->
                                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
                        case AppendOutcome.Expected expected ->
                                assertThat(expected.sequence()).isLessThanOrEqualTo(batches);
                        case AppendOutcome.Fenced() -> throw new AssertionError("fenced");
                        case AppendOutcome.Full() -> throw new AssertionError("full");
                        case AppendOutcome.Recorded() -> throw new AssertionError("recorded");
                    }
                }
            }
            return this;
        }
    }
}
