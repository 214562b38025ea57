package dev.yagura.ingest.feed;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.Replies;
import dev.yagura.common.grpc.ServerStreams;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.identity.Principal;
import dev.yagura.ingest.log.Bounds;
import dev.yagura.ingest.log.LogPage;
import dev.yagura.ingest.log.RedisEventLog;
import dev.yagura.ingest.log.StoredEntry;
import dev.yagura.proto.ingest.v1.AppendCanaryRequest;
import dev.yagura.proto.ingest.v1.AppendCanaryResponse;
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
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/** The log to the platform's services. */
@ApplicationScoped
class EventFeedEndpoint implements EventFeedServiceGrpc.AsyncService, BindableService {
    /** Bounds how late a stream sees that its receiver is gone or the server drains. */
    private static final Duration WAIT = Duration.ofSeconds(1);

    private final RedisEventLog log;
    private final EventFeed feed;
    private final ConsumerPositions positions;
    private final CanaryAppends canaries;
    private volatile boolean draining;

    @Inject
    EventFeedEndpoint(
            RedisEventLog log,
            EventFeed feed,
            ConsumerPositions positions,
            CanaryAppends canaries) {
        this.log = log;
        this.feed = feed;
        this.positions = positions;
        this.canaries = canaries;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return EventFeedServiceGrpc.bindService(this);
    }

    void drain(@Observes ServiceServer.DrainStarted event) {
        draining = true;
    }

    @Override
    public void getLog(GetLogRequest request, StreamObserver<GetLogResponse> observer) {
        Callers.current().requireService();
        Replies.unary(observer, this::describe);
    }

    private GetLogResponse describe() {
        GetLogResponse.Builder answer =
                GetLogResponse.newBuilder()
                        .setIncarnation(log.incarnation())
                        .setPartitions(log.partitions());
        List<Bounds> bounds = log.bounds();
        for (int partition = 0; partition < bounds.size(); partition++) {
            answer.addBounds(
                    PartitionBounds.newBuilder()
                            .setPartition(partition)
                            .setFirstOffset(bounds.get(partition).first())
                            .setLastOffset(bounds.get(partition).last()));
        }
        return answer.build();
    }

    @Override
    public void readEvents(ReadEventsRequest request, StreamObserver<ReadEventsResponse> observer) {
        Callers.current().requireService();
        ServerStreams.serve(
                observer,
                sink -> {
                    EventFeed.Reader reader = feed.from(position(request.getAfter()));
                    while (!draining && !sink.isEnded()) {
                        LogPage page = reader.next(WAIT);
                        if (!page.entries().isEmpty()) {
                            sink.send(message(page));
                        }
                    }
                });
    }

    private static ReadEventsResponse message(LogPage page) {
        ReadEventsResponse.Builder message =
                ReadEventsResponse.newBuilder().setLastOffset(page.last());
        for (StoredEntry entry : page.entries()) {
            message.addEntries(
                    PositionedEntry.newBuilder()
                            .setOffset(entry.offset())
                            .setEntry(entry(entry.bytes())));
        }
        return message.build();
    }

    /** The blob is shared with the bytes from Redis, not copied. */
    private static LogEntry entry(byte[] bytes) {
        CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
        in.enableAliasing(true);
        try {
            return LogEntry.parseFrom(in);
        } catch (IOException e) {
            throw new UncheckedIOException("the log holds what no ingest wrote", e);
        }
    }

    @Override
    public void commitPosition(
            CommitPositionRequest request, StreamObserver<CommitPositionResponse> observer) {
        Callers.current().requireService();
        Replies.unary(
                observer,
                () -> {
                    positions.commit(
                            request.getConsumer(),
                            positions(request.getPositionsList()),
                            positions(request.getReplayFloorsList()));
                    return CommitPositionResponse.getDefaultInstance();
                });
    }

    @Override
    public void appendCanary(
            AppendCanaryRequest request, StreamObserver<AppendCanaryResponse> observer) {
        Principal caller = Callers.current();
        Replies.unary(observer, () -> canaries.append(request.getCanary(), caller));
    }

    private static List<LogPosition> positions(List<Position> messages) {
        return messages.stream().map(EventFeedEndpoint::position).toList();
    }

    private static LogPosition position(Position message) {
        return new LogPosition(
                message.getPartition(), message.getIncarnation(), message.getOffset());
    }
}
