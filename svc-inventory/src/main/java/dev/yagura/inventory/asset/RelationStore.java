package dev.yagura.inventory.asset;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Relations from their other end: what an asset names is in its description. */
interface RelationStore {

    /**
     * Active assets of a type that name a reference.
     *
     * @param assetIds the first of them, by id
     * @param count how many there are, or the most that is counted
     */
    record Naming(UUID reference, String assetType, List<UUID> assetIds, int count) {
        public Naming {
            assetIds = List.copyOf(assetIds);
        }
    }

    /**
     * Keeps what saved assets are named by, and what they name; a tombstone names nothing. The last
     * call of a transaction but for the feed's.
     */
    void keep(Collection<Asset> assets);

    /** Assets by the references that name them; of several an active one. */
    Map<UUID, UUID> resolve(Collection<UUID> references);

    /**
     * Who names the references.
     *
     * @param types of assets; empty means every type
     * @param limit of ids, for each reference and type
     */
    List<Naming> naming(Collection<UUID> references, Collection<String> types, int limit);
}
