package dev.yagura.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.ingest.v1.BatchAcknowledgement;
import dev.yagura.proto.ingest.v1.SequenceGap;
import dev.yagura.proto.ingest.v1.SpoolOpen;
import dev.yagura.proto.ingest.v1.StreamTelemetryRequest;
import dev.yagura.proto.ingest.v1.StreamTelemetryResponse;
import dev.yagura.proto.ingest.v1.TelemetryBatch;
import dev.yagura.proto.ingest.v1.TelemetryServiceGrpc;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One stream of an agent, as its peer sees it. */
public final class TestAgent implements StreamObserver<StreamTelemetryResponse> {
    private static final int LIMIT_SECONDS = 60;

    private final LinkedBlockingQueue<StreamTelemetryResponse> answers =
            new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private final StreamObserver<StreamTelemetryRequest> requests;

    public TestAgent(Channel channel) {
        requests = TelemetryServiceGrpc.newStub(channel).streamTelemetry(this);
    }

    public long open(String spoolId) throws InterruptedException {
        return open(spoolId, TestBatches.now());
    }

    /** Opens the spool and returns the sequence number that the server expects. */
    public long open(String spoolId, long agentTimeNs) throws InterruptedException {
        send(
                StreamTelemetryRequest.newBuilder()
                        .setOpen(
                                SpoolOpen.newBuilder()
                                        .setSpoolId(spoolId)
                                        .setOldestSequence(1)
                                        .setAgentTimeNs(agentTimeNs))
                        .build());
        return next().getOpened().getExpectedSequence();
    }

    public void send(StreamTelemetryRequest request) {
        requests.onNext(request);
    }

    public void send(TelemetryBatch.Builder batch) {
        send(StreamTelemetryRequest.newBuilder().setBatch(batch).build());
    }

    public void send(SequenceGap gap) {
        send(StreamTelemetryRequest.newBuilder().setGap(gap).build());
    }

    public BatchAcknowledgement sendAndWait(TelemetryBatch.Builder batch)
            throws InterruptedException {
        send(batch);
        return acknowledgement();
    }

    public BatchAcknowledgement acknowledgement() throws InterruptedException {
        StreamTelemetryResponse answer = next();
        assertThat(answer.hasAcknowledgement()).as("%s", answer).isTrue();
        return answer.getAcknowledgement();
    }

    public StreamTelemetryResponse next() throws InterruptedException {
        StreamTelemetryResponse answer = answers.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertThat(answer).as("an answer; the stream's end is %s", end).isNotNull();
        return answer;
    }

    public void halfClose() {
        requests.onCompleted();
    }

    public void cancel() {
        requests.onError(Status.CANCELLED.asRuntimeException());
    }

    public Status end() throws Exception {
        return end.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    public boolean hasEnded() {
        return end.isDone();
    }

    @Override
    public void onNext(StreamTelemetryResponse answer) {
        answers.add(answer);
    }

    @Override
    public void onError(Throwable error) {
        end.complete(Status.fromThrowable(error));
    }

    @Override
    public void onCompleted() {
        end.complete(Status.OK);
    }
}
