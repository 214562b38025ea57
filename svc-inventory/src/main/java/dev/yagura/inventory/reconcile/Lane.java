package dev.yagura.inventory.reconcile;

import dev.yagura.proto.type.v1.Scope;
import java.util.HashMap;
import java.util.Map;

/**
 * How many readings may run at once, of all accounts and of one. AWS throttles by account, and an
 * account that answers slowly takes no more than its own places.
 */
final class Lane {
    private final int places;
    private final int placesOfAccount;
    private final Map<String, Integer> taken = new HashMap<>();
    private int all;

    Lane(int places, int placesOfAccount) {
        this.places = places;
        this.placesOfAccount = placesOfAccount;
    }

    /** Takes a place, or says that there is none for that account now. */
    synchronized boolean enter(Scope scope) {
        int own = taken.getOrDefault(account(scope), 0);
        if (all == places || own == placesOfAccount) {
            return false;
        }
        all++;
        taken.put(account(scope), own + 1);
        return true;
    }

    synchronized void leave(Scope scope) {
        all--;
        taken.computeIfPresent(account(scope), (account, own) -> own == 1 ? null : own - 1);
    }

    synchronized boolean isFull() {
        return all == places;
    }

    private static String account(Scope scope) {
        return scope.getPartition() + ":" + scope.getAccountId();
    }
}
