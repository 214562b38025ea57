package dev.yagura.common.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.yagura.proto.ingest.v1.EventFeedServiceGrpc;
import dev.yagura.proto.ingest.v1.LogEntry;
import dev.yagura.proto.ingest.v1.PositionedEntry;
import dev.yagura.proto.ingest.v1.ReadEventsRequest;
import dev.yagura.proto.ingest.v1.ReadEventsResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerStreamsTest {
    private static final int MESSAGES = 2_000;
    private static final int MESSAGE_BYTES = 32 * 1024;

    /** Both flow-control windows and what gRPC buffers past "ready", with room. */
    private static final int UNREAD_AT_MOST = 4 * 1024 * 1024 / MESSAGE_BYTES;

    private @TempDir Path folder;
    private final Firehose firehose = new Firehose();
    private GrpcServer server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        TestPeers peers = new TestPeers(folder);
        server =
                new GrpcServer(
                                TestPeers.serverConfig(),
                                TlsContexts.server(peers.service("ingest"), ClientAuth.REQUIRE),
                                new GrpcServer.Parts(
                                        List.of(firehose), List.of(new ErrorInterceptor()), null))
                        .start();
        channel =
                GrpcClients.channel(
                        TestPeers.clientConfig(server.port()),
                        TlsContexts.client(peers.service("detection")));
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
    }

    @Test
    void aReceiverThatStopsReadingHoldsTheSender() throws Exception {
        Reader reader = new Reader(channel);
        reader.request(10);
        reader.awaitReceived(10);
        int sentWhileStalled = firehose.awaitStall();

        assertThat(sentWhileStalled).isLessThan(10 + UNREAD_AT_MOST);

        reader.request(MESSAGES);
        reader.closed.get(30, TimeUnit.SECONDS);
        assertThat(reader.received.get()).isEqualTo(MESSAGES);
        assertThat(firehose.sent.get()).isEqualTo(MESSAGES);
    }

    @Test
    void endsTheBodyWhenTheReceiverLeaves() throws Exception {
        Reader reader = new Reader(channel);
        reader.request(1);
        reader.awaitReceived(1);
        firehose.awaitStall();

        reader.call.cancel("test", null);

        assertThat(firehose.ended.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void tellsTheReceiverOfWhatNobodyDeclared() throws Exception {
        firehose.failure = new IOException("thrown past its declaration");
        Reader reader = new Reader(channel);
        assertThat(reader.closed.get(30, TimeUnit.SECONDS).getCode())
                .isEqualTo(Status.Code.INTERNAL);
    }

    /** Sends as fast as it is let. */
    private static final class Firehose extends EventFeedServiceGrpc.EventFeedServiceImplBase {
        final AtomicInteger sent = new AtomicInteger();
        final CountDownLatch ended = new CountDownLatch(1);
        volatile @Nullable Exception failure;

        @Override
        public void readEvents(
                ReadEventsRequest request, StreamObserver<ReadEventsResponse> observer) {
            ServerStreams.serve(
                    observer,
                    sink -> {
                        @Nullable Exception thrown = failure;
                        if (thrown != null) {
                            throw Firehose.<RuntimeException>unchecked(thrown);
                        }
                        try {
                            for (int i = 0; i < MESSAGES; i++) {
                                sink.send(message());
                                sent.incrementAndGet();
                            }
                        } finally {
                            ended.countDown();
                        }
                    });
        }

        /** As interceptors throw what the method does not declare. */
        @SuppressWarnings("unchecked")
        private static <E extends Exception> E unchecked(Exception error) throws E {
            throw (E) error;
        }

        /** Waits until nothing was sent for a while; returns how much was. */
        int awaitStall() {
            int before = -1;
            int unchanged = 0;
            while (unchanged < 20) {
                int now = sent.get();
                unchanged = now == before ? unchanged + 1 : 0;
                before = now;
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
            return before;
        }

        private static ReadEventsResponse message() {
            return ReadEventsResponse.newBuilder()
                    .addEntries(
                            PositionedEntry.newBuilder()
                                    .setEntry(
                                            LogEntry.newBuilder()
                                                    .setEvents(
                                                            ByteString.copyFrom(
                                                                    new byte[MESSAGE_BYTES]))))
                    .build();
        }
    }

    /** Reads only what it asked for. */
    private static final class Reader extends ClientCall.Listener<ReadEventsResponse> {
        final ClientCall<ReadEventsRequest, ReadEventsResponse> call;
        final AtomicInteger received = new AtomicInteger();
        final CompletableFuture<Status> closed = new CompletableFuture<>();

        Reader(ManagedChannel channel) {
            call = channel.newCall(EventFeedServiceGrpc.getReadEventsMethod(), CallOptions.DEFAULT);
            call.start(this, new Metadata());
            call.sendMessage(ReadEventsRequest.getDefaultInstance());
            call.halfClose();
        }

        void request(int count) {
            call.request(count);
        }

        void awaitReceived(int count) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (received.get() < count && System.nanoTime() < deadline) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
            assertThat(received.get()).isGreaterThanOrEqualTo(count);
        }

        @Override
        public void onMessage(ReadEventsResponse message) {
            received.incrementAndGet();
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            closed.complete(status);
        }
    }
}
