/**
 * Messages that wait to be sent outside. {@link dev.yagura.response.outbox.Outbox} takes them in
 * the transaction of what they tell of; {@link dev.yagura.response.outbox.DeliveryStore} leases
 * them to whoever sends them, and keeps what became of them.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.outbox;
