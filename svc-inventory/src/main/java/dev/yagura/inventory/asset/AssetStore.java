package dev.yagura.inventory.asset;

import dev.yagura.inventory.access.Visibility;
import dev.yagura.proto.type.v1.Scope;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Where assets are kept, with the feed of their changes. */
interface AssetStore {
    Optional<Asset> find(UUID id);

    /** Those that exist, by id. */
    Map<UUID, Asset> findAll(Collection<UUID> ids);

    /**
     * Assets above an id, by id.
     *
     * @param next where the next page begins; empty after the last
     */
    record Page(List<Asset> assets, Optional<UUID> next) {
        public Page {
            assets = List.copyOf(assets);
        }
    }

    /** A page; it may have fewer than the limit, for what is looked at for one is bounded. */
    Page list(AssetSelection selection, Optional<UUID> after, int limit);

    /** Active instances, hosts, tasks and functions above an id, by id. */
    List<Asset> protectable(Visibility visibility, Optional<UUID> after, int limit);

    /** JSON as its source keeps it; empty when there is none. */
    String configuration(UUID id);

    /** Writes new and changed assets. */
    void save(Collection<Asset> assets);

    /** Writes configurations of saved assets; lists never read them, for they may be large. */
    void configure(Map<UUID, String> configurations);

    /** Of saved assets, those with another configuration than this one. */
    Set<UUID> configuredOtherwise(Map<UUID, String> configurations);

    /** They were read again, and nothing about them is new. */
    void touch(Collection<UUID> ids, Instant observedTime, long generation);

    /** Those of the ids that were written when fewer things were kept to find them by. */
    Set<UUID> unindexed(Collection<UUID> ids);

    /**
     * Native ids of active assets that the reading did not see, or saw terminated.
     *
     * @param generation of the reading
     * @param listed what no reading has had yet counts if it was told no later
     */
    List<String> doubtful(AssetSet set, long generation, Instant listed);

    /** Inserts the asset unless it exists. */
    void insertIfAbsent(Asset asset);

    /** The agent belongs to the host, whether that is an asset yet or not. */
    void link(UUID agentId, UUID assetId, Scope scope);

    /** Tells watchers; the last call of a transaction. */
    void announce(Collection<UUID> ids);
}
