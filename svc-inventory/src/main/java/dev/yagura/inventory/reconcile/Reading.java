package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.asset.AssetSet;
import java.util.UUID;

/**
 * One reading of a set of assets, by the replica that holds its lease.
 *
 * @param reader this replica
 * @param generation number of the reading
 * @param asked whether somebody waits for it
 */
public record Reading(AssetSet set, UUID reader, long generation, boolean asked) {

    Reading askedFor(boolean waited) {
        return new Reading(set, reader, generation, waited);
    }
}
