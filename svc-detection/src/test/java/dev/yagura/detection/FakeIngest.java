package dev.yagura.detection;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import dev.yagura.common.error.PositionLostException;
import dev.yagura.common.grpc.ErrorInterceptor;
import dev.yagura.common.grpc.GrpcServer;
import dev.yagura.common.grpc.GrpcServerConfig;
import dev.yagura.common.grpc.ServerStreams;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.proto.ingest.v1.AppendCanaryRequest;
import dev.yagura.proto.ingest.v1.AppendCanaryResponse;
import dev.yagura.proto.ingest.v1.CanaryAppend;
import dev.yagura.proto.ingest.v1.CommitPositionRequest;
import dev.yagura.proto.ingest.v1.CommitPositionResponse;
import dev.yagura.proto.ingest.v1.EventFeedServiceGrpc;
import dev.yagura.proto.ingest.v1.GetLogRequest;
import dev.yagura.proto.ingest.v1.GetLogResponse;
import dev.yagura.proto.ingest.v1.LogEntry;
import dev.yagura.proto.ingest.v1.PartitionBounds;
import dev.yagura.proto.ingest.v1.Position;
import dev.yagura.proto.ingest.v1.PositionedEntry;
import dev.yagura.proto.ingest.v1.ReadEventsRequest;
import dev.yagura.proto.ingest.v1.ReadEventsResponse;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.EventBatch;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A log in memory behind the real contract, on a real gRPC server. */
public final class FakeIngest implements AutoCloseable {
    public static final int PARTITIONS = 4;

    private int declaredLost; // guarded by lock
    private int stuck = -1; // guarded by lock
    private boolean full; // guarded by lock
    private final TlsFiles tls;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition appended = lock.newCondition();
    private final Map<Integer, List<LogEntry>> partitions = new HashMap<>();
    private final Map<String, Long> sequences = new HashMap<>();
    private final Map<Integer, Position> floors = new ConcurrentHashMap<>();
    private String incarnation = "first";
    private int entriesAPage = 16;
    private int port;
    private @Nullable GrpcServer server;

    public FakeIngest(TlsFiles tls) {
        this.tls = tls;
    }

    public FakeIngest start() throws IOException {
        server =
                new GrpcServer(
                                new GrpcServerConfig(
                                        "127.0.0.1",
                                        port,
                                        1 << 20,
                                        Duration.ofMillis(200),
                                        Duration.ofHours(1)),
                                TlsContexts.server(tls, ClientAuth.REQUIRE),
                                new GrpcServer.Parts(
                                        List.of(new Endpoint()),
                                        List.of(new ErrorInterceptor()),
                                        null))
                        .start();
        port = server.port();
        return this;
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    /** How many entries one answer has. */
    public void entriesAPage(int count) {
        entriesAPage = count;
    }

    /** Where the consumer would read again. */
    public Map<Integer, Position> floors() {
        return floors;
    }

    public static int partition(Device host) {
        return Math.floorMod(host.getHostId().hashCode(), PARTITIONS);
    }

    /** Appends one batch of the host's agent. */
    public void append(Device host, List<Event> events) {
        append(host, 0, events);
    }

    public void append(Device host, long clockOffsetNs, List<Event> events) {
        EventBatch batch = EventBatch.newBuilder().setSchemaMajor(1).addAllEvents(events).build();
        append(host, clockOffsetNs, events.size(), Zstd.compress(batch.toByteArray()));
    }

    public void append(Device host, long clockOffsetNs, int count, byte[] blob) {
        lock.lock();
        try {
            long sequence = sequences.merge(host.getHostId(), 1L, Long::sum);
            entries(partition(host))
                    .add(
                            LogEntry.newBuilder()
                                    .setAgentId("agent-" + host.getInstanceId())
                                    .setScope(host.getScope())
                                    .setDevice(host)
                                    .setSpoolId("spool")
                                    .setSequence(sequence)
                                    .setReceivedTimeNs(TestEvents.START_NS + sequence)
                                    .setClockOffsetNs(clockOffsetNs)
                                    .setEventCount(count)
                                    .setEvents(ByteString.copyFrom(blob))
                                    .setDeclaredLost(declaredLost)
                                    .build());
            declaredLost = 0;
            appended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What the agent says, with its next batch, that it lost before it. */
    public void declareLost(int events) {
        lock.lock();
        try {
            declaredLost = events;
        } finally {
            lock.unlock();
        }
    }

    /** From now on no entry of the partition is given out; -1 for none. */
    public void stick(int partition) {
        lock.lock();
        try {
            stuck = partition;
            appended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Rounds of canaries in a partition. */
    public List<Long> canaries(int partition) {
        lock.lock();
        try {
            return entries(partition).stream()
                    .filter(LogEntry::hasCanary)
                    .map(entry -> entry.getCanary().getRound())
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is no room for canaries. */
    public void fill(boolean isFull) {
        lock.lock();
        try {
            full = isFull;
        } finally {
            lock.unlock();
        }
    }

    /** Sequence numbers that never come. */
    public void skip(Device host, long batches) {
        lock.lock();
        try {
            sequences.merge(host.getHostId(), batches, Long::sum);
        } finally {
            lock.unlock();
        }
    }

    /** Another log with the same entries, as after a restore. */
    public void restored(String newIncarnation) {
        lock.lock();
        try {
            incarnation = newIncarnation;
            appended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private List<LogEntry> entries(int partition) {
        return partitions.computeIfAbsent(partition, missing -> new ArrayList<>());
    }

    private final class Endpoint extends EventFeedServiceGrpc.EventFeedServiceImplBase {
        @Override
        public void getLog(GetLogRequest request, StreamObserver<GetLogResponse> observer) {
            GetLogResponse.Builder answer = GetLogResponse.newBuilder().setPartitions(PARTITIONS);
            lock.lock();
            try {
                answer.setIncarnation(incarnation);
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    answer.addBounds(
                            PartitionBounds.newBuilder()
                                    .setPartition(partition)
                                    .setFirstOffset(1)
                                    .setLastOffset(entries(partition).size()));
                }
            } finally {
                lock.unlock();
            }
            observer.onNext(answer.build());
            observer.onCompleted();
        }

        @Override
        public void readEvents(
                ReadEventsRequest request, StreamObserver<ReadEventsResponse> observer) {
            ServerStreams.serve(
                    observer,
                    sink -> {
                        long after = request.getAfter().getOffset();
                        while (!sink.isEnded()) {
                            ReadEventsResponse page = page(request.getAfter(), after);
                            if (page.getEntriesCount() > 0) {
                                after += page.getEntriesCount();
                                sink.send(page);
                            }
                        }
                    });
        }

        @Override
        public void appendCanary(
                AppendCanaryRequest request, StreamObserver<AppendCanaryResponse> observer) {
            AppendCanaryResponse.Builder answer = AppendCanaryResponse.newBuilder();
            lock.lock();
            try {
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    CanaryAppend.Builder append = CanaryAppend.newBuilder().setPartition(partition);
                    if (full) {
                        append.setProblem("the event log is full");
                    } else {
                        entries(partition)
                                .add(
                                        LogEntry.newBuilder()
                                                .setReceivedTimeNs(nowNs())
                                                .setCanary(request.getCanary())
                                                .build());
                        append.setOffset(entries(partition).size());
                    }
                    answer.addAppends(append);
                }
                appended.signalAll();
            } finally {
                lock.unlock();
            }
            observer.onNext(answer.build());
            observer.onCompleted();
        }

        private static long nowNs() {
            Instant now = Instant.now();
            return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        }

        private ReadEventsResponse page(Position from, long after) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                List<LogEntry> all = entries(from.getPartition());
                if (after == all.size() || stuck == from.getPartition()) {
                    appended.await(50, TimeUnit.MILLISECONDS);
                }
                if (stuck == from.getPartition()) {
                    return ReadEventsResponse.getDefaultInstance();
                }
                if (!from.getIncarnation().equals(incarnation) || after > all.size()) {
                    throw new PositionLostException("no such position: " + from);
                }
                ReadEventsResponse.Builder page =
                        ReadEventsResponse.newBuilder().setLastOffset(all.size());
                all.stream()
                        .skip(after)
                        .limit(entriesAPage)
                        .forEach(entry ->
                                page.addEntries(
                                        PositionedEntry.newBuilder()
                                                .setOffset(after + page.getEntriesCount() + 1)
                                                .setEntry(entry)));
                return page.build();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void commitPosition(
                CommitPositionRequest request, StreamObserver<CommitPositionResponse> observer) {
            request.getReplayFloorsList().forEach(floor -> floors.put(floor.getPartition(), floor));
            observer.onNext(CommitPositionResponse.getDefaultInstance());
            observer.onCompleted();
        }
    }
}
