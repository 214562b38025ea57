package dev.yagura.inventory.enrollment;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.error.LimitExceededException;
import dev.yagura.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class GuessLimitTest {
    @Test
    void wrongTokensUseUpTheMinuteAndTimeFillsIt() {
        SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
        GuessLimit limit = new GuessLimit(3, clock);
        for (int i = 0; i < 3; i++) {
            limit.requireRoom();
            limit.wrong();
        }
        assertThatThrownBy(limit::requireRoom).isInstanceOf(LimitExceededException.class);
        clock.advance(Duration.ofSeconds(20));
        assertThatCode(limit::requireRoom).doesNotThrowAnyException();
        limit.wrong();
        assertThatThrownBy(limit::requireRoom).isInstanceOf(LimitExceededException.class);
    }
}
