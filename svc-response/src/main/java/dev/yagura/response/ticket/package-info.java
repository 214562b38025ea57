/**
 * Tickets that people get in a system of theirs. {@link dev.yagura.response.ticket.TicketProcedure}
 * puts one message into the outbox, by a name that it has written down before, and waits until it
 * has been delivered or given up.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.ticket;
