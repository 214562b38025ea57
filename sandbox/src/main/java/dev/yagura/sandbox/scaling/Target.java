package dev.yagura.sandbox.scaling;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A target registered with a target group.
 *
 * @param id an instance or an address
 * @param zone of an address
 * @param state {@code initial}, {@code healthy}, {@code unhealthy}, {@code unused}, {@code
 *     draining}
 * @param changesAt when {@code initial} becomes {@code healthy} and {@code draining} ends; far in
 *     the future for a lasting state
 */
public record Target(String id, int port, @Nullable String zone, String state, Instant changesAt) {
    private static final String INITIAL = "initial";
    private static final String DRAINING = "draining";

    public static Target lasting(String id, int port, @Nullable String zone, String state) {
        return new Target(id, port, zone, state, Instant.MAX);
    }

    static Target registered(String id, int port, @Nullable String zone, Instant healthyAt) {
        return new Target(id, port, zone, INITIAL, healthyAt);
    }

    Target draining(Instant until) {
        return new Target(id, port, zone, DRAINING, until);
    }

    boolean isDraining() {
        return state.equals(DRAINING);
    }

    /** As it is at a time; empty when it is registered no more. */
    Optional<Target> at(Instant now) {
        if (now.isBefore(changesAt)) {
            return Optional.of(this);
        }
        return isDraining() ? Optional.empty() : Optional.of(lasting(id, port, zone, "healthy"));
    }

    String key() {
        return id + " " + port;
    }
}
