package dev.yagura.ingest.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.ingest.TestBatches;
import dev.yagura.proto.type.v1.AgentIdentity;
import dev.yagura.testkit.process.Ports;
import dev.yagura.testkit.process.RedisServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** A log whose acknowledgements wait for a replica. */
class ReplicatedLogTest {
    private static final int PARTITIONS = 64;
    private static final String PASSWORD = "secret";

    private final AgentIdentity agent = TestBatches.newAgent();
    private final String spool = UUID.randomUUID().toString();

    private @TempDir Path folder;
    private RedisServer primary;
    private RedisServer replica;
    private TestLog process;

    @BeforeEach
    void start() throws Exception {
        primary = server("primary");
        replica = server("replica");
        follow();
        process = open(primary, 1);
    }

    @AfterEach
    void stop() {
        process.close();
        replica.close();
        primary.close();
    }

    @Test
    void whatIsAcknowledgedSurvivesTheLossOfThePrimary() throws Exception {
        SpoolSession session = opened();
        for (long sequence = 1; sequence <= 200; sequence++) {
            appendUntilThere(session, sequence);
        }
        primary.kill();
        try (Jedis jedis = new Jedis(URI.create(replica.url(0)))) {
            jedis.replicaofNoOne();
        }

        try (TestLog promoted = open(replica, 0)) {
            assertThat(promoted.log().bounds(session.partition()).last()).isEqualTo(200);
            assertThat(promoted.log().read(session.partition(), 0, 500, Duration.ZERO).entries())
                    .hasSize(200);
        }
    }

    @Test
    void nothingIsAcknowledgedWithoutTheReplicaNotEvenAsDuplicate() throws Exception {
        SpoolSession session = opened();
        appendUntilThere(session, 1);

        replica.kill();

        assertThat(append(session, 2)).isEqualTo(new AppendOutcome.Unavailable());
        // The primary has it by now: only the replica is missing.
        assertThat(append(session, 2)).isEqualTo(new AppendOutcome.Unavailable());
        assertThat(process.log().open(agent, spool).get(60, TimeUnit.SECONDS))
                .isNotInstanceOf(OpenOutcome.Opened.class);

        replica.start();
        follow();
        assertThat(appendUntilThere(opened(), 2)).isEqualTo(new AppendOutcome.Duplicate());
        appendUntilThere(opened(), 3);
        assertThat(process.log().bounds(session.partition()).last()).isEqualTo(3);
    }

    private RedisServer server(String name) throws Exception {
        RedisServer server =
                new RedisServer(
                        new RedisServer.Options(
                                folder.resolve(name), Ports.free(), PASSWORD, "64mb"));
        server.start();
        return server;
    }

    private void follow() {
        try (Jedis jedis = new Jedis(URI.create(primary.url(0)))) {
            // A copy for the first replica need not wait for others.
            jedis.configSet("repl-diskless-sync-delay", "0");
        }
        try (Jedis jedis = new Jedis(URI.create(replica.url(0)))) {
            jedis.configSet("masterauth", PASSWORD);
            jedis.replicaof("127.0.0.1", primary.port());
        }
    }

    /** Short enough that a test can wait for it to pass. */
    private static TestLog open(RedisServer server, int replicas) throws InterruptedException {
        return TestLog.replicated(server.url(0), PARTITIONS, replicas, Duration.ofSeconds(5));
    }

    /** Tries again while the replica still copies. */
    private SpoolSession opened() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            if (process.log().open(agent, spool).get(60, TimeUnit.SECONDS)
                    instanceof OpenOutcome.Opened opened) {
                return opened.session();
            }
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** As an agent does: again, while a stalled disk keeps the replica from answering in time. */
    private AppendOutcome appendUntilThere(SpoolSession session, long sequence) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        AppendOutcome outcome = append(session, sequence);
        while (outcome instanceof AppendOutcome.Unavailable && System.nanoTime() < deadline) {
            outcome = append(session, sequence);
        }
        assertThat(outcome)
                .isInstanceOfAny(AppendOutcome.Stored.class, AppendOutcome.Duplicate.class);
        return outcome;
    }

    private AppendOutcome append(SpoolSession session, long sequence) throws Exception {
        return process.log()
                .append(
                        Append.batch(
                                session,
                                sequence,
                                new byte[1000],
                                new Append.Count(1, 1, 1, 0, "")))
                .get(60, TimeUnit.SECONDS);
    }
}
