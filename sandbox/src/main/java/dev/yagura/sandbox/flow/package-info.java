/**
 * What traffic passes, and which connections live.
 *
 * <p>{@link dev.yagura.sandbox.flow.EffectiveRules} turns the security groups of an interface into
 * plain address, protocol and port rules. {@link dev.yagura.sandbox.flow.PathEvaluator} decides one
 * connection end to end: hosts, routes, security groups of both ends, network ACLs both ways.
 * {@link dev.yagura.sandbox.flow.FlowTable} keeps the open connections with the connection tracking
 * of each interface and replays their packets up to the present before anything changes, so that a
 * tracked connection survives a change of security groups exactly as it does on AWS.
 */
@NullMarked
package dev.yagura.sandbox.flow;

import org.jspecify.annotations.NullMarked;
