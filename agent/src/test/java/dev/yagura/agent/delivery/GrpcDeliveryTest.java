package dev.yagura.agent.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.yagura.agent.delivery.FakeLog.Fault;
import dev.yagura.agent.event.AgentCounters;
import dev.yagura.agent.event.Problems;
import dev.yagura.agent.failure.AgentFailure;
import dev.yagura.agent.spool.Spool;
import dev.yagura.agent.spool.SpoolConfig;
import dev.yagura.common.grpc.GrpcClientConfig;
import dev.yagura.common.grpc.GrpcClients;
import dev.yagura.common.grpc.GrpcServer;
import dev.yagura.common.grpc.GrpcServerConfig;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.proto.ingest.v1.TelemetryBatch;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.testkit.TestCertificates;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server over mutual TLS that stores, forgets, cuts and refuses. */
class GrpcDeliveryTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final DeliveryConfig CONFIG =
            new DeliveryConfig(
                    Duration.ofMillis(10),
                    Duration.ofMillis(100),
                    Duration.ofMillis(50),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(2));

    @TempDir Path folder;

    private final AgentCounters counters = new AgentCounters();
    private final Problems problems = new Problems();
    private final FakeLog log = new FakeLog();
    private TestCertificates certificates;
    private GrpcServer server;
    private Spool spool;

    @BeforeEach
    void start() throws Exception {
        certificates = new TestCertificates(folder, Clock.systemUTC());
        server =
                new GrpcServer(
                                new GrpcServerConfig(
                                        "localhost",
                                        0,
                                        512 * 1024,
                                        Duration.ofMillis(200),
                                        Duration.ofHours(1)),
                                TlsContexts.server(
                                        certificates.service("gateway"), ClientAuth.REQUIRE),
                                new GrpcServer.Parts(List.of(log), List.of(), null))
                        .start();
        spool =
                new Spool(
                        folder.resolve("spool"),
                        new SpoolConfig(1024 * 1024, 64 * 1024 * 1024, 0),
                        Clock.systemUTC(),
                        counters,
                        problems);
    }

    @AfterEach
    void stop() throws IOException {
        spool.close();
        server.close();
    }

    @Test
    void deliversEverythingInOrder() throws Exception {
        fill(200, 1_000);
        try (GrpcDelivery delivery = deliver()) {
            assertThat(delivery.awaitDrained(LONG)).isTrue();
        }
        assertThat(log.stored()).extracting(TelemetryBatch::getSequence).isSorted().hasSize(200);
        assertThat(log.stored()).allMatch(batch -> batch.getSentTimeNs() > 0);
        assertThat(counters.eventsAcknowledged()).isEqualTo(200);
    }

    @Test
    void losesNothingWhenStreamsAreCutAndAnswersLostAtRandom() throws Exception {
        Random random = new Random(5);
        log.faults(batch ->
                switch (random.nextInt(40)) {
                    case 0 -> Fault.CUT;
                    case 1 -> Fault.LOSE_ANSWER_AND_CUT;
                    case 2 -> Fault.RETRY_LATER;
                    case 3 -> Fault.DRAIN;
                    default -> Fault.NONE;
                });
        fill(400, 2_000);
        try (GrpcDelivery delivery = deliver()) {
            assertThat(delivery.awaitDrained(Duration.ofSeconds(60))).isTrue();
        }
        assertThat(log.streams()).isGreaterThan(3);
        assertThat(log.stored())
                .extracting(TelemetryBatch::getSequence)
                .doesNotHaveDuplicates()
                .hasSize(400);
        assertThat(log.gaps()).isEmpty();
        assertThat(counters.eventsLost()).isZero();
    }

    @Test
    void waitsAndRewindsWhenItIsHeldBack() throws Exception {
        Set<Long> heldBack = new HashSet<>();
        log.faults(batch ->
                batch.getSequence() % 10 == 3 && heldBack.add(batch.getSequence())
                        ? Fault.RETRY_LATER
                        : Fault.NONE);
        fill(50, 1_000);
        try (GrpcDelivery delivery = deliver()) {
            assertThat(delivery.awaitDrained(LONG)).isTrue();
        }
        assertThat(log.stored()).hasSize(50);
        assertThat(log.received()).isGreaterThan(50);
        assertThat(log.streams()).isEqualTo(1);
    }

    @Test
    void setsRejectedBatchesAsideAndGoesOn() throws Exception {
        log.faults(batch -> batch.getSequence() == 4 ? Fault.REJECT : Fault.NONE);
        fill(10, 1_000);
        try (GrpcDelivery delivery = deliver()) {
            assertThat(delivery.awaitDrained(LONG)).isTrue();
        }
        assertThat(log.rejected()).containsExactly(4L);
        assertThat(counters.eventsAcknowledged()).isEqualTo(9);
        assertThat(counters.eventsLost()).isEqualTo(1);
        assertThat(folder.resolve("rejected/00000000000000000004.reason")).hasContent("damaged");
        assertThat(problems.current()).anyMatch(text -> text.contains("damaged"));
    }

    @Test
    void declaresAGapWhenTheLogAsksForWhatIsGone() throws Exception {
        fill(10, 1_000);
        try (GrpcDelivery delivery = deliver()) {
            assertThat(delivery.awaitDrained(LONG)).isTrue();
        }
        reopenSpool();
        log.forget(6);
        fill(3, 1_000);
        try (GrpcDelivery delivery = deliver()) {
            assertThat(delivery.awaitDrained(LONG)).isTrue();
        }
        assertThat(log.gaps())
                .singleElement()
                .satisfies(gap -> {
                    assertThat(gap.getFirstSequence()).isEqualTo(7);
                    assertThat(gap.getLastSequence()).isEqualTo(10);
                    assertThat(gap.getDevice()).isEqualTo(device());
                });
        assertThat(log.stored()).extracting(TelemetryBatch::getSequence).endsWith(11L, 12L, 13L);
    }

    @Test
    void holdsItsMemoryFlatWhenTheLogDoesNotRead() throws Exception {
        log.stopReading();
        fill(300, 60_000);
        try (GrpcDelivery delivery = deliver()) {
            await(() -> delivery.state().connected());
            fill(300, 60_000);
            // 36 MB wait; what left the spool is bounded by the window of 1 MiB and the
            // transport's.
            assertThat(spool.waitingBatches()).isEqualTo(600);
            long used = usedMemory();
            fill(300, 60_000);
            assertThat(usedMemory() - used).isLessThan(8L * 1024 * 1024);
            assertThat(log.received()).isZero();
        }
    }

    @Test
    void endsWithAClearMessageWhenAnotherProcessSendsFromItsSpool() throws Exception {
        log.faults(batch -> Fault.FENCE);
        fill(3, 100);
        try (GrpcDelivery delivery = deliver()) {
            await(() -> delivery.state().ended());
            AgentFailure failure = delivery.state().failure().orElseThrow();
            assertThat(failure.kind()).isEqualTo(AgentFailure.Kind.REFUSED);
            assertThat(failure).hasMessageContaining("another process");
        }
        assertThat(spool.waitingBatches()).isEqualTo(3);
    }

    @Test
    void keepsTheSpoolWhileItIsRefusedAndGoesOnAfterwards() throws Exception {
        log.refuse(Status.UNAUTHENTICATED.withDescription("the agent was revoked"));
        fill(5, 100);
        try (GrpcDelivery delivery = deliver()) {
            await(() -> delivery.state().failure().isPresent());
            assertThat(delivery.state().failure().orElseThrow().kind())
                    .isEqualTo(AgentFailure.Kind.NOT_ALLOWED);
            assertThat(problems.current()).anyMatch(text -> text.contains("revoked"));
            assertThat(spool.waitingBatches()).isEqualTo(5);
            log.accept();
            assertThat(delivery.awaitDrained(LONG)).isTrue();
            assertThat(problems.current()).isEmpty();
        }
    }

    @Test
    void namesAWrongAuthority() throws Exception {
        Path other = java.nio.file.Files.createDirectory(folder.resolve("other"));
        TestCertificates strangers = new TestCertificates(other, Clock.systemUTC());
        try (GrpcDelivery delivery =
                deliver(
                        GrpcClients.channel(
                                clientConfig(), TlsContexts.client(strangers.agent("a"))))) {
            await(() -> delivery.state().failure().isPresent());
            assertThat(delivery.state().failure().orElseThrow()).hasMessageContaining("--ca");
        }
    }

    private GrpcDelivery deliver() throws Exception {
        return deliver(
                GrpcClients.channel(
                        clientConfig(), TlsContexts.client(certificates.agent("agent"))));
    }

    private GrpcDelivery deliver(ManagedChannel channel) {
        return new GrpcDelivery(
                channel,
                "localhost:" + server.port(),
                CONFIG,
                new DeliverySource(
                        spool,
                        new RejectedBatches(folder.resolve("rejected")),
                        device(),
                        "test",
                        counters,
                        problems,
                        Clock.systemUTC()));
    }

    private GrpcClientConfig clientConfig() {
        return new GrpcClientConfig(
                List.of(InetSocketAddress.createUnresolved("localhost", server.port())),
                Duration.ofSeconds(5));
    }

    private void reopenSpool() throws IOException {
        spool.close();
        spool =
                new Spool(
                        folder.resolve("spool"),
                        new SpoolConfig(1024 * 1024, 64 * 1024 * 1024, 0),
                        Clock.systemUTC(),
                        counters,
                        problems);
    }

    private void fill(int batches, int bytes) {
        byte[] blob = new byte[bytes];
        for (int i = 0; i < batches; i++) {
            assertThat(
                            spool.append(
                                    TelemetryBatch.newBuilder()
                                            .setDevice(device())
                                            .setEventCount(1)
                                            .setFirstEventTimeNs(1)
                                            .setEvents(ByteString.copyFrom(blob))))
                    .isTrue();
        }
    }

    private static Device device() {
        return Device.newBuilder().setHostId("9d5c1b5e-0000-5000-8000-000000000001").build();
    }

    private static long usedMemory() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("condition in time").isLessThan(deadline);
            spool.awaitChange(20);
        }
    }
}
