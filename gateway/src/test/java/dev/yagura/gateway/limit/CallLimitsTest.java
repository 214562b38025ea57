package dev.yagura.gateway.limit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.error.LimitExceededException;
import dev.yagura.common.identity.Principal;
import dev.yagura.testkit.SettableClock;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CallLimitsTest {
    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final CallLimits limits = new CallLimits(new LimitConfig(5, 2, 10, 3), clock::nanoTime);

    @Test
    void aPrincipalMayBurstToTwiceItsRateThenWaitsAsTold() {
        Principal principal = Principal.service("a");
        for (int i = 0; i < 10; i++) {
            limits.takePrincipal(principal);
        }
        assertThatThrownBy(() -> limits.takePrincipal(principal))
                .isInstanceOfSatisfying(
                        LimitExceededException.class, error -> clock.advance(error.retryAfter()));
        assertThatCode(() -> limits.takePrincipal(principal)).doesNotThrowAnyException();
        assertThatCode(() -> limits.takePrincipal(Principal.service("b")))
                .doesNotThrowAnyException();
    }

    @Test
    void wrongAttemptsCloseTheAddressForAWhile() throws Exception {
        InetAddress address = InetAddress.getByName("192.0.2.1");
        for (int i = 0; i < 3; i++) {
            limits.requireAttempt(address);
            limits.failedAttempt(address);
        }
        assertThatThrownBy(() -> limits.requireAttempt(address))
                .isInstanceOf(LimitExceededException.class);
        assertThatCode(() -> limits.requireAttempt(InetAddress.getByName("192.0.2.2")))
                .doesNotThrowAnyException();
        clock.advance(Duration.ofSeconds(20));
        assertThatCode(() -> limits.requireAttempt(address)).doesNotThrowAnyException();
    }

    @Test
    void oneIpv6NetworkIsOneAddress() throws Exception {
        for (int i = 0; i < 20; i++) {
            limits.takeAddress(InetAddress.getByName("2001:db8::" + Integer.toHexString(i + 1)));
        }
        assertThatThrownBy(() -> limits.takeAddress(InetAddress.getByName("2001:db8::ffff")))
                .isInstanceOf(LimitExceededException.class);
    }

    @Test
    void aStreamThatEndsMakesRoomForAnother() {
        Principal principal = Principal.service("a");
        limits.openStream(principal);
        limits.openStream(principal);
        assertThatThrownBy(() -> limits.openStream(principal))
                .isInstanceOf(LimitExceededException.class);
        limits.closeStream(principal);
        assertThatCode(() -> limits.openStream(principal)).doesNotThrowAnyException();
    }
}
