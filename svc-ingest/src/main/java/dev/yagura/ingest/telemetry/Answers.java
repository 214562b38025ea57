package dev.yagura.ingest.telemetry;

import dev.yagura.proto.ingest.v1.AcknowledgementStatus;
import dev.yagura.proto.ingest.v1.BatchAcknowledgement;
import dev.yagura.proto.ingest.v1.ServerHint;
import dev.yagura.proto.ingest.v1.SpoolOpened;
import dev.yagura.proto.ingest.v1.StreamTelemetryResponse;

/** Messages to agents. */
final class Answers {
    static final StreamTelemetryResponse RECONNECT =
            StreamTelemetryResponse.newBuilder()
                    .setHint(ServerHint.newBuilder().setReconnect(true))
                    .build();

    private Answers() {}

    static StreamTelemetryResponse opened(long expected, long now, TelemetryConfig limits) {
        return StreamTelemetryResponse.newBuilder()
                .setOpened(
                        SpoolOpened.newBuilder()
                                .setExpectedSequence(expected)
                                .setServerTimeNs(now)
                                .setMaxEventsPerBatch(limits.maxEventsPerBatch())
                                .setMaxBatchBytes(limits.maxBatchBytes())
                                .setMaxInFlightBytes(limits.streamBytes()))
                .build();
    }

    static BatchAcknowledgement status(long sequence, AcknowledgementStatus status) {
        return BatchAcknowledgement.newBuilder().setSequence(sequence).setStatus(status).build();
    }

    static BatchAcknowledgement rejected(long sequence, String reason) {
        return BatchAcknowledgement.newBuilder()
                .setSequence(sequence)
                .setStatus(AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_REJECTED)
                .setReason(reason)
                .build();
    }

    static BatchAcknowledgement retryAfter(long sequence, long millis) {
        return BatchAcknowledgement.newBuilder()
                .setSequence(sequence)
                .setStatus(AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_RETRY_AFTER)
                .setRetryAfterMillis((int) Math.min(millis, Integer.MAX_VALUE))
                .build();
    }

    static BatchAcknowledgement expected(long sequence, long expected) {
        return BatchAcknowledgement.newBuilder()
                .setSequence(sequence)
                .setStatus(AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_EXPECTED)
                .setExpectedSequence(expected)
                .build();
    }
}
