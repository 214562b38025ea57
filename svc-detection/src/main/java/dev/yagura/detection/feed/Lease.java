package dev.yagura.detection.feed;

import java.util.UUID;

/**
 * A partition that this replica owns.
 *
 * @param epoch grows with each owner; a commit with an older one is refused
 */
record Lease(int partition, UUID owner, long epoch) {}
