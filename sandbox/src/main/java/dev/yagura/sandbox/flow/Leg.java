package dev.yagura.sandbox.flow;

import dev.yagura.sandbox.world.NetworkInterface;
import org.jspecify.annotations.Nullable;

/**
 * How one interface handles a connection that passes it.
 *
 * @param rule the rule that lets it pass; null if connection tracking does
 */
record Leg(NetworkInterface eni, Handling handling, @Nullable EffectiveRule rule) {

    /** What the interface remembers of a connection. */
    enum Handling {
        /** Remembered; rules are not asked again until it idles out. */
        TRACKED,
        /** Not remembered: every packet, both ways, needs a rule. */
        UNTRACKED
    }
}
