package dev.yagura.ingest;

import static dev.yagura.proto.ingest.v1.AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_RETRY_AFTER;
import static dev.yagura.proto.ingest.v1.AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_STORED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.ingest.log.RedisEventLog;
import dev.yagura.proto.ingest.v1.BatchAcknowledgement;
import dev.yagura.proto.ingest.v1.EventFeedServiceGrpc;
import dev.yagura.proto.ingest.v1.Position;
import dev.yagura.proto.ingest.v1.ReadEventsRequest;
import dev.yagura.proto.ingest.v1.ReadEventsResponse;
import dev.yagura.proto.ingest.v1.TelemetryBatch;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.EventBatch;
import dev.yagura.proto.type.v1.AgentIdentity;
import dev.yagura.testkit.PostgresFixture;
import dev.yagura.testkit.process.Ports;
import dev.yagura.testkit.process.RedisServer;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import jakarta.enterprise.inject.spi.CDI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole service while its Redis dies, and while it drains itself. */
class IngestFaultsTest {
    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("ingest");

    private final AgentIdentity agent = TestBatches.newAgent();
    private final String spool = UUID.randomUUID().toString();
    private @TempDir Path folder;
    private RedisServer redis;
    private RunningIngest ingest;

    @BeforeEach
    void start() throws Exception {
        redis =
                new RedisServer(
                        new RedisServer.Options(
                                folder.resolve("redis"), Ports.free(), "secret", "128mb"));
        redis.start();
        Map<String, String> settings = new HashMap<>(POSTGRES.settings());
        settings.put("yagura.ingest.log.url", redis.url(0));
        settings.put("yagura.ingest.telemetry.retry-after", "PT0.02S");
        ingest = new RunningIngest(folder, settings);
    }

    @AfterEach
    void stop() {
        ingest.close();
        redis.close();
    }

    @Test
    void holdsAgentsBackWhileRedisIsAwayAndGoesOnByItself() throws Exception {
        TestAgent stream = new TestAgent(ingest.asAgent(agent));
        stream.open(spool);
        stream.sendAndWait(TestBatches.batch(agent, 1));

        redis.kill();
        BatchAcknowledgement away = stream.sendAndWait(TestBatches.batch(agent, 2));
        assertThat(away.getStatus()).isEqualTo(ACKNOWLEDGEMENT_STATUS_RETRY_AFTER);
        assertThat(away.getRetryAfterMillis()).isEqualTo(20);
        redis.start();

        BatchAcknowledgement answer = stream.sendAndWait(TestBatches.batch(agent, 2));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (answer.getStatus() == ACKNOWLEDGEMENT_STATUS_RETRY_AFTER
                && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(answer.getRetryAfterMillis()));
            answer = stream.sendAndWait(TestBatches.batch(agent, 2));
        }
        assertThat(answer.getStatus()).isEqualTo(ACKNOWLEDGEMENT_STATUS_STORED);
        assertThat(tail()).isEqualTo(2);
    }

    @Test
    void drainingAnswersWhatIsInFlightAndEndsTheStream() throws Exception {
        TestAgent stream = new TestAgent(ingest.asAgent(agent));
        stream.open(spool);
        for (int sequence = 1; sequence <= 20; sequence++) {
            stream.send(TestBatches.batch(agent, sequence));
        }
        stream.acknowledgement();

        CDI.current().getBeanManager().getEvent().fire(new ServiceServer.DrainStarted());

        assertThat(stream.end().getCode()).isEqualTo(Status.Code.OK);
        boolean hinted = false;
        long answered = 1;
        while (!hinted || answered < tail()) {
            var answer = stream.next();
            hinted |= answer.getHint().getReconnect();
            answered += answer.hasAcknowledgement() ? 1 : 0;
        }
        assertThat(answered).isEqualTo(tail());
    }

    @Test
    void aConsumerThatStallsGetsEverythingLater() throws Exception {
        TestAgent stream = new TestAgent(ingest.asAgent(agent));
        stream.open(spool);
        StalledReader reader = new StalledReader(beginning());
        int batches = 100;
        for (int sequence = 1; sequence <= batches; sequence++) {
            // Past what flow control, gRPC and the tail keep: the rest waits in Redis.
            assertThat(stream.sendAndWait(largeBatch(sequence)).getStatus())
                    .isEqualTo(ACKNOWLEDGEMENT_STATUS_STORED);
        }

        reader.call.request(Integer.MAX_VALUE);

        assertThat(reader.awaitOffset(batches)).isEqualTo(batches);
        assertThat(reader.entries.get()).isEqualTo(batches);
    }

    private TelemetryBatch.Builder largeBatch(int sequence) {
        byte[] noise = new byte[100_000];
        new Random(sequence).nextBytes(noise);
        EventBatch.Builder events = EventBatch.newBuilder().setSchemaMajor(1);
        for (int i = 0; i < 4; i++) {
            events.addEvents(
                    Event.newBuilder()
                            .setSource(
                                    HexFormat.of().formatHex(noise, i * 25_000, (i + 1) * 25_000)));
        }
        return TestBatches.batch(agent, sequence)
                .setEventCount(4)
                .setEvents(TestBatches.packed(events.build().toByteArray()));
    }

    private Position beginning() {
        RedisEventLog log = ingest.bean(RedisEventLog.class);
        return Position.newBuilder()
                .setIncarnation(log.incarnation())
                .setPartition(log.partitionOf(agent.getHostId()))
                .build();
    }

    /** Asks for nothing until the test does. */
    private final class StalledReader extends ClientCall.Listener<ReadEventsResponse> {
        final ClientCall<ReadEventsRequest, ReadEventsResponse> call =
                ingest.asService()
                        .newCall(EventFeedServiceGrpc.getReadEventsMethod(), CallOptions.DEFAULT);
        final AtomicLong entries = new AtomicLong();
        private final AtomicLong offset = new AtomicLong();

        StalledReader(Position after) {
            call.start(this, new Metadata());
            call.sendMessage(ReadEventsRequest.newBuilder().setAfter(after).build());
            call.halfClose();
        }

        @Override
        public void onMessage(ReadEventsResponse message) {
            entries.addAndGet(message.getEntriesCount());
            offset.set(message.getEntriesList().getLast().getOffset());
        }

        long awaitOffset(long wanted) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
            while (offset.get() < wanted && System.nanoTime() < deadline) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
            return offset.get();
        }
    }

    private long tail() {
        RedisEventLog log = ingest.bean(RedisEventLog.class);
        return log.bounds(log.partitionOf(agent.getHostId())).last();
    }
}
