package dev.yagura.inventory.asset;

import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.filter.Filter;
import dev.yagura.inventory.filter.FilterField;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which assets a client asks for.
 *
 * @param instanceId EC2 instance id; empty means any
 * @param nativeId of any type; empty means any
 * @param resourceType empty means any
 * @param tombstone whether it is gone; empty means either
 * @param filter what must hold beside all that
 */
record AssetSelection(
        Visibility visibility,
        String instanceId,
        String nativeId,
        String resourceType,
        Optional<Boolean> tombstone,
        Filter filter) {

    /** Without what may change of an asset. */
    AssetSelection atAnyTime() {
        return new AssetSelection(
                visibility, instanceId, nativeId, resourceType, Optional.empty(), Filter.ALL);
    }

    boolean matches(Asset asset) {
        return whole().matches(asset);
    }

    /** All of it as one filter. */
    Filter whole() {
        List<Filter> all = new ArrayList<>();
        if (!visibility.all()) {
            all.add(
                    new Filter.Or(
                            visibility.accountIds().stream()
                                    .sorted()
                                    .map(id -> equal(FilterField.ACCOUNT, id))
                                    .toList()));
        }
        if (!instanceId.isEmpty()) {
            all.add(equal(FilterField.NATIVE_ID, instanceId));
            all.add(equal(FilterField.RESOURCE_TYPE, Asset.INSTANCE));
        }
        if (!nativeId.isEmpty()) {
            all.add(equal(FilterField.NATIVE_ID, nativeId));
        }
        if (!resourceType.isEmpty()) {
            all.add(equal(FilterField.RESOURCE_TYPE, resourceType));
        }
        tombstone.ifPresent(
                gone -> all.add(equal(FilterField.STATE, gone ? "TOMBSTONE" : "ACTIVE")));
        all.add(filter);
        return new Filter.And(all);
    }

    private static Filter equal(FilterField field, String value) {
        return new Filter.Equal(field, value);
    }
}
