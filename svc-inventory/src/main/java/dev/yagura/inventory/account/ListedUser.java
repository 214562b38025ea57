package dev.yagura.inventory.account;

import java.time.Instant;
import java.util.UUID;

/**
 * A user among those of many accounts.
 *
 * @param id by which they are in order
 * @param observed when the report was made that says so
 */
public record ListedUser(
        UUID id, String partition, String accountId, IamUser user, Instant observed) {}
