/**
 * Pods of Amazon EKS that are cut off and kept for whoever looks into them.
 *
 * <p>{@link dev.yagura.response.pod.PodSurvey} reads a pod and what concerns it; {@link
 * dev.yagura.response.pod.PodPreflight} refuses; {@link dev.yagura.response.pod.PodContainment}
 * applies, watches and undoes. NetworkPolicies only ever add what is allowed: that a pod is cut off
 * is computed from all of its namespace by {@link dev.yagura.response.pod.PolicyReach}. A node is
 * never drained: that would end its pods, and the evidence with them.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.pod;
