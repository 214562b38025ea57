package dev.yagura.agent.delivery;

import dev.yagura.common.grpc.DirectCallbacks;
import dev.yagura.proto.ingest.v1.AcknowledgementStatus;
import dev.yagura.proto.ingest.v1.BatchAcknowledgement;
import dev.yagura.proto.ingest.v1.SequenceGap;
import dev.yagura.proto.ingest.v1.ServerHint;
import dev.yagura.proto.ingest.v1.SpoolOpened;
import dev.yagura.proto.ingest.v1.StreamTelemetryRequest;
import dev.yagura.proto.ingest.v1.StreamTelemetryResponse;
import dev.yagura.proto.ingest.v1.TelemetryBatch;
import dev.yagura.proto.ingest.v1.TelemetryServiceGrpc;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The log's side of the contract: exactly the last stored + 1 is stored; faults on demand. */
@DirectCallbacks
public final class FakeLog extends TelemetryServiceGrpc.TelemetryServiceImplBase {
    private final List<TelemetryBatch> stored = new ArrayList<>();
    private final List<SequenceGap> gaps = new ArrayList<>();
    private final List<Long> rejected = new ArrayList<>();
    private long mark;
    private int streams;
    private int received;

    /** Asked before each batch; what to do instead of storing it. */
    private Function<TelemetryBatch, Fault> faults = batch -> Fault.NONE;

    private boolean reading = true;
    private Optional<Status> refusal = Optional.empty();

    /** What goes wrong with one batch. */
    public enum Fault {
        NONE,
        LOSE_ANSWER_AND_CUT,
        CUT,
        RETRY_LATER,
        REJECT,
        DRAIN,
        FENCE
    }

    public synchronized void faults(Function<TelemetryBatch, Fault> next) {
        faults = next;
    }

    /** Reads no message but the first of each stream. */
    public synchronized void stopReading() {
        reading = false;
    }

    public synchronized void refuse(Status status) {
        refusal = Optional.of(status);
    }

    public synchronized void accept() {
        refusal = Optional.empty();
    }

    /** As after a loss of its newest entries. */
    public synchronized void forget(long newMark) {
        mark = newMark;
        stored.removeIf(batch -> batch.getSequence() > newMark);
    }

    public synchronized List<TelemetryBatch> stored() {
        return List.copyOf(stored);
    }

    public synchronized List<SequenceGap> gaps() {
        return List.copyOf(gaps);
    }

    public synchronized List<Long> rejected() {
        return List.copyOf(rejected);
    }

    public synchronized long events() {
        return stored.stream().mapToLong(TelemetryBatch::getEventCount).sum();
    }

    public synchronized int streams() {
        return streams;
    }

    public synchronized int received() {
        return received;
    }

    @Override
    public StreamObserver<StreamTelemetryRequest> streamTelemetry(
            StreamObserver<StreamTelemetryResponse> responses) {
        ServerCallStreamObserver<StreamTelemetryResponse> answers =
                (ServerCallStreamObserver<StreamTelemetryResponse>) responses;
        answers.disableAutoRequest();
        answers.request(1);
        return new StreamObserver<>() {
            private boolean over;

            @Override
            public void onNext(StreamTelemetryRequest request) {
                synchronized (FakeLog.this) {
                    if (over) {
                        return;
                    }
                    over = !handle(request, answers);
                    if (!over && reading) {
                        answers.request(1);
                    }
                }
            }

            @Override
            public void onError(Throwable error) {
                over = true;
            }

            @Override
            public void onCompleted() {
                if (!over) {
                    answers.onCompleted();
                }
            }
        };
    }

    /** False when the stream is over. */
    private boolean handle(
            StreamTelemetryRequest request, StreamObserver<StreamTelemetryResponse> answers) {
        switch (request.getMessageCase()) {
            case OPEN -> {
                streams++;
                if (refusal.isPresent()) {
                    answers.onError(refusal.get().asException());
                    return false;
                }
                answers.onNext(
                        StreamTelemetryResponse.newBuilder()
                                .setOpened(
                                        SpoolOpened.newBuilder()
                                                .setExpectedSequence(mark + 1)
                                                .setMaxInFlightBytes(1024 * 1024))
                                .build());
            }
            case BATCH -> {
                return batch(request.getBatch(), answers);
            }
            case GAP -> gap(request.getGap(), answers);
            case MESSAGE_NOT_SET -> throw new AssertionError("an empty message");
        }
        return true;
    }

    private boolean batch(TelemetryBatch batch, StreamObserver<StreamTelemetryResponse> answers) {
        received++;
        long sequence = batch.getSequence();
        if (sequence <= mark) {
            answer(answers, sequence, AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_DUPLICATE);
            return true;
        }
        if (sequence > mark + 1) {
            expected(answers, sequence);
            return true;
        }
        Fault fault = faults.apply(batch);
        switch (fault) {
            case NONE, DRAIN -> {
                store(batch);
                answer(answers, sequence, AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_STORED);
                if (fault == Fault.DRAIN) {
                    answers.onNext(
                            StreamTelemetryResponse.newBuilder()
                                    .setHint(ServerHint.newBuilder().setReconnect(true))
                                    .build());
                }
            }
            case LOSE_ANSWER_AND_CUT -> {
                store(batch);
                answers.onError(Status.UNAVAILABLE.withDescription("cut").asException());
            }
            case CUT -> answers.onError(Status.UNAVAILABLE.withDescription("cut").asException());
            case RETRY_LATER ->
                    answers.onNext(
                            StreamTelemetryResponse.newBuilder()
                                    .setAcknowledgement(
                                            BatchAcknowledgement.newBuilder()
                                                    .setSequence(sequence)
                                                    .setRetryAfterMillis(20)
                                                    .setStatus(
                                                            AcknowledgementStatus
                                                                    .ACKNOWLEDGEMENT_STATUS_RETRY_AFTER))
                                    .build());
            case REJECT -> {
                mark = sequence;
                rejected.add(sequence);
                answers.onNext(
                        StreamTelemetryResponse.newBuilder()
                                .setAcknowledgement(
                                        BatchAcknowledgement.newBuilder()
                                                .setSequence(sequence)
                                                .setReason("damaged")
                                                .setStatus(
                                                        AcknowledgementStatus
                                                                .ACKNOWLEDGEMENT_STATUS_REJECTED))
                                .build());
            }
            case FENCE ->
                    answers.onError(Status.ABORTED.withDescription("a newer stream").asException());
        }
        return fault != Fault.CUT && fault != Fault.LOSE_ANSWER_AND_CUT && fault != Fault.FENCE;
    }

    private void store(TelemetryBatch batch) {
        stored.add(batch);
        mark = batch.getSequence();
    }

    private void gap(SequenceGap gap, StreamObserver<StreamTelemetryResponse> answers) {
        if (gap.getFirstSequence() != mark + 1) {
            expected(answers, gap.getLastSequence());
            return;
        }
        gaps.add(gap);
        mark = gap.getLastSequence();
        answer(answers, mark, AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_STORED);
    }

    private void expected(StreamObserver<StreamTelemetryResponse> answers, long sequence) {
        answers.onNext(
                StreamTelemetryResponse.newBuilder()
                        .setAcknowledgement(
                                BatchAcknowledgement.newBuilder()
                                        .setSequence(sequence)
                                        .setExpectedSequence(mark + 1)
                                        .setStatus(
                                                AcknowledgementStatus
                                                        .ACKNOWLEDGEMENT_STATUS_EXPECTED))
                        .build());
    }

    private static void answer(
            StreamObserver<StreamTelemetryResponse> answers,
            long sequence,
            AcknowledgementStatus status) {
        answers.onNext(
                StreamTelemetryResponse.newBuilder()
                        .setAcknowledgement(
                                BatchAcknowledgement.newBuilder()
                                        .setSequence(sequence)
                                        .setStatus(status))
                        .build());
    }
}
