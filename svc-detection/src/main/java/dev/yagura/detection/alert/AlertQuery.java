package dev.yagura.detection.alert;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Which alerts a caller wants and may see; absent means any.
 *
 * @param minSeverity number of the lowest severity; 0 for any
 * @param technique also finds its sub-techniques
 * @param accounts that the caller may see; empty means every account
 */
record AlertQuery(
        Optional<UUID> hostId,
        Optional<String> instanceId,
        Optional<String> ruleId,
        int minSeverity,
        Optional<UUID> incidentId,
        Optional<String> technique,
        Set<String> accounts) {
    AlertQuery {
        accounts = Set.copyOf(accounts);
    }

    /** Every alert of these accounts. */
    static AlertQuery any(Set<String> accounts) {
        return new AlertQuery(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                accounts);
    }
}
