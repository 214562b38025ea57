/**
 * Agents: who they are, when they were heard last, whether they may connect.
 *
 * <p>{@code AgentCatalog} enrols and revokes; both are changes of the feed "admissions", which the
 * gateway follows. Heartbeats go another way: {@code Heartbeats} keeps the newest of each agent and
 * writes them together, and no feed hears of them. {@code Retirement} ends the agents of instances
 * that are gone. An agent's health is kept as the contract's message: it is only stored and shown.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.inventory.agent;
