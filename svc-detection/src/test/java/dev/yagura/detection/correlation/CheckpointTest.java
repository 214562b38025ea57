package dev.yagura.detection.correlation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.detection.alert.Nanos;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CheckpointTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final Duration LATENESS = Duration.ofHours(1);

    @Test
    void closesWhatWasNewestALatenessAgo() {
        Checkpoint first = seen(Checkpoint.begin(NOON), NOON.minusSeconds(5), NOON);
        Instant early = NOON.plus(Duration.ofMinutes(59));
        assertThat(first.closes(early, LATENESS)).isEmpty();
        Checkpoint second = seen(first, early, early);
        Instant later = NOON.plus(Duration.ofMinutes(60));
        assertThat(second.closes(later, LATENESS)).hasValue(Nanos.of(NOON.minusSeconds(5)));
        Checkpoint third = seen(second, later, later);
        assertThat(third.closes(later.plusSeconds(1), LATENESS)).isEmpty();
        assertThat(third.closes(later.plus(LATENESS), LATENESS)).hasValue(Nanos.of(later));
    }

    @Test
    void anOldLogBringsNoLateEvents() {
        Checkpoint newestFirst =
                seen(Checkpoint.begin(NOON), NOON.minus(Duration.ofHours(1)), NOON);
        assertThat(newestFirst.closes(NOON.plusSeconds(20), LATENESS)).isEmpty();
    }

    @Test
    void anEventFromTheFutureClosesNoMoreThanWasPast() {
        Checkpoint first = seen(Checkpoint.begin(NOON), NOON.plus(Duration.ofDays(365)), NOON);
        assertThat(first.closes(NOON.plus(LATENESS), LATENESS)).hasValue(Nanos.of(NOON));
    }

    private static Checkpoint seen(Checkpoint before, Instant event, Instant now) {
        return before.seen(Nanos.of(event)).next(now, LATENESS);
    }
}
