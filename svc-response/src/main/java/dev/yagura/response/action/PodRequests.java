package dev.yagura.response.action;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.PodTarget;
import java.util.regex.Pattern;

/** What the target of contain_pod must look like. */
final class PodRequests {
    private static final Pattern CLUSTER = Pattern.compile("[0-9A-Za-z][A-Za-z0-9_-]{0,99}");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern SUBDOMAIN =
            Pattern.compile("(?=.{1,253}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?");
    private static final Pattern UID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private PodRequests() {}

    static void check(ActionKind kind, ActionTarget target) {
        boolean wanted = kind == ActionKind.ACTION_KIND_CONTAIN_POD;
        require(
                wanted == target.hasPod(),
                "pod",
                wanted ? "is not set" : "is set",
                "send it for ACTION_KIND_CONTAIN_POD only");
        if (!wanted) {
            return;
        }
        PodTarget pod = target.getPod();
        require(
                CLUSTER.matcher(pod.getCluster()).matches(),
                "pod.cluster",
                "is no name of an EKS cluster",
                "send one like shop");
        require(
                LABEL.matcher(pod.getNamespace()).matches(),
                "pod.namespace",
                "is no name of a namespace",
                "send one like default");
        require(
                SUBDOMAIN.matcher(pod.getName()).matches(),
                "pod.name",
                "is no name of a pod",
                "send one like web-7d4b9c-x2x5q");
        require(
                UID.matcher(pod.getUid()).matches(),
                "pod.uid",
                "is no uid of a pod",
                "send metadata.uid: another pod may have the name by now");
    }

    private static void require(boolean holds, String field, String problem, String remedy) {
        if (!holds) {
            throw new InvalidFieldException("target." + field, problem, remedy);
        }
    }
}
