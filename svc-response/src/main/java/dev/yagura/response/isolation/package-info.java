/**
 * Isolation of an EC2 instance: every network interface gets one security group that allows only
 * the control path, and later exactly the groups it had.
 *
 * <p>{@link dev.yagura.response.isolation.CloudReader} reads the world, always live. {@link
 * dev.yagura.response.isolation.Survey} is what was read, {@link
 * dev.yagura.response.isolation.GroupDesign} what the isolation group must become so that no access
 * is added, {@link dev.yagura.response.isolation.Preflight} what refuses. {@link
 * dev.yagura.response.isolation.IsolationProcedure} plans, applies, verifies; {@link
 * dev.yagura.response.isolation.Release} undoes. Each {@link dev.yagura.response.isolation.Change}
 * is one EC2 call: planned, tried with DryRun, and sent from the same place.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.isolation;
