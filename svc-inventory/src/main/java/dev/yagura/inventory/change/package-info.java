/**
 * Follows queues into which AWS Config tells each configuration item as it is made, over SNS or
 * EventBridge. A message is deleted after the transaction that applied it, so that every item is
 * applied at least once; applied again, it changes nothing. What cannot be applied is counted,
 * logged and left in the queue, at growing intervals, for the queue to give it to its dead-letter
 * queue. What is told sooner here is read by {@code reconcile} all the same: a message that never
 * comes is made up for by the next reading.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.inventory.change;
