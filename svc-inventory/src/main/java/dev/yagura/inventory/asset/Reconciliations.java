package dev.yagura.inventory.asset;

import dev.yagura.common.identity.Principal;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.proto.type.v1.Scope;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Readings that are asked for; what reads assets answers. */
public interface Reconciliations {

    /**
     * What is asked for.
     *
     * @param scopes empty means all that are read and may be seen
     * @param resourceTypes empty means all that are read
     */
    record Request(UUID requestId, List<Scope> scopes, List<String> resourceTypes) {
        public Request {
            scopes = List.copyOf(scopes);
            resourceTypes = List.copyOf(resourceTypes);
        }
    }

    /** Stores it; the same request again finds what it stored. */
    Reconciliation start(Principal caller, Visibility visibility, Request request);

    /** With its sets. */
    Reconciliation get(UUID id, Visibility visibility);

    /** Those older than one, newest first, without their sets. */
    List<Reconciliation> list(Visibility visibility, Optional<UUID> before, int limit);
}
