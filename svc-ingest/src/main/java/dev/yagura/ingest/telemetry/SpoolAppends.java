package dev.yagura.ingest.telemetry;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.ingest.log.Append;
import dev.yagura.ingest.log.AppendOutcome;
import dev.yagura.ingest.log.SpoolSession;
import dev.yagura.ingest.telemetry.TelemetryStream.Received;
import dev.yagura.proto.ingest.v1.AcknowledgementStatus;
import dev.yagura.proto.ingest.v1.BatchAcknowledgement;
import dev.yagura.proto.ingest.v1.LogEntry;
import dev.yagura.proto.ingest.v1.SequenceGap;
import dev.yagura.proto.ingest.v1.TelemetryBatch;
import dev.yagura.proto.type.v1.AgentIdentity;
import java.util.regex.Pattern;

/** Batches and gaps of an open spool: checked, appended, answered. */
final class SpoolAppends {
    private static final long MAX_SEQUENCE = 1L << 53;
    private static final String LOST_BEFORE_SPOOL = "before_spool";
    private static final Pattern REASON = Pattern.compile("[A-Za-z0-9_. -]{1,64}");

    private final Intake intake;
    private final TelemetryStream stream;
    private final AgentIdentity agent;
    private final String spoolId;
    private final SpoolSession session;
    private final TokenBucket rate;

    SpoolAppends(
            Intake intake,
            TelemetryStream stream,
            AgentIdentity agent,
            String spoolId,
            SpoolSession session,
            TokenBucket rate) {
        this.intake = intake;
        this.stream = stream;
        this.agent = agent;
        this.spoolId = spoolId;
        this.session = session;
        this.rate = rate;
    }

    void batch(Received received, TelemetryBatch batch, BatchInspector inspector) {
        requireSequence("batch.sequence", batch.getSequence());
        try {
            intake.check().check(agent, batch, inspector);
        } catch (RejectedBatchException e) {
            reject(received, batch, e);
            return;
        }
        long wait = rate.tryTake(batch.getEventCount());
        if (wait > 0) {
            stream.answered(received, Answers.retryAfter(batch.getSequence(), wait));
            return;
        }
        long lost = Integer.toUnsignedLong(batch.getDeclaredLost());
        Append append =
                Append.batch(
                        session,
                        batch.getSequence(),
                        entry(received, batch),
                        new Append.Count(
                                hour(received, batch.getFirstEventTimeNs()),
                                batch.getEventCount(),
                                batch.getEvents().size(),
                                lost,
                                LOST_BEFORE_SPOOL));
        append(
                received,
                append,
                stored(batch.getSequence()),
                () -> {
                    intake.metrics()
                            .stored(
                                    batch.getEventCount(),
                                    batch.getEvents().size(),
                                    intake.now() - received.receivedNanos());
                    intake.metrics().lost(lost);
                });
    }

    /** The agent's own bytes in the server's envelope. */
    private byte[] entry(Received received, TelemetryBatch batch) {
        return LogEntry.newBuilder()
                .setAgentId(agent.getAgentId())
                .setScope(agent.getScope())
                .setDevice(batch.getDevice())
                .setSpoolId(spoolId)
                .setSequence(batch.getSequence())
                .setReceivedTimeNs(received.receivedNanos())
                .setClockOffsetNs(received.offsetNanos())
                .setEventCount(batch.getEventCount())
                .setEvents(batch.getEvents())
                .setDeclaredLost(batch.getDeclaredLost())
                .build()
                .toByteArray();
    }

    /** The sequence number is used up, the events count as declared loss. */
    private void reject(Received received, TelemetryBatch batch, RejectedBatchException rejection) {
        long lost =
                Integer.toUnsignedLong(batch.getEventCount())
                        + Integer.toUnsignedLong(batch.getDeclaredLost());
        Append append =
                Append.loss(
                        session,
                        batch.getSequence(),
                        batch.getSequence(),
                        new Append.Count(
                                hour(received, batch.getFirstEventTimeNs()),
                                0,
                                0,
                                lost,
                                rejection.reason().ledgerName()));
        append(
                received,
                append,
                Answers.rejected(batch.getSequence(), String.valueOf(rejection.getMessage())),
                () -> intake.metrics().lost(lost));
    }

    void gap(Received received, SequenceGap gap) {
        requireSequence("gap.first_sequence", gap.getFirstSequence());
        requireSequence("gap.last_sequence", gap.getLastSequence());
        if (gap.getLastSequence() < gap.getFirstSequence()) {
            throw new InvalidFieldException(
                    "gap.last_sequence", "is below first_sequence", "send first, then last");
        }
        if (gap.getEvents() < 0 || gap.getEvents() > MAX_SEQUENCE) {
            throw new InvalidFieldException(
                    "gap.events", "is beyond 2^53", "send how many events were lost");
        }
        BatchAcknowledgement answer = stored(gap.getLastSequence());
        try {
            intake.check().checkDevice(agent, gap.getDevice());
        } catch (RejectedBatchException e) {
            answer = Answers.rejected(gap.getLastSequence(), String.valueOf(e.getMessage()));
        }
        Append append =
                Append.loss(
                        session,
                        gap.getFirstSequence(),
                        gap.getLastSequence(),
                        new Append.Count(
                                hour(received, gap.getTimeNs()),
                                0,
                                0,
                                gap.getEvents(),
                                reason(gap.getReason())));
        append(received, append, answer, () -> intake.metrics().lost(gap.getEvents()));
    }

    private static String reason(String text) {
        return REASON.matcher(text).matches() ? text : "other";
    }

    private static BatchAcknowledgement stored(long sequence) {
        return Answers.status(sequence, AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_STORED);
    }

    private void append(
            Received received, Append append, BatchAcknowledgement answer, Runnable counted) {
        stream.whenDone(
                intake.log().append(append),
                outcome -> answer(received, append.lastSequence(), outcome, answer, counted));
    }

    private void answer(
            Received received,
            long sequence,
            AppendOutcome outcome,
            BatchAcknowledgement done,
            Runnable counted) {
        switch (outcome) {
            case AppendOutcome.Stored stored -> {
                counted.run();
                stream.answered(received, done);
            }
            case AppendOutcome.Recorded() -> {
                counted.run();
                stream.answered(received, done);
            }
            case AppendOutcome.Duplicate() ->
                    stream.answered(
                            received,
                            Answers.status(
                                    sequence,
                                    AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_DUPLICATE));
            case AppendOutcome.Expected(long expected) ->
                    stream.answered(received, Answers.expected(sequence, expected));
            case AppendOutcome.Fenced() -> {
                stream.answered(received, null);
                stream.endForNewer();
            }
            case AppendOutcome.Full() -> stream.answered(received, heldBack(sequence));
            case AppendOutcome.Unavailable() -> stream.answered(received, heldBack(sequence));
        }
    }

    private BatchAcknowledgement heldBack(long sequence) {
        return Answers.retryAfter(sequence, intake.config().retryAfter().toMillis());
    }

    private static long hour(Received received, long sensorNanos) {
        return LedgerHours.of(sensorNanos, received.offsetNanos(), received.receivedNanos());
    }

    private static void requireSequence(String field, long sequence) {
        if (sequence < 1 || sequence > MAX_SEQUENCE) {
            throw new InvalidFieldException(
                    field, "is not from 1 to 2^53", "count batches of a spool from 1");
        }
    }
}
