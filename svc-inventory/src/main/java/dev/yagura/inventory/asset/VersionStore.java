package dev.yagura.inventory.asset;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Where it is kept what assets were. */
interface VersionStore {

    /** A version with its configuration. */
    record Whole(PastVersion version, String configuration) {}

    /**
     * Keeps what assets are that are about to be saved as something else; before they are saved, in
     * the same transaction. New ones have been nothing.
     */
    void keep(Collection<Asset> assets, Map<UUID, String> configurations);

    /** Versions that have ended since, of assets that had one at a time; by asset. */
    Map<UUID, PastVersion> at(Collection<UUID> assetIds, Instant time);

    /** JSON of the version that began then; empty when there is none. */
    String configuration(UUID assetId, Instant from);

    /** Versions that began before a time, what it is now among them; newest first. */
    List<Whole> before(UUID assetId, Instant time, int limit);

    /** Since when changes are kept. */
    Instant begin();

    /**
     * Deletes versions that ended before a time.
     *
     * @return how many
     */
    int forget(Instant horizon, int atOnce);
}
