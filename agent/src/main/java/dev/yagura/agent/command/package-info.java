/**
 * Commands for this host, by a stream of its own: {@link
 * dev.yagura.agent.command.GrpcCommandChannel} gets them, {@link
 * dev.yagura.agent.command.CommandCheck} refuses what svc-response did not sign for this agent,
 * {@link dev.yagura.agent.command.CommandWork} runs the documents that this version carries, and
 * {@link dev.yagura.agent.command.CommandLedger} keeps each result until it is acknowledged.
 */
@NullMarked
package dev.yagura.agent.command;

import org.jspecify.annotations.NullMarked;
