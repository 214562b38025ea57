package dev.yagura.cli.action;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.PodTarget;
import picocli.CommandLine.Option;

/** A pod of EKS, to contain. */
final class PodOptions {
    @Option(
            names = "--pod",
            required = true,
            paramLabel = "NAME",
            description = "Name of the pod, with --account and --region of its cluster.")
    private String pod = "";

    @Option(
            names = "--eks-cluster",
            required = true,
            paramLabel = "NAME",
            description = "Name of its cluster.")
    private String cluster = "";

    @Option(
            names = "--namespace",
            required = true,
            paramLabel = "NAME",
            description = "Its namespace.")
    private String namespace = "";

    @Option(
            names = "--uid",
            required = true,
            description = "Of its metadata; another pod that has its name by now is left alone.")
    private String uid = "";

    @Option(
            names = "--cordon-node",
            description = "Keep new pods from its node, also when the pod cannot have reached it.")
    private boolean cordonNode;

    ActionTarget.Builder target(ScopeOptions scope) {
        return ActionTarget.newBuilder()
                .setScope(scope.regional("--pod"))
                .setPod(
                        PodTarget.newBuilder()
                                .setCluster(cluster)
                                .setNamespace(namespace)
                                .setName(pod)
                                .setUid(uid)
                                .setCordonNode(cordonNode));
    }
}
