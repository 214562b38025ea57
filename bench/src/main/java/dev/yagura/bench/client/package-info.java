/**
 * Clients of the public API: an administrator, agents that keep the delivery protocol, and a
 * follower of alerts. The only gRPC in this module.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.bench.client;
