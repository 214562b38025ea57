package dev.yagura.inventory;

import dev.yagura.testkit.SettableClock;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The service's clock in tests: stands still until a test moves it. */
@ApplicationScoped
@Alternative
@Priority(1)
public class TestClock {
    public static final SettableClock CLOCK =
            new SettableClock(Instant.now().truncatedTo(ChronoUnit.MICROS));

    @Produces
    @Singleton
    Clock clock() {
        return CLOCK;
    }
}
