package dev.yagura.common.watch;

import java.util.UUID;

/**
 * Something was created or updated.
 *
 * @param number place in the feed: dense, in commit order
 * @param key id of what changed
 */
public record Change(long number, UUID key) {}
