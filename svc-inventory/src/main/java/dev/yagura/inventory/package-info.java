/**
 * What there is to protect, and who reports from it.
 *
 * <p>{@code reconcile} reads AWS, {@code change} follows what AWS Config tells by itself, and
 * {@code asset} keeps what they found; {@code enrollment} holds the tokens and the authority that
 * new agents are admitted by, {@code agent} the agents themselves: heartbeats, revocation, and the
 * feed by which the gateway knows whom to let in. {@code coverage} says of each host whether it is
 * protected. Features depend downwards only: change on reconcile, reconcile on asset, agent on
 * asset and enrollment, coverage on agent and reconcile, all on {@code access}.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.inventory;
