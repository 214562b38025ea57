package dev.yagura.inventory.asset;

import dev.yagura.inventory.access.Visibility;
import dev.yagura.proto.type.v1.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is installed on hosts; what reads Systems Manager's inventory answers. */
public interface SoftwareListing {

    /**
     * What is asked for.
     *
     * @param asset a host; empty means any
     * @param name in any case; empty means any
     * @param version as it is written; empty means any
     */
    record Query(Visibility visibility, Optional<UUID> asset, String name, String version) {}

    /**
     * What is on a host.
     *
     * @param place where it is in lists
     * @param nativeId of the host
     * @param installTime null where it is not told
     * @param captureTime null where it is not told
     */
    record Entry(
            Place place,
            Scope scope,
            String nativeId,
            @Nullable Instant installTime,
            @Nullable Instant captureTime) {}

    /** By host, then by name in lower case, then by these texts. */
    record Place(
            UUID assetId,
            String name,
            String version,
            String release,
            String architecture,
            String publisher) {}

    /**
     * Some of them.
     *
     * @param next where the next page goes on after; empty with the last one
     */
    record Page(List<Entry> entries, Optional<Place> next) {
        public Page {
            entries = List.copyOf(entries);
        }
    }

    /**
     * Hosts that an answer may be wrong of.
     *
     * @param unknown of which nothing is known
     * @param outdated captured too long ago
     * @param cut with more than is kept
     */
    record Unsure(int unknown, int outdated, int cut) {
        public Unsure plus(Unsure other) {
            return new Unsure(unknown + other.unknown, outdated + other.outdated, cut + other.cut);
        }
    }

    Page list(Query query, Optional<Place> after, int size);

    /**
     * Why nothing, or not all, is known of a host's software; empty while there is no doubt.
     *
     * @throws dev.yagura.common.error.NotFoundException there is no such asset
     * @throws dev.yagura.common.error.PreconditionFailedException it is no host
     */
    String problem(UUID assetId, Visibility visibility);

    /** Of active hosts; counted once a minute. */
    Unsure unsure(Visibility visibility);
}
