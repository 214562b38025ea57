package dev.yagura.inventory.asset;

import dev.yagura.proto.type.v1.Scope;

/**
 * An asset as AWS calls it.
 *
 * @param text its id, name or ARN
 */
record ReferencedAsset(Scope scope, String resourceType, String text) {}
