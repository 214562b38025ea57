package dev.yagura.bench.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.ingest.v1.AcknowledgementStatus;
import dev.yagura.proto.ingest.v1.BatchAcknowledgement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpoolStateTest {
    private final List<Long> durable = new ArrayList<>();
    private final SpoolState state =
            new SpoolState(
                    3,
                    new SpoolListener() {
                        @Override
                        public void sent(long sequence) {}

                        @Override
                        public void acknowledged(long sequence) {
                            durable.add(sequence);
                        }
                    });

    @Test
    void sendsNothingBeforeTheSpoolIsOpen() {
        state.allow(5);
        assertThat(state.maySend()).isFalse();
    }

    @Test
    void sendsAsManyBatchesAsMayBeInFlight() {
        state.allow(10);
        state.opened(1, 1000);

        assertThat(sendAll()).containsExactly(1L, 2L, 3L);
        answer(1, AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_STORED);
        assertThat(sendAll()).containsExactly(4L);
    }

    @Test
    void keepsTheLimitOfBytesInFlight() {
        state.allow(10);
        state.opened(1, 15);

        assertThat(sendAll()).containsExactly(1L, 2L);
    }

    @Test
    void sendsAgainFromTheFirstBatchThatWasHeldBack() {
        state.allow(10);
        state.opened(1, 1000);
        sendAll();
        answer(1, AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_STORED);
        answer(2, AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_RETRY_AFTER);

        assertThat(state.maySend()).isFalse();
        assertThat(state.isDrained()).isFalse();
        answer(3, AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_EXPECTED);
        assertThat(state.isDrained()).isTrue();
        assertThat(state.takeHoldMillis()).isEqualTo(40);
        state.rewind();

        assertThat(sendAll()).containsExactly(2L, 3L, 4L);
        assertThat(state.violation()).isEmpty();
    }

    @Test
    void takesWhatTheLogHasAsDurableAfterABreak() {
        state.allow(3);
        state.opened(1, 1000);
        sendAll();
        state.broken();
        state.opened(3, 1000);

        assertThat(durable).containsExactly(1L, 2L);
        assertThat(sendAll()).containsExactly(3L);
        answer(3, AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_DUPLICATE);
        assertThat(state.isDone()).isTrue();
    }

    @Test
    void noticesThatAnAcknowledgedBatchIsGone() {
        state.allow(3);
        state.opened(1, 1000);
        sendAll();
        answer(1, AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_STORED);
        answer(2, AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_STORED);
        state.broken();
        state.opened(2, 1000);

        assertThat(state.violation())
                .hasValueSatisfying(
                        text -> assertThat(text).contains("2 was acknowledged, it expects 2"));
    }

    @Test
    void noticesABatchStoredOutOfOrder() {
        state.allow(3);
        state.opened(1, 1000);
        sendAll();
        answer(2, AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_STORED);

        assertThat(state.violation())
                .hasValueSatisfying(text ->
                        assertThat(text).contains("2 was stored although 0 was the last one"));
    }

    @Test
    void deliversOnlyWhatWasSentAfterTheProducerStops() {
        state.allow(10);
        state.opened(1, 1000);
        sendAll();

        assertThat(state.stopProducing()).isEqualTo(3);
        answer(1, AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_STORED);
        assertThat(sendAll()).isEmpty();
        answer(2, AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_STORED);
        answer(3, AcknowledgementStatus.ACKNOWLEDGEMENT_STATUS_STORED);
        assertThat(state.isDone()).isTrue();
    }

    private List<Long> sendAll() {
        List<Long> sent = new ArrayList<>();
        while (state.maySend()) {
            sent.add(state.next());
            state.sent(10);
        }
        return sent;
    }

    private void answer(long sequence, AcknowledgementStatus status) {
        state.answered(
                BatchAcknowledgement.newBuilder()
                        .setSequence(sequence)
                        .setStatus(status)
                        .setRetryAfterMillis(40)
                        .build());
    }
}
