package dev.yagura.sandbox.world;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Where an instance is in its life.
 *
 * @param changesAt when a passing state (pending, stopping, shutting-down) ends, or when a
 *     terminated instance is forgotten; far in the future for running and stopped
 */
public record Lifecycle(InstanceState state, Instant since, Instant changesAt) {
    /** A terminated instance stays visible for about an hour (EC2 user guide). */
    private static final Duration TERMINATED_VISIBLE = Duration.ofHours(1);

    public static Lifecycle passing(InstanceState state, Instant since, Duration lasts) {
        return new Lifecycle(state, since, since.plus(lasts));
    }

    public static Lifecycle lasting(InstanceState state, Instant since) {
        boolean ends = state == InstanceState.TERMINATED;
        return new Lifecycle(state, since, ends ? since.plus(TERMINATED_VISIBLE) : Instant.MAX);
    }

    /** The life after {@link #changesAt}, or empty if the instance is forgotten then. */
    public Optional<Lifecycle> next() {
        return state == InstanceState.TERMINATED
                ? Optional.empty()
                : Optional.of(lasting(state.settled(), changesAt));
    }
}
