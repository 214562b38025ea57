package dev.yagura.detection.incident;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Which incidents a caller wants and may see; absent means any.
 *
 * @param minSeverity number of the lowest severity; 0 for any
 * @param minPriority 0 for any; what has no known priority has any
 * @param state number of the state; 0 for any
 * @param accounts that the caller may see; empty means every account
 */
record IncidentQuery(
        Optional<UUID> hostId,
        Optional<String> instanceId,
        int minSeverity,
        int minPriority,
        int state,
        Set<String> accounts) {
    IncidentQuery {
        accounts = Set.copyOf(accounts);
    }

    /** Every incident of these accounts. */
    static IncidentQuery any(Set<String> accounts) {
        return new IncidentQuery(Optional.empty(), Optional.empty(), 0, 0, 0, accounts);
    }
}
