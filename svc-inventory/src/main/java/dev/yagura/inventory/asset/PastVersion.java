package dev.yagura.inventory.asset;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What may change of an asset, as it was for some time.
 *
 * @param until when the next one began; null for what it is now
 */
record PastVersion(
        UUID assetId,
        Instant from,
        @Nullable Instant until,
        String instanceState,
        @Nullable Instant tombstoneTime,
        dev.yagura.proto.inventory.v1.Asset description) {}
