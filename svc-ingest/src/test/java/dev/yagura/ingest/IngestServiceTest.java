package dev.yagura.ingest;

import static dev.yagura.proto.ingest.v1.AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_DUPLICATE;
import static dev.yagura.proto.ingest.v1.AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_EXPECTED;
import static dev.yagura.proto.ingest.v1.AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_REJECTED;
import static dev.yagura.proto.ingest.v1.AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_STORED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.yagura.ingest.log.EventLog;
import dev.yagura.ingest.log.LogPage;
import dev.yagura.ingest.log.RedisEventLog;
import dev.yagura.proto.ingest.v1.AppendCanaryRequest;
import dev.yagura.proto.ingest.v1.BatchAcknowledgement;
import dev.yagura.proto.ingest.v1.Canary;
import dev.yagura.proto.ingest.v1.CanaryAppend;
import dev.yagura.proto.ingest.v1.CommitPositionRequest;
import dev.yagura.proto.ingest.v1.EventFeedServiceGrpc;
import dev.yagura.proto.ingest.v1.GetLedgerRequest;
import dev.yagura.proto.ingest.v1.GetLogRequest;
import dev.yagura.proto.ingest.v1.GetLogResponse;
import dev.yagura.proto.ingest.v1.LedgerHour;
import dev.yagura.proto.ingest.v1.LedgerServiceGrpc;
import dev.yagura.proto.ingest.v1.ListLedgersRequest;
import dev.yagura.proto.ingest.v1.ListLedgersResponse;
import dev.yagura.proto.ingest.v1.LogEntry;
import dev.yagura.proto.ingest.v1.LossReason;
import dev.yagura.proto.ingest.v1.Position;
import dev.yagura.proto.ingest.v1.PositionedEntry;
import dev.yagura.proto.ingest.v1.ReadEventsRequest;
import dev.yagura.proto.ingest.v1.ReadEventsResponse;
import dev.yagura.proto.ingest.v1.SequenceGap;
import dev.yagura.proto.ingest.v1.StreamTelemetryRequest;
import dev.yagura.proto.ingest.v1.TelemetryBatch;
import dev.yagura.proto.type.v1.AgentIdentity;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.testkit.PostgresFixture;
import dev.yagura.testkit.RedisFixture;
import io.grpc.Channel;
import io.grpc.Status;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole service on real stores, over sockets with mutual TLS. */
class IngestServiceTest {
    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("ingest");
    @RegisterExtension static final RedisFixture REDIS = new RedisFixture();

    private static @TempDir Path folder;
    private static RunningIngest ingest;

    private final AgentIdentity agent = TestBatches.newAgent();
    private final String spool = UUID.randomUUID().toString();

    @BeforeAll
    static void startService() throws Exception {
        Map<String, String> settings = new HashMap<>(POSTGRES.settings());
        settings.put("yagura.ingest.log.url", REDIS.url());
        ingest = new RunningIngest(folder, settings);
    }

    @AfterAll
    static void stopService() {
        ingest.close();
    }

    @Test
    void storesABatchAndHandsItToConsumersAsSent() throws Exception {
        TestAgent stream = new TestAgent(ingest.asAgent(agent));
        assertThat(stream.open(spool)).isEqualTo(1);
        TelemetryBatch.Builder batch = TestBatches.batch(agent, 1);

        assertThat(stream.sendAndWait(batch).getStatus()).isEqualTo(ACKNOWLEDGEMENT_STATUS_STORED);

        LogEntry entry = entries(1).getFirst().getEntry();
        assertThat(entry.getEvents()).isEqualTo(batch.getEvents());
        assertThat(entry.getAgentId()).isEqualTo(agent.getAgentId());
        assertThat(entry.getScope()).isEqualTo(TestBatches.SCOPE);
        assertThat(entry.getDevice()).isEqualTo(batch.getDevice());
        assertThat(entry.getSpoolId()).isEqualTo(spool);
        assertThat(entry.getSequence()).isEqualTo(1);
        assertThat(entry.getEventCount()).isEqualTo(2);
        assertThat(entry.hasCanary()).isFalse();
    }

    @Test
    void acknowledgesAgainWhatWasStoredBefore() throws Exception {
        TestAgent first = new TestAgent(ingest.asAgent(agent));
        first.open(spool);
        first.sendAndWait(TestBatches.batch(agent, 1));
        first.cancel();

        TestAgent second = new TestAgent(ingest.asAgent(agent));
        assertThat(second.open(spool)).isEqualTo(2);
        assertThat(second.sendAndWait(TestBatches.batch(agent, 1)).getStatus())
                .isEqualTo(ACKNOWLEDGEMENT_STATUS_DUPLICATE);
        second.sendAndWait(TestBatches.batch(agent, 2));

        assertThat(entries(2))
                .extracting(entry -> entry.getEntry().getSequence())
                .containsExactly(1L, 2L);
    }

    @Test
    void asksForTheMissingBatch() throws Exception {
        TestAgent stream = new TestAgent(ingest.asAgent(agent));
        stream.open(spool);

        BatchAcknowledgement answer = stream.sendAndWait(TestBatches.batch(agent, 3));

        assertThat(answer.getStatus()).isEqualTo(ACKNOWLEDGEMENT_STATUS_EXPECTED);
        assertThat(answer.getExpectedSequence()).isEqualTo(1);
    }

    @Test
    void theNewestStreamEndsTheOlderOne() throws Exception {
        TestAgent older = new TestAgent(ingest.asAgent(agent));
        older.open(spool);
        TestAgent newer = new TestAgent(ingest.asAgent(agent));
        newer.open(spool);

        older.send(TestBatches.batch(agent, 1));

        assertThat(older.end().getCode()).isEqualTo(Status.Code.ABORTED);
        assertThat(newer.sendAndWait(TestBatches.batch(agent, 1)).getStatus())
                .isEqualTo(ACKNOWLEDGEMENT_STATUS_STORED);
    }

    @Test
    void refusesTheSpoolOfAnotherAgentOnTheSameHost() throws Exception {
        new TestAgent(ingest.asAgent(agent)).open(spool);
        AgentIdentity thief = agent.toBuilder().setAgentId("thief").build();
        TestAgent stream = new TestAgent(ingest.asAgent(thief));

        stream.send(open(spool));

        assertThat(stream.end().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    }

    @Test
    void refusesPeopleAndServices() throws Exception {
        assertThat(new TestAgent(ingest.asUser()).end().getCode())
                .isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(new TestAgent(ingest.asService()).end().getCode())
                .isEqualTo(Status.Code.PERMISSION_DENIED);
    }

    @Test
    void refusesAHostileFirstMessage() throws Exception {
        TestAgent batchFirst = new TestAgent(ingest.asAgent(agent));
        batchFirst.send(TestBatches.batch(agent, 1));
        TestAgent noUuid = new TestAgent(ingest.asAgent(agent));
        noUuid.send(open("../../log:meta"));
        TestAgent empty = new TestAgent(ingest.asAgent(agent));
        empty.send(StreamTelemetryRequest.getDefaultInstance());

        assertThat(batchFirst.end().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(noUuid.end().getDescription()).contains("open.spool_id");
        assertThat(empty.end().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void endsAStreamWithAMessageOverTheLimit() throws Exception {
        TestAgent stream = new TestAgent(ingest.asAgent(agent));
        stream.open(spool);

        stream.send(TestBatches.batch(agent, 1).setEvents(ByteString.copyFrom(new byte[300_000])));

        assertThat(stream.end().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void rejectedBatchesUseUpTheirNumberAndCountAsLoss() throws Exception {
        TestAgent stream = new TestAgent(ingest.asAgent(agent));
        stream.open(spool);
        Scope elsewhere = TestBatches.SCOPE.toBuilder().setAccountId("444455556666").build();

        rejected(stream, TestBatches.batch(agent, 1).setEvents(damaged()), "zstd");
        rejected(
                stream,
                TestBatches.batch(agent, 2).setDevice(TestBatches.device(TestBatches.newAgent())),
                "host_id");
        rejected(
                stream,
                TestBatches.batch(agent, 3)
                        .setDevice(TestBatches.device(agent).toBuilder().setScope(elsewhere)),
                "scope");
        assertThat(stream.sendAndWait(TestBatches.batch(agent, 4).setDeclaredLost(5)).getStatus())
                .isEqualTo(ACKNOWLEDGEMENT_STATUS_STORED);

        LedgerHour hour = ledger();
        assertThat(hour.getStored()).isEqualTo(2);
        assertThat(hour.getBatches()).isEqualTo(1);
        assertThat(hour.getDeclaredLost()).isEqualTo(3 * 2 + 5);
        assertThat(hour.getProduced()).isEqualTo(13);
        assertThat(hour.getLossesList())
                .containsExactly(
                        loss("before_spool", 5),
                        loss("damaged", 2),
                        loss("host_mismatch", 2),
                        loss("scope_mismatch", 2));
        assertThat(entries(1))
                .extracting(entry -> entry.getEntry().getSequence())
                .containsExactly(4L);
    }

    @Test
    void aGapIsDeclaredLoss() throws Exception {
        TestAgent stream = new TestAgent(ingest.asAgent(agent));
        stream.open(spool);

        stream.send(gap(1, 7, 700));
        assertThat(stream.acknowledgement().getStatus()).isEqualTo(ACKNOWLEDGEMENT_STATUS_STORED);
        stream.send(gap(1, 7, 700));
        assertThat(stream.acknowledgement().getStatus())
                .isEqualTo(ACKNOWLEDGEMENT_STATUS_DUPLICATE);
        stream.sendAndWait(TestBatches.batch(agent, 8));

        LedgerHour hour = ledger();
        assertThat(hour.getDeclaredLost()).isEqualTo(700);
        assertThat(hour.getLossesList()).containsExactly(loss("evicted", 700));
        assertThat(hour.getProduced()).isEqualTo(702);
    }

    @Test
    void correctsAClockThatIsOneHourOff() throws Exception {
        long behind = TimeUnit.HOURS.toNanos(1);
        TestAgent stream = new TestAgent(ingest.asAgent(agent));
        stream.open(spool, TestBatches.now() - behind);
        long before = TestBatches.now();
        stream.sendAndWait(
                TestBatches.batch(agent, 1)
                        .setSentTimeNs(TestBatches.now() - behind)
                        .setFirstEventTimeNs(TestBatches.now() - behind));
        long waited = TestBatches.now() - before;

        LogEntry entry = entries(1).getFirst().getEntry();
        assertThat(entry.getClockOffsetNs()).isBetween(behind - 1, behind + waited + slack());
        assertThat(ledger().getStored()).isEqualTo(2);
    }

    @Test
    void halfCloseEndsAfterTheLastAnswer() throws Exception {
        TestAgent stream = new TestAgent(ingest.asAgent(agent));
        stream.open(spool);
        for (int sequence = 1; sequence <= 50; sequence++) {
            stream.send(TestBatches.batch(agent, sequence));
        }
        stream.halfClose();

        assertThat(stream.end().getCode()).isEqualTo(Status.Code.OK);
        for (int sequence = 1; sequence <= 50; sequence++) {
            assertThat(stream.acknowledgement().getSequence()).isEqualTo(sequence);
        }
    }

    @Test
    void refusesPositionsOfAnotherLogAndBeyondTheTail() {
        Position beyond = position(ingest.bean(RedisEventLog.class).incarnation(), 1_000_000);

        assertThat(readFailure(position("other", 0))).isEqualTo(Status.Code.DATA_LOSS);
        assertThat(readFailure(beyond)).isEqualTo(Status.Code.DATA_LOSS);
        assertThat(readFailure(beyond.toBuilder().setPartition(64).build()))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void theFeedIsForServicesOnly() {
        assertThatThrownBy(() ->
                        EventFeedServiceGrpc.newBlockingStub(ingest.asUser())
                                .getLog(GetLogRequest.getDefaultInstance()))
                .hasMessageContaining("PERMISSION_DENIED");
        assertThatThrownBy(() ->
                        LedgerServiceGrpc.newBlockingStub(ingest.asAgent(agent))
                                .listLedgers(ListLedgersRequest.getDefaultInstance()))
                .hasMessageContaining("PERMISSION_DENIED");
    }

    @Test
    void canariesAreInEveryPartitionAndInNoLedger() throws Exception {
        Canary canary =
                Canary.newBuilder()
                        .setRound(7)
                        .setEvents(TestBatches.batch(agent, 1).getEvents())
                        .build();
        List<LedgerHour> before = ledgersOfAll();

        List<CanaryAppend> appends =
                EventFeedServiceGrpc.newBlockingStub(ingest.asService())
                        .appendCanary(AppendCanaryRequest.newBuilder().setCanary(canary).build())
                        .getAppendsList();

        RedisEventLog log = ingest.bean(RedisEventLog.class);
        assertThat(appends).hasSize(log.partitions());
        for (CanaryAppend append : appends) {
            assertThat(append.getProblem()).isEmpty();
            LogPage page =
                    log.read(
                            append.getPartition(),
                            append.getOffset() - 1,
                            1,
                            Duration.ofSeconds(5));
            LogEntry entry = LogEntry.parseFrom(page.entries().getFirst().bytes());
            assertThat(entry.getCanary()).isEqualTo(canary);
            assertThat(entry.getEvents()).isEmpty();
            assertThat(entry.getAgentId()).isEmpty();
        }
        assertThat(ledgersOfAll()).isEqualTo(before);
    }

    @Test
    void canariesAreOfDetectionAlone() {
        AppendCanaryRequest request =
                AppendCanaryRequest.newBuilder()
                        .setCanary(
                                Canary.newBuilder()
                                        .setEvents(TestBatches.batch(agent, 1).getEvents()))
                        .build();
        for (Channel caller :
                List.of(ingest.asUser(), ingest.asAgent(agent), ingest.asOtherService())) {
            assertThatThrownBy(() ->
                            EventFeedServiceGrpc.newBlockingStub(caller).appendCanary(request))
                    .hasMessageContaining("PERMISSION_DENIED");
        }
        assertThatThrownBy(() ->
                        EventFeedServiceGrpc.newBlockingStub(ingest.asService())
                                .appendCanary(AppendCanaryRequest.getDefaultInstance()))
                .hasMessageContaining("canary.events");
    }

    @Test
    void commitsPositionsOfThisLogOnly() {
        EventFeedServiceGrpc.EventFeedServiceBlockingStub feed =
                EventFeedServiceGrpc.newBlockingStub(ingest.asService());
        String incarnation = ingest.bean(RedisEventLog.class).incarnation();
        CommitPositionRequest good =
                CommitPositionRequest.newBuilder()
                        .setConsumer("other")
                        .addPositions(position(incarnation, 0))
                        .build();

        assertThat(feed.commitPosition(good)).isNotNull();
        assertThat(feed.commitPosition(good)).isNotNull();
        assertThatThrownBy(() ->
                        feed.commitPosition(
                                good.toBuilder()
                                        .setPositions(0, position(incarnation, 1L << 40))
                                        .build()))
                .hasMessageContaining("DATA_LOSS");
    }

    @Test
    void showsLedgersOfTheCallersAccountsOnly() throws Exception {
        TestAgent stream = new TestAgent(ingest.asAgent(agent));
        stream.open(spool);
        stream.sendAndWait(TestBatches.batch(agent, 1));

        assertThat(ledgers("111122223333")).hasSize(1);
        assertThat(ledgers("999999999999")).isEmpty();
    }

    @Test
    void isReadyWithTheStateOfItsStores() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://localhost:%d/health/ready"
                                                .formatted(ingest.httpPort())))
                        .timeout(Duration.ofSeconds(60))
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("\"redis\":\"connected\"");
            assertThat(answer.body()).contains("\"postgresql\":\"connected\"");
        }
    }

    private static long slack() {
        return TimeUnit.SECONDS.toNanos(120);
    }

    private static ByteString damaged() {
        ByteString whole = TestBatches.packed(TestBatches.events(2).toByteArray());
        return whole.substring(0, whole.size() - 5);
    }

    private static void rejected(TestAgent stream, TelemetryBatch.Builder batch, String reason)
            throws InterruptedException {
        BatchAcknowledgement answer = stream.sendAndWait(batch);
        assertThat(answer.getStatus()).isEqualTo(ACKNOWLEDGEMENT_STATUS_REJECTED);
        assertThat(answer.getReason()).contains(reason);
    }

    private SequenceGap gap(long first, long last, long events) {
        return SequenceGap.newBuilder()
                .setFirstSequence(first)
                .setLastSequence(last)
                .setEvents(events)
                .setTimeNs(TestBatches.now())
                .setReason("evicted")
                .setDevice(TestBatches.device(agent))
                .build();
    }

    private static StreamTelemetryRequest open(String spoolId) {
        StreamTelemetryRequest.Builder request = StreamTelemetryRequest.newBuilder();
        request.getOpenBuilder().setSpoolId(spoolId);
        return request.build();
    }

    private static LossReason loss(String reason, long events) {
        return LossReason.newBuilder().setReason(reason).setEvents(events).build();
    }

    private LedgerHour ledger() {
        return LedgerServiceGrpc.newBlockingStub(ingest.asUser())
                .getLedger(
                        GetLedgerRequest.newBuilder()
                                .setAgentId(agent.getAgentId())
                                .setHour(
                                        Timestamp.newBuilder()
                                                .setSeconds(TestBatches.now() / 1_000_000_000))
                                .build());
    }

    private List<LedgerHour> ledgers(String account) {
        ListLedgersResponse answer =
                LedgerServiceGrpc.newBlockingStub(ingest.asUser(account))
                        .listLedgers(
                                ListLedgersRequest.newBuilder()
                                        .setAgentId(agent.getAgentId())
                                        .build());
        return answer.getLedgersList();
    }

    private static List<LedgerHour> ledgersOfAll() {
        return LedgerServiceGrpc.newBlockingStub(ingest.asUser())
                .listLedgers(ListLedgersRequest.newBuilder().setPageSize(500).build())
                .getLedgersList();
    }

    private Position position(String incarnation, long offset) {
        return Position.newBuilder()
                .setPartition(ingest.bean(RedisEventLog.class).partitionOf(agent.getHostId()))
                .setIncarnation(incarnation)
                .setOffset(offset)
                .build();
    }

    private Status.Code readFailure(Position after) {
        Iterator<ReadEventsResponse> answers =
                EventFeedServiceGrpc.newBlockingStub(ingest.asService())
                        .withDeadlineAfter(60, TimeUnit.SECONDS)
                        .readEvents(ReadEventsRequest.newBuilder().setAfter(after).build());
        try {
            answers.next();
            return Status.Code.OK;
        } catch (io.grpc.StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
    }

    /** Reads the first entries of this agent. */
    private List<PositionedEntry> entries(int count) {
        EventLog log = ingest.bean(RedisEventLog.class);
        GetLogResponse shape =
                EventFeedServiceGrpc.newBlockingStub(ingest.asService())
                        .getLog(GetLogRequest.getDefaultInstance());
        assertThat(shape.getPartitions()).isEqualTo(64);
        assertThat(shape.getIncarnation()).isEqualTo(log.incarnation());
        List<PositionedEntry> found = new java.util.ArrayList<>();
        Iterator<ReadEventsResponse> answers =
                EventFeedServiceGrpc.newBlockingStub(ingest.asService())
                        .withDeadlineAfter(60, TimeUnit.SECONDS)
                        .readEvents(
                                ReadEventsRequest.newBuilder()
                                        .setAfter(position(shape.getIncarnation(), 0))
                                        .build());
        while (found.size() < count) {
            answers.next().getEntriesList().stream()
                    .filter(entry -> entry.getEntry().getAgentId().equals(agent.getAgentId()))
                    .forEach(found::add);
        }
        return found;
    }
}
