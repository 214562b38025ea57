package dev.yagura.inventory.asset;

import dev.yagura.proto.type.v1.Scope;
import java.time.Instant;
import java.util.UUID;

/**
 * An active asset with its configuration, for those who judge it.
 *
 * @param configuration JSON as its source keeps it; empty when there is none, or it was too long
 */
public record RecordedAsset(
        UUID id,
        Scope scope,
        String resourceType,
        String nativeId,
        dev.yagura.proto.inventory.v1.Asset description,
        String configuration,
        Instant observedTime) {}
