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

    /** All of a type in an account and region; at most so many, by id. */
    List<RecordedAsset> all(AssetSet set, int limit);

    /** Those of a type above an id, by id. */
    List<RecordedAsset> list(
            String resourceType, Visibility visibility, Optional<UUID> after, int limit);
}
