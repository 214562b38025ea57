/**
 * Clusters of EKS: a stand-in for the Kubernetes API that believes only tokens of EKS, obeys RBAC,
 * and does nothing that it does not know; the controller of ReplicaSets; and what NetworkPolicies
 * let through.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.sandbox.kubernetes;
