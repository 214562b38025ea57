package dev.yagura.inventory.reconcile;

import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads which instances of a scope Systems Manager manages, and now and then their patch states.
 */
@ApplicationScoped
class NodeReader {
    /** Patch states change once a day: reading them every minute would double the calls. */
    private static final Duration PATCHES_EVERY = Duration.ofMinutes(5);

    private final NodeSource source;
    private final NodeStore store;
    private final Clock clock;

    @Inject
    NodeReader(NodeSource source, NodeStore store, Clock clock) {
        this.source = source;
        this.store = store;
        this.clock = clock;
    }

    /** All of it or nothing: what a failed reading has seen is not kept. */
    void read(Scope scope) {
        Instant asked = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Map<String, ManagedNode> nodes;
        try {
            nodes = source.nodes(scope);
        } catch (RuntimeException e) {
            store.fail(scope, ReadFailures.logged(scope, "ssm:DescribeInstanceInformation", e));
            return;
        }
        store.replace(scope, nodes.values(), asked);
        if (arePatchesDue(scope, asked)) {
            readPatches(scope, nodes.keySet(), asked);
        }
    }

    private boolean arePatchesDue(Scope scope, Instant now) {
        return store.patchesRead(scope)
                .map(read -> Duration.between(read, now).compareTo(PATCHES_EVERY) >= 0)
                .orElse(true);
    }

    /** Apart from the nodes: where the role may not read them, all the rest is known. */
    private void readPatches(Scope scope, Set<String> instanceIds, Instant asked) {
        List<PatchState> states;
        try {
            states = source.patches(scope, List.copyOf(instanceIds));
        } catch (RuntimeException e) {
            store.failPatches(
                    scope, ReadFailures.logged(scope, "ssm:DescribeInstancePatchStates", e));
            return;
        }
        store.replacePatches(scope, states, asked);
    }
}
