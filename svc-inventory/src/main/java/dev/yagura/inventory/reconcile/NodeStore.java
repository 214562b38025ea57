package dev.yagura.inventory.reconcile;

import dev.yagura.proto.type.v1.Scope;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What Systems Manager said of the instances of each scope. */
public interface NodeStore {

    /**
     * Makes a complete reading what is known; one that began before the newest changes nothing.
     *
     * @param managed every node of the scope
     * @param asked when the reading began
     */
    void replace(Scope scope, Collection<ManagedNode> managed, Instant asked);

    /** A reading failed; what was known stays. */
    void fail(Scope scope, String reason);

    /** Nodes of these assets, also those that are no longer managed. */
    Map<UUID, ManagedNode> find(Collection<UUID> assetIds);

    /** Of every scope that was ever tried. */
    List<NodeKnowledge> knowledge();

    /**
     * Makes a complete reading of the patch states what is known; one that began before the newest
     * changes nothing. Instances without one were never looked at.
     */
    void replacePatches(Scope scope, Collection<PatchState> states, Instant asked);

    /** A reading of the patch states failed; what was known stays. */
    void failPatches(Scope scope, String reason);

    /** When the last complete reading of the patch states began; empty before the first. */
    Optional<Instant> patchesRead(Scope scope);

    /** Of an instance of the scope. */
    Map<UUID, PatchKnowledge> patches(Scope scope, Collection<UUID> assetIds);
}
