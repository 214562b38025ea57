package dev.yagura.sandbox.flow;

import dev.yagura.sandbox.world.NetworkInterface;
import java.util.Optional;

/** What interfaces remember of one connection at one moment. */
@FunctionalInterface
interface Memory {
    /** Of a connection that nobody has seen. */
    Memory NONE = eni -> Optional.empty();

    Optional<Leg.Handling> of(NetworkInterface eni);
}
