/**
 * Ends the run of an instance, or the instance: stop_instance, whose undo starts it again, and
 * terminate_instance, which nothing undoes.
 *
 * <p>{@link dev.yagura.response.lifecycle.LifecycleReader} reads the world, always live. {@link
 * dev.yagura.response.lifecycle.LifecycleSurvey} is what was read, {@link
 * dev.yagura.response.lifecycle.LifecycleChecks} what refuses. {@link
 * dev.yagura.response.lifecycle.InstanceStop} stops and verifies, {@link
 * dev.yagura.response.lifecycle.InstanceStart} undoes it; {@link
 * dev.yagura.response.lifecycle.InstanceTermination} goes by a {@link
 * dev.yagura.response.lifecycle.TerminationSurvey}, which knows what is left of the volumes. What
 * an instance serves in, and how it leaves and comes back, is {@link
 * dev.yagura.response.isolation.ServiceMembership}'s.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.lifecycle;
