package dev.yagura.inventory.access;

import dev.yagura.common.error.PermissionDeniedException;
import dev.yagura.common.identity.Principal;
import java.util.Optional;
import java.util.Set;

/**
 * The accounts whose rows a caller may see.
 *
 * @param accountIds empty means every account
 */
public record Visibility(Set<String> accountIds) {

    public Visibility {
        accountIds = Set.copyOf(accountIds);
    }

    /**
     * Of a person or a service. Agents and callers without identity see nothing here: an empty list
     * of accounts, which both have, would otherwise mean all of them.
     */
    public static Visibility of(Principal principal) {
        if (!principal.isToken() && !principal.isService()) {
            throw new PermissionDeniedException(
                    "this method is for bearer tokens and services of the platform");
        }
        return new Visibility(principal.accountIds());
    }

    public boolean all() {
        return accountIds.isEmpty();
    }

    public boolean covers(String accountId) {
        return all() || accountIds.contains(accountId);
    }

    /** Of one account; nothing where that one is not covered. */
    public Optional<Visibility> within(String accountId) {
        return covers(accountId)
                ? Optional.of(new Visibility(Set.of(accountId)))
                : Optional.empty();
    }

    /** Fails closed unless the account is one of these. */
    public void require(String accountId) {
        if (!covers(accountId)) {
            throw new PermissionDeniedException("you may not act on account " + accountId);
        }
    }
}
