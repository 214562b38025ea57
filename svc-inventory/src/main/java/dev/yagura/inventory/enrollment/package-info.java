/**
 * How a new agent proves that it may join: a token made by an administrator, kept as a hash and
 * counted under its row's lock, and a signing request that shows the agent holds its key. The
 * authority of the agents signs what passed. On EC2 the instance identity document that AWS signed
 * says which instance it is ({@code InstanceProofs}). Wrong tokens are limited in the process; the
 * gateway limits callers before.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.inventory.enrollment;
