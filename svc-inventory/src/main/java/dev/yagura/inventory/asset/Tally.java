package dev.yagura.inventory.asset;

/**
 * What readings did.
 *
 * @param items in the pages of the last reading
 * @param calls requests sent to AWS
 * @param created assets that are new
 * @param changed assets that are not as they were, those back from a tombstone too
 * @param tombstoned assets found gone
 */
public record Tally(long items, long calls, long created, long changed, long tombstoned) {}
