package dev.yagura.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.UnauthenticatedException;
import dev.yagura.common.error.YaguraException;
import dev.yagura.common.identity.Principal;
import dev.yagura.gateway.stream.OpenCall;
import dev.yagura.gateway.stream.OpenCalls;
import dev.yagura.proto.type.v1.AgentIdentity;
import dev.yagura.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentAdmissionsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final SettableClock clock = new SettableClock(NOW);
    private final OpenCalls calls = new OpenCalls(clock);
    private final AgentAdmissions admissions =
            new AgentAdmissions(clock, calls, Settings.of("yagura.gateway", Map.of()));

    @Test
    void everybodyWaitsBeforeTheFirstSnapshot() {
        assertThatThrownBy(() -> admissions.admit(certificate("a", "key")))
                .isInstanceOf(DependencyUnavailableException.class);
    }

    @Test
    void knownAgentsStayForFiveMinutesAndNewOnesWait() {
        admissions.snapshot(Map.of("a", admission("a", "key", false)));
        admissions.away();
        clock.advance(Duration.ofMinutes(5).minusMillis(1));

        assertThat(admissions.admit(certificate("a", "key")).id()).isEqualTo("a");
        assertThatThrownBy(() -> admissions.admit(certificate("b", "key")))
                .isInstanceOf(DependencyUnavailableException.class);

        Call call = open("a");
        admissions.closeWhenTooLongAway();
        assertThat(call.ends).isEmpty();
        clock.advance(Duration.ofMillis(1));
        admissions.closeWhenTooLongAway();
        assertThat(call.ends)
                .hasOnlyElementsOfType(DependencyUnavailableException.class)
                .hasSize(1);
        assertThatThrownBy(() -> admissions.admit(certificate("a", "key")))
                .isInstanceOf(DependencyUnavailableException.class);
    }

    @Test
    void aRevocationOrAnotherKeyEndsTheStreams() {
        admissions.snapshot(
                Map.of("a", admission("a", "key", false), "b", admission("b", "key", false)));
        Call revoked = open("a");
        Call replaced = open("b");

        admissions.changed(admission("a", "key", true));
        admissions.changed(admission("b", "other", false));

        assertThat(revoked.ends).hasOnlyElementsOfType(UnauthenticatedException.class).hasSize(1);
        assertThat(replaced.ends).hasOnlyElementsOfType(UnauthenticatedException.class).hasSize(1);
        assertThatThrownBy(() -> admissions.admit(certificate("a", "key")))
                .hasMessageContaining("revoked");
        assertThatThrownBy(() -> admissions.admit(certificate("b", "key")))
                .isInstanceOf(UnauthenticatedException.class)
                .hasMessageContaining("replaced");
    }

    @Test
    void aNewSnapshotEndsWhoIsNotInIt() {
        admissions.snapshot(Map.of("a", admission("a", "key", false)));
        Call call = open("a");

        admissions.snapshot(Map.of());

        assertThat(call.ends).hasSize(1);
        assertThatThrownBy(() -> admissions.admit(certificate("a", "key")))
                .isInstanceOf(UnauthenticatedException.class);
    }

    @Test
    void aCertificateEndsAtItsTime() {
        admissions.snapshot(Map.of("a", admission("a", "key", false)));
        Call call = open("a");
        clock.advance(Duration.ofDays(1));

        calls.terminateExpired();

        assertThat(call.ends).hasOnlyElementsOfType(UnauthenticatedException.class).hasSize(1);
        assertThatThrownBy(() -> admissions.admit(certificate("a", "key")))
                .hasMessageContaining("expired");
    }

    private Call open(String agentId) {
        Call call = new Call(admissions.admit(certificate(agentId, "key")));
        calls.add(call);
        return call;
    }

    private static AgentCertificate certificate(String agentId, String key) {
        return new AgentCertificate(
                agentId, key, NOW.minus(Duration.ofHours(1)), NOW.plus(Duration.ofDays(1)));
    }

    private static Admission admission(String agentId, String key, boolean revoked) {
        return new Admission(AgentIdentity.newBuilder().setAgentId(agentId).build(), revoked, key);
    }

    private record Call(Principal principal, List<YaguraException> ends) implements OpenCall {
        Call(Principal principal) {
            this(principal, new ArrayList<>());
        }

        @Override
        public boolean isStream() {
            return true;
        }

        @Override
        public void terminate(YaguraException reason) {
            ends.add(reason);
        }
    }
}
