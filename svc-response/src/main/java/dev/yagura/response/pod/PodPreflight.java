package dev.yagura.response.pod;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.PodTarget;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.action.Guards;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.kubernetes.KubernetesChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What must hold before a pod is contained, and whom it hits. */
final class PodPreflight {
    private static final String PROTECTED = "yagura.dev/protected";
    private static final String UNSEEN =
            "; policies beyond NetworkPolicy (AdminNetworkPolicy, those of Calico and Cilium) are"
                    + " not seen";

    private PodPreflight() {}

    /**
     * @param planned with what the API said to their dry runs
     */
    static List<PreflightCheck> checks(
            PodSurvey survey, ActionTarget target, Action action, List<PlannedCall> planned) {
        List<PreflightCheck> checks = new ArrayList<>();
        checks.add(Checks.account(survey.cluster().accountId(), target));
        checks.add(Checks.unprotected("the cluster", survey.cluster().tags()));
        checks.add(unprotected(survey.pod()));
        checks.add(same(survey.pod(), target.getPod()));
        checks.add(running(survey.pod()));
        checks.add(free(survey.pod(), action));
        checks.add(ownNetwork(survey));
        checks.add(enforced(survey));
        checks.addAll(policies(survey.policies(), survey.pod().labels(), action));
        checks.add(quarantine(survey));
        checks.add(replacement(survey.pod()));
        checks.add(services(survey));
        checks.add(node(survey, target.getPod()));
        checks.add(roles(survey));
        checks.add(permitted(survey, planned));
        return List.copyOf(checks);
    }

    private static PreflightCheck unprotected(LivePod pod) {
        String label = "the pod is not protected";
        boolean isProtected =
                "true".equals(pod.labels().get(PROTECTED))
                        || "true".equals(pod.annotations().get(PROTECTED));
        return isProtected
                ? Checks.refused(
                        label,
                        "it has " + PROTECTED + "=true: a part of the platform, for example",
                        "remove that label or annotation if it must be contained all the same")
                : Checks.passed(label, "");
    }

    private static PreflightCheck same(LivePod pod, PodTarget target) {
        String label = "it is the pod that is meant";
        return pod.uid().equals(target.getUid())
                ? Checks.passed(label, "uid " + pod.uid())
                : Checks.refused(
                        label,
                        "%s/%s is another pod by now, with the uid %s"
                                .formatted(pod.namespace(), pod.name(), pod.uid()),
                        "the one that was meant is gone; give the uid of this one if it is meant"
                                + " too");
    }

    private static PreflightCheck running(LivePod pod) {
        String label = "the pod runs";
        if (pod.isStatic()) {
            return Checks.refused(
                    label,
                    "it is a static pod, which its node runs from a file whatever the API has",
                    "use isolate_instance on its node");
        }
        return pod.isEnding()
                ? Checks.refused(
                        label,
                        "it is " + pod.phase() + " or is being deleted",
                        "there is nothing to cut off; revoke_role_sessions denies its sessions")
                : Checks.passed(label, pod.phase() + " on " + pod.nodeName());
    }

    private static PreflightCheck free(LivePod pod, Action action) {
        String label = "it is not in quarantine";
        String holder = pod.labels().getOrDefault(Quarantine.LABEL, Quarantine.id(action));
        return holder.equals(Quarantine.id(action))
                ? Checks.passed(label, "")
                : Checks.refused(
                        label,
                        "its label %s is %s".formatted(Quarantine.LABEL, holder),
                        "undo actions/" + holder + ", or remove the label");
    }

    private static PreflightCheck ownNetwork(PodSurvey survey) {
        String label = "it has a network of its own";
        LivePod pod = survey.pod();
        if (pod.hasHostNetwork()) {
            return Checks.refused(
                    label,
                    "it has the network of its node (hostNetwork): no NetworkPolicy covers it, and"
                            + " it would NOT be cut off",
                    "use isolate_instance on its node%s"
                            .formatted(
                                    survey.node()
                                            .map(LiveNode::instanceId)
                                            .filter(each -> !each.isEmpty())
                                            .map(each -> " " + each)
                                            .orElse("")),
                    Guards.HOST_NETWORK);
        }
        return Checks.passed(label, String.join(", ", pod.ips()));
    }

    private static PreflightCheck enforced(PodSurvey survey) {
        String label = "the cluster enforces NetworkPolicies";
        String remedy =
                "turn on the network policy of the VPC CNI, or isolate its node; if something else"
                        + " enforces them";
        if (survey.pod().isOnFargate() || survey.pod().isOfWindows()) {
            return Checks.refused(
                    label,
                    "not on Fargate or Windows: EKS enforces none there",
                    "block its addresses (block_indicator), or take it away",
                    Guards.UNVERIFIED_ENFORCEMENT);
        }
        if (survey.enforcement().isPresent()) {
            return Checks.passed(
                    label,
                    survey.enforcement().get()
                            + " is configured to; whether it does on this node is not probed");
        }
        return Checks.refused(
                label,
                survey.cluster().autoMode()
                        ? "not verified: EKS Auto Mode does where the ConfigMap amazon-vpc-cni of"
                                + " kube-system turns it on, which is not read"
                        : "not verified: neither aws-node with --enable-network-policy=true nor"
                                + " calico-node nor cilium is there; without one, a NetworkPolicy"
                                + " does nothing",
                remedy,
                Guards.UNVERIFIED_ENFORCEMENT);
    }

    /** What is allowed is a union: a policy that denies all takes nothing away from another. */
    static List<PreflightCheck> policies(
            PolicyReach policies, Map<String, String> labels, Action action) {
        String label = "no other policy lets it through";
        Map<String, String> after = Quarantine.labels(action);
        List<String> left = policies.left(after);
        List<String> gained = policies.gained(labels, after);
        List<PreflightCheck> checks = new ArrayList<>();
        checks.add(
                left.isEmpty()
                        ? Checks.passed(label, "none selects it without its labels" + UNSEEN)
                        : Checks.refused(
                                label,
                                "still allowed when it is contained, since policies add up: "
                                        + String.join("; ", left)
                                        + UNSEEN,
                                "let them not select pods with the label "
                                        + Quarantine.LABEL
                                        + " (matchExpressions: DoesNotExist)",
                                Guards.POLICIES_REMAIN));
        checks.add(
                gained.isEmpty()
                        ? Checks.passed("it gains no access", "")
                        : Checks.refused(
                                "it gains no access",
                                "without its labels, these would allow what nothing allows now: "
                                        + String.join(", ", gained),
                                "let them not select pods with the label " + Quarantine.LABEL));
        return checks;
    }

    private static PreflightCheck quarantine(PodSurvey survey) {
        String label = "the policy's name is free, or its own";
        return survey.quarantine().isEmpty()
                        || Quarantine.isSame(survey.quarantine().get())
                        || Quarantine.isOurs(survey.quarantine().get())
                ? Checks.passed(label, Quarantine.POLICY)
                : Checks.refused(
                        label,
                        "the namespace has another NetworkPolicy named " + Quarantine.POLICY,
                        "rename that one");
    }

    private static PreflightCheck replacement(LivePod pod) {
        String label = "what takes its place";
        String owner = pod.owner().orElse("");
        if (owner.isEmpty()) {
            return Checks.warning(
                    label,
                    "nothing: no controller has it",
                    "what it served is not served any more");
        }
        return owner.startsWith("StatefulSet/")
                ? Checks.warning(
                        label,
                        owner + " lets go of it, and starts none as long as its name is taken",
                        "what it served is served by the others, if there are any")
                : Checks.warning(
                        label,
                        owner + " lets go of it, and starts another one of the same image",
                        "what let the intruder in is in that one too: deploy a clean image");
    }

    private static PreflightCheck services(PodSurvey survey) {
        String label = "Services that send it traffic";
        return survey.services().isEmpty()
                ? Checks.passed(label, "none")
                : Checks.warning(
                        label,
                        String.join(", ", survey.services()) + " let go of it",
                        "others behind them must bear the load");
    }

    private static PreflightCheck node(PodSurvey survey, PodTarget target) {
        String label = "what of its node";
        List<String> ways = survey.pod().waysToTheNode();
        if (survey.node().isEmpty()) {
            return Checks.warning(
                    label, "the API shows no node of it", "no node is kept from new pods");
        }
        LiveNode node = survey.node().get();
        String reach =
                ways.isEmpty()
                        ? "the pod is confined"
                        : "whoever is in the pod may be on the node (%s)"
                                .formatted(String.join(", ", ways));
        if (node.isCordonedByOthersThanYagura()) {
            return Checks.warning(
                    label,
                    reach + "; " + node.name() + " is cordoned already, by somebody else",
                    "it is left so, by undo too");
        }
        if (survey.cordons(target)) {
            return Checks.warning(
                    label,
                    reach + "; no new pod comes to " + node.name() + " until undo",
                    ways.isEmpty()
                            ? "other pods of the node run on"
                            : "the node itself is not cut off: isolate_instance "
                                    + node.instanceId());
        }
        return Checks.passed(label, reach + "; " + node.name() + " is left alone");
    }

    private static PreflightCheck roles(PodSurvey survey) {
        String label = "what it has credentials for";
        List<String> roles =
                Stream.concat(
                                survey.roles().stream(),
                                survey.unnamedRole()
                                        ? Stream.of("a role of Pod Identity that EKS does not name")
                                        : Stream.empty())
                        .toList();
        String account =
                "service account " + survey.pod().namespace() + "/" + survey.pod().serviceAccount();
        return roles.isEmpty()
                ? Checks.warning(
                        label,
                        account + ", and no role of its own that is seen",
                        "the role of its node is in reach where IMDS answers pods:"
                                + " contain_role_session")
                : Checks.warning(
                        label,
                        account + ": " + String.join(", ", roles) + "; NOT denied",
                        "credentials that it got work on, also elsewhere: revoke_role_sessions, or"
                                + " deny_principal");
    }

    private static PreflightCheck permitted(PodSurvey survey, List<PlannedCall> planned) {
        String label = "Kubernetes allows every call";
        String refused =
                Stream.concat(
                                planned.stream()
                                        .filter(each -> each.getDryRun().startsWith("refused"))
                                        .map(each -> each.getOperation() + " " + each.getDryRun()),
                                survey.missing().stream()
                                        .map(each -> "k8s:" + each + " is not allowed"))
                        .distinct()
                        .collect(Collectors.joining("; "));
        return refused.isEmpty()
                ? Checks.passed(
                        label, "by its dry runs (" + KubernetesChange.ALLOWED + ") and by RBAC")
                : Checks.refused(
                        label,
                        refused,
                        "apply deploy/kubernetes/contain_pod.yaml, and give the access entry of"
                                + " svc-response's role the group yagura-contain-pod");
    }
}
