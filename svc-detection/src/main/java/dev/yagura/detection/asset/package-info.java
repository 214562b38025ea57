/**
 * What is known of hosts: a read model of svc-inventory's assets in memory, listed at start and
 * followed from there. While inventory is away hosts stay as they were last seen; an unknown host
 * is unknown, and nothing waits for it.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.detection.asset;
