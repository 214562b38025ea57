/**
 * The agents that may connect, as the inventory says: one snapshot, then each change as it comes.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.gateway.admission;
