package dev.yagura.inventory.asset;

import dev.yagura.proto.type.v1.Scope;
import java.util.UUID;

/**
 * The host that an agent enrols for.
 *
 * @param resourceType {@link Asset#INSTANCE} or {@link Asset#HOST}
 * @param nativeId instance id, or the machine id that the agent sent
 */
public record EnrolledHost(Scope scope, String resourceType, String nativeId, String hostname) {

    /** Asset id; telemetry carries it. */
    public UUID id() {
        return Asset.id(scope, resourceType, nativeId);
    }
}
