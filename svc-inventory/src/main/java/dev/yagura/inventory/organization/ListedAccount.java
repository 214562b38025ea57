package dev.yagura.inventory.organization;

/**
 * An account as Organizations lists it.
 *
 * @param state Organizations' word: "ACTIVE", "SUSPENDED", "PENDING_CLOSURE", …
 */
public record ListedAccount(String id, String name, String state) {
    static final String ACTIVE = "ACTIVE";
}
