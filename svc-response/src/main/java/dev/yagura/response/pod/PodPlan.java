package dev.yagura.response.pod;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.kubernetes.KubernetesClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes down what a containment would do, from a survey. */
final class PodPlan {
    private static final String LATER = "not tried: there is nothing to undo yet";

    private PodPlan() {}

    /**
     * @param action whose id is in the label; one without a name for the id's place
     */
    static Plan of(PodSurvey survey, ActionTarget target, Action action, Instant now) {
        LivePod pod = survey.pod();
        KubernetesClient api = survey.api();
        PodChange change = new PodChange(survey.cluster().name(), pod.namespace());
        Map<String, String> after = Quarantine.labels(action);
        String labels = PodChange.shown(pod.labels());
        List<PlannedCall> calls = new ArrayList<>();
        List<PlannedCall> undo = new ArrayList<>();
        if (survey.quarantine().isEmpty()) {
            calls.add(
                    change.createPolicy()
                            .tried(
                                    api,
                                    "no such policy",
                                    "denies everything, in and out, to pods with the label "
                                            + Quarantine.LABEL));
        } else if (!Quarantine.isSame(survey.quarantine().get())) {
            calls.add(
                    change.mendPolicy(survey.quarantine().get())
                            .tried(api, "changed by somebody", "denies everything again"));
        }
        calls.add(change.label(pod, after).tried(api, labels, PodChange.shown(after)));
        undo.add(
                change.label(pod, pod.labels())
                        .shown(
                                PodChange.shown(after),
                                labels + "; what others set meanwhile is left",
                                LATER));
        undo.add(
                change.deletePolicy("")
                        .shown(
                                "denies everything to contained pods",
                                "deleted, where no other contained pod of the namespace is left",
                                LATER));
        if (survey.cordons(target.getPod())) {
            LiveNode node = survey.node().orElseThrow();
            calls.add(
                    change.cordon(node, Quarantine.id(action))
                            .tried(
                                    api,
                                    node.isCordoned()
                                            ? "cordoned by another action"
                                            : "schedulable",
                                    "no new pod comes to it; none is taken away"));
            undo.add(
                    change.open(node, Quarantine.id(action))
                            .shown(
                                    "unschedulable",
                                    "schedulable, where no other action keeps it closed",
                                    LATER));
        }
        Plan.Builder plan =
                Plan.newBuilder()
                        .setCreateTime(SavedTime.of(now))
                        .addAllChecks(PodPreflight.checks(survey, target, action, calls))
                        .addAllCalls(calls)
                        .addAllUndoCalls(undo);
        addRisks(plan, pod);
        return plan.build();
    }

    private static void addRisks(Plan.Builder plan, LivePod pod) {
        plan.addResidualRisks(
                        "The pod runs on, for whoever looks into it: take what is in its memory and"
                                + " file system, then delete it.")
                .addResidualRisks(
                        "Connections that are open may stay open: which ones, depends on what"
                                + " enforces the policy. So may the seconds until every node knows"
                                + " it.")
                .addResidualRisks(
                        "A NetworkPolicy binds the pod's own network: not its node, whose kubelet"
                                + " and root reach the pod, and whom it reaches by a container"
                                + " escape.")
                .addResidualRisks(
                        "Credentials that it has, of its service account for the Kubernetes API"
                                + " and of roles of AWS, work on elsewhere until they expire or"
                                + " are denied.")
                .addResidualRisks(
                        "Whoever may change pods or NetworkPolicies of "
                                + pod.namespace()
                                + " can undo it: the watch over the action sees it, some minutes"
                                + " later. A node that is scaled in or replaced takes the pod with"
                                + " it.");
        pod.owner()
                .ifPresent(owner ->
                        plan.addResidualRisks(
                                "Undo gives the labels back: then "
                                        + owner
                                        + " takes the pod again, has one more than it wants, and"
                                        + " ends one of them, perhaps this one."));
    }
}
