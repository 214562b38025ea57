package dev.yagura.inventory.software;

import dev.yagura.inventory.asset.SoftwareListing;
import dev.yagura.proto.type.v1.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What Systems Manager's inventory said of the hosts of each scope. */
interface SoftwareStore {

    /**
     * A host that may be asked for.
     *
     * @param captureTime of what is known of it; null where nothing is
     */
    record Due(UUID assetId, String instanceId, @Nullable Instant captureTime) {}

    /**
     * What is known of a host, and how.
     *
     * @param listed whether there is a list
     * @param captureTime of the list; null where it is not told
     * @param read whether Systems Manager was ever asked for it
     * @param leftOut entries that are not kept
     * @param failure why the last reading of its scope failed; empty when it did not
     */
    record Known(
            boolean listed,
            @Nullable Instant captureTime,
            boolean read,
            int leftOut,
            String failure) {}

    /**
     * Takes the scope for a reading.
     *
     * @param until when another reader may take over, unless it is renewed
     * @return false where it is not due, or it is not known yet what is managed
     */
    boolean begin(Scope scope, Instant now, Instant until);

    /**
     * Managed instances that were not asked for since. In any order: hosts that fail again and
     * again must not come before all others.
     */
    List<Due> due(Scope scope, Instant since);

    /**
     * What Systems Manager said of a host, unless something newer is known.
     *
     * @param asked when it was asked
     * @param until renews the reading
     */
    void save(Scope scope, UUID assetId, SoftwareAnswer answer, Instant asked, Instant until);

    /**
     * Every host was asked for; hosts that are gone are forgotten.
     *
     * @param due when the next may begin
     */
    void complete(Scope scope, Instant due);

    void fail(Scope scope, String reason, Instant due);

    /**
     * Deletes lists that no host has.
     *
     * @param kept for so long after a host was given it: one may be just about to have it
     */
    int forgetLists(Instant now, Duration kept);

    List<SoftwareListing.Entry> list(
            SoftwareListing.Query query, Optional<SoftwareListing.Place> after, int limit);

    Known known(Scope scope, UUID assetId);

    /**
     * Active hosts of each account. Looks at every host.
     *
     * @param outdated what was captured before
     */
    Map<String, SoftwareListing.Unsure> unsure(Instant outdated);
}
