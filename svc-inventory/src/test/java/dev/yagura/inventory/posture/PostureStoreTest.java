package dev.yagura.inventory.posture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.agent.AgentProtos;
import dev.yagura.proto.inventory.v1.Posture;
import dev.yagura.proto.inventory.v1.PostureVerdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rounds of judging and what they keep, on PostgreSQL. */
class PostureStoreTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final Instant START = Instant.parse("2026-11-27T03:00:00.000001Z");
    private static final String HOST = "assets/01a2";

    private PostureStore store;

    @BeforeEach
    void clear() {
        SERVICE.clear();
        store = SERVICE.bean(PostureStore.class);
    }

    @Test
    void turnThatFailsIsTakenAgainFromWhereItBegan() {
        store.begin(START, START);
        UUID last = UUID.randomUUID();
        store.turn(after -> turn(posture(START), Optional.of(last)), START);
        assertThatThrownBy(() ->
                        store.turn(
                                after -> {
                                    throw new IllegalStateException("died");
                                },
                                START))
                .hasMessageContaining("died");

        store.begin(START.plusSeconds(9), START.plusSeconds(9));
        assertThat(
                        store.turn(
                                after -> {
                                    assertThat(after).as("the same round goes on").contains(last);
                                    return new PostureStore.Turn(List.of(), Optional.empty());
                                },
                                START.plusSeconds(10)))
                .isTrue();
        assertThat(store.judged(START.plusSeconds(9))).isEmpty();
        assertThat(store.judged(START.plusSeconds(10))).contains(START);
        assertThat(store.newest(List.of(HOST))).containsKey(HOST);
    }

    @Test
    void oneReplicaHasTheTurnAndNoOtherRoundBegins() {
        assertThat(store.turn(after -> turn(posture(START), Optional.empty()), START))
                .as("no round was begun")
                .isFalse();
        store.begin(START, START);
        store.turn(
                after -> {
                    store.begin(START.plusSeconds(1), START.plusSeconds(1));
                    assertThat(store.turn(other -> turn(posture(START), other), START)).isFalse();
                    return turn(posture(START), Optional.empty());
                },
                START);
        store.begin(START.plusSeconds(5), START.minusSeconds(1));
        assertThat(store.turn(after -> turn(posture(START), after), START))
                .as("the last round began too lately")
                .isFalse();
    }

    @Test
    void eachVersionEndsWithTheNextAndIsForgottenByItsEnd() {
        store.begin(START, START);
        for (int i = 0; i < 3; i++) {
            Posture posture = posture(START.plusSeconds(i));
            store.turn(after -> turn(posture, Optional.of(new UUID(0, 1))), START);
        }
        assertThat(store.at(HOST, START.minusNanos(1000))).isEmpty();
        assertThat(store.at(HOST, START.plusMillis(1500))).contains(posture(START.plusSeconds(1)));
        assertThat(store.newest(List.of(HOST))).containsEntry(HOST, posture(START.plusSeconds(2)));

        assertThat(store.forget(START.plusMillis(1500), 10)).isEqualTo(1);
        assertThat(store.at(HOST, START.plusMillis(500))).isEmpty();
        assertThat(store.at(HOST, START.plusMillis(1500))).isPresent();
    }

    private static PostureStore.Turn turn(Posture posture, Optional<UUID> last) {
        return new PostureStore.Turn(List.of(posture), last);
    }

    private static Posture posture(Instant time) {
        return Posture.newBuilder()
                .setAsset(HOST)
                .setVerdict(PostureVerdict.POSTURE_VERDICT_ALLOW)
                .setEvaluateTime(AgentProtos.timestamp(time))
                .build();
    }
}
