package dev.yagura.inventory.asset;

import java.time.Instant;
import java.util.List;

/** What AWS Config has kept of a resource: further back than the inventory. */
public interface RecordedHistory {

    /**
     * An item.
     *
     * @param seen what the resource was, or of one that was deleted its names
     * @param deleted whether it says that the resource is gone
     */
    record Item(Observation seen, boolean deleted) {}

    /**
     * Items, newest first.
     *
     * @param problem why they are not all of those that were asked for, for people; else empty
     */
    record Items(List<Item> items, String problem) {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** The newest that were captured before a time; never throws for what AWS answers. */
    Items before(AssetSet set, String nativeId, Instant time);
}
