/**
 * Systems Manager: managed nodes, documents and Run Command.
 *
 * <p>A node is as reachable as its agent's channel, an ordinary connection in {@link
 * dev.yagura.sandbox.flow.FlowTable}: an isolation that leaves no way to the endpoints lets the
 * open channel live, and the node is lost when the agent opens its next one. Commands move from
 * state to state when {@link dev.yagura.sandbox.ssm.RunCommand#settle} passes their times.
 */
@NullMarked
package dev.yagura.sandbox.ssm;

import org.jspecify.annotations.NullMarked;
