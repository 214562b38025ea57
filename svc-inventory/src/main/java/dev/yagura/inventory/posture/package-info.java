/**
 * How sound hosts and accounts are, judged from what the inventory knows: computed when it is asked
 * for, each item with the time of its observation. What was never observed, or too long ago, is
 * unknown.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.inventory.posture;
