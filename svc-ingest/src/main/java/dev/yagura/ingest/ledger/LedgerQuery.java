package dev.yagura.ingest.ledger;

import java.util.Optional;
import java.util.Set;

/**
 * Which hours.
 *
 * @param accountIds of the caller's scope; empty means every account
 * @param agentId empty means every agent
 * @param after hours after this one, newest first; empty begins with the newest
 */
record LedgerQuery(
        Set<String> accountIds,
        Optional<String> agentId,
        boolean onlyLosses,
        Optional<LedgerCount.Key> after) {

    LedgerQuery {
        accountIds = Set.copyOf(accountIds);
    }

    boolean maySee(String accountId) {
        return accountIds.isEmpty() || accountIds.contains(accountId);
    }
}
