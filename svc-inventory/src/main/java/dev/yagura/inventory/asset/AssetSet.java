package dev.yagura.inventory.asset;

import dev.yagura.inventory.access.Scopes;
import dev.yagura.proto.type.v1.Scope;
import java.util.UUID;

/** All assets of one type in one account and region: what one reading covers. */
public record AssetSet(Scope scope, String resourceType) {

    public UUID id(String nativeId) {
        return Asset.id(scope, resourceType, nativeId);
    }

    /** "partition:account:region type". */
    public String text() {
        return Scopes.text(scope) + " " + resourceType;
    }
}
