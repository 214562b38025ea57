package dev.yagura.inventory.asset;

import dev.yagura.inventory.access.Visibility;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Active assets with their configurations; reads only. */
public interface RecordedAssets {
    /** Those that exist, by native id; of one type, account and region. */
    Map<String, RecordedAsset> find(AssetSet set, Collection<String> nativeIds);

    /** All of a type, account and region that are in these VPCs, by id. */
    List<RecordedAsset> inVpcs(AssetSet set, Collection<String> vpcIds);

    /** Those of a type above an id, by id. */
    List<RecordedAsset> list(
            String resourceType, Visibility visibility, Optional<UUID> after, int limit);
}
