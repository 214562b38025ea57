package dev.yagura.ingest.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The small decisions of the intake. */
class IntakeDecisionsTest {
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);
    private static final long NOW = 490_000 * HOUR + 1;

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T12:00:00Z"));

    @Test
    void theLeastDelayedMessageTellsTheOffset() {
        ClockOffset offset = new ClockOffset();

        assertThat(offset.estimate(0, NOW)).isZero();
        assertThat(offset.estimate(NOW - HOUR, NOW + 900)).isEqualTo(HOUR + 900);
        assertThat(offset.estimate(NOW - HOUR, NOW + 100)).isEqualTo(HOUR + 100);
        assertThat(offset.estimate(NOW - HOUR, NOW + 5_000)).isEqualTo(HOUR + 100);
        assertThat(offset.estimate(NOW + HOUR, NOW)).isEqualTo(-HOUR);
    }

    @Test
    void aClockThatIsSetBackShowsAfterSixteenMessages() {
        ClockOffset offset = new ClockOffset();
        offset.estimate(NOW, NOW);
        for (int i = 0; i < 15; i++) {
            assertThat(offset.estimate(NOW - HOUR, NOW)).isZero();
        }

        assertThat(offset.estimate(NOW - HOUR, NOW)).isEqualTo(HOUR);
    }

    @Test
    void theHourIsOfTheCorrectedTime() {
        assertThat(LedgerHours.of(NOW - HOUR, HOUR, NOW)).isEqualTo(490_000);
        assertThat(LedgerHours.of(NOW - 2, 0, NOW)).isEqualTo(489_999);
        assertThat(LedgerHours.of(0, 0, NOW)).isEqualTo(490_000);
        assertThat(LedgerHours.of(Long.MAX_VALUE, 0, NOW)).isEqualTo(490_000);
        assertThat(LedgerHours.of(Long.MAX_VALUE, HOUR, NOW)).isEqualTo(490_000);
    }

    @Test
    void aBucketHoldsTwoSecondsAndRefills() {
        TokenBucket bucket = new TokenBucket(100, clock::nanoTime);

        assertThat(bucket.tryTake(200)).isZero();
        assertThat(bucket.tryTake(50)).isEqualTo(500);
        clock.advance(Duration.ofMillis(500));
        assertThat(bucket.tryTake(50)).isZero();
        assertThat(bucket.tryTake(1)).isEqualTo(10);
        clock.advance(Duration.ofHours(1));
        assertThat(bucket.tryTake(1_000)).isZero();
        assertThat(bucket.tryTake(1)).isPositive();
    }

    @Test
    void streamsOfAnAgentShareOneBucket() {
        AgentRates rates = new AgentRates(100, clock::nanoTime);
        TokenBucket first = rates.acquire("a");

        assertThat(rates.acquire("a")).isSameAs(first);
        assertThat(rates.acquire("b")).isNotSameAs(first);
        rates.release("a");
        assertThat(rates.acquire("a")).isSameAs(first);
        rates.release("a");
        rates.release("a");
        assertThat(rates.acquire("a")).isNotSameAs(first);
    }

    @Test
    void theBudgetIsNeverExceededAndWakesWhoWaits() {
        ByteBudget budget = new ByteBudget(100, Runnable::run);
        AtomicInteger woken = new AtomicInteger();
        Runnable waiting = woken::incrementAndGet;

        assertThat(budget.tryTake(80)).isTrue();
        assertThat(budget.tryTake(21)).isFalse();
        assertThat(budget.hasRoom(waiting)).isFalse();
        assertThat(budget.tryTake(20)).isTrue();
        budget.release(20);
        assertThat(woken).hasValue(0);
        budget.release(10);
        assertThat(woken).hasValue(1);
        assertThat(budget.hasRoom(waiting)).isTrue();
        assertThat(budget.used()).isEqualTo(70);
    }
}
