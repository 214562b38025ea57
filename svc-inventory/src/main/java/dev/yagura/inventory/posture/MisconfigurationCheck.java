package dev.yagura.inventory.posture;

import dev.yagura.inventory.asset.RecordedAsset;
import dev.yagura.proto.inventory.v1.MisconfigurationSeverity;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One way of setting something up badly. All of them are the customer's side of shared
 * responsibility: AWS's own side is never an asset here.
 *
 * @param id as filters name it
 * @param resourceType that it is looked for in
 * @param judge what is bad, in words, and what mends it; empty where nothing is, or it is not known
 */
record MisconfigurationCheck(
        String id, String resourceType, MisconfigurationSeverity severity, Judge judge) {

    /** Looks at one asset. */
    @FunctionalInterface
    interface Judge {
        Optional<Bad> of(RecordedAsset asset);
    }

    /** What is bad, and what mends it. */
    record Bad(String detail, String remedy) {}

    /** An asset that is badly set up. */
    record Found(
            MisconfigurationCheck check,
            RecordedAsset asset,
            Bad bad,
            @Nullable Instant observed) {}
}
