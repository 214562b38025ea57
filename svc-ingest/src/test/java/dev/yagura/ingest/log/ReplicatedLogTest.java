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
            assertThat(append(session, sequence)).isInstanceOf(AppendOutcome.Stored.class);
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
        assertThat(append(session, 1)).isInstanceOf(AppendOutcome.Stored.class);

        replica.kill();

        assertThat(append(session, 2)).isEqualTo(new AppendOutcome.Unavailable());
        // The primary has it by now: only the replica is missing.
        assertThat(append(session, 2)).isEqualTo(new AppendOutcome.Unavailable());
        assertThat(process.log().open(agent, spool).get(20, TimeUnit.SECONDS))
                .isNotInstanceOf(OpenOutcome.Opened.class);

        replica.start();
        follow();
        assertThat(append(opened(), 2)).isEqualTo(new AppendOutcome.Duplicate());
        assertThat(append(opened(), 3)).isEqualTo(new AppendOutcome.Stored(3));
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

    private static TestLog open(RedisServer server, int replicas) throws InterruptedException {
        return TestLog.open(server.url(0), PARTITIONS, LogConfig.Durability.FSYNC, replicas);
    }

    /** Tries again while the replica still copies. */
    private SpoolSession opened() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            if (process.log().open(agent, spool).get(20, TimeUnit.SECONDS)
                    instanceof OpenOutcome.Opened opened) {
                return opened.session();
            }
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private AppendOutcome append(SpoolSession session, long sequence) throws Exception {
        return process.log()
                .append(
                        Append.batch(
                                session,
                                sequence,
                                new byte[1000],
                                new Append.Count(1, 1, 1, 0, "")))
                .get(20, TimeUnit.SECONDS);
    }
}
