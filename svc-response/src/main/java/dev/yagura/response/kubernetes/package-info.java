/**
 * The Kubernetes API of an Amazon EKS cluster: found by {@link
 * dev.yagura.response.kubernetes.ClusterReader}, entered with a {@link
 * dev.yagura.response.kubernetes.ClusterToken}, asked by {@link
 * dev.yagura.response.kubernetes.KubernetesClient}.
 *
 * <p>A client library would be 27 more jars and 17 MB for a dozen requests, whose exact form is
 * what matters here: each change tests what it replaces.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.kubernetes;
