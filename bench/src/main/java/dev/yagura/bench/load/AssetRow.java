package dev.yagura.bench.load;

import dev.yagura.proto.inventory.v1.Asset;
import java.util.Set;
import java.util.UUID;

/**
 * A generated asset.
 *
 * @param description what its source says
 * @param configuration as AWS Config keeps it
 * @param references other ids that it is found by
 * @param named ids of what it names
 */
record AssetRow(
        UUID id,
        AssetKind kind,
        String nativeId,
        String instanceState,
        Asset description,
        String configuration,
        Set<UUID> references,
        Set<UUID> named) {
    AssetRow {
        references = Set.copyOf(references);
        named = Set.copyOf(named);
    }
}
