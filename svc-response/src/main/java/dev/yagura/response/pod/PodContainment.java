package dev.yagura.response.pod;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PodState;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.Guards;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.aws.WatchedEffect;
import dev.yagura.response.identity.DenyPlacement.Seen;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Cuts a pod off, keeps it so, and gives back what was. The policy is there before the pod has the
 * label that it selects: at no moment is the pod without a policy that had one.
 */
final class PodContainment implements WatchedEffect {
    private final PodCloud cloud;
    private final ActionRun run;
    private final Clock clock;

    PodContainment(PodCloud cloud, ActionRun run, Clock clock) {
        this.cloud = cloud;
        this.run = run;
        this.clock = clock;
    }

    @Override
    public void apply() {
        if (!run.action().hasPodState()) {
            prepare();
        }
        Contained contained = contained();
        run.alone(section(), () -> cut(contained));
        run.verifying("cut off; reading back");
        settle(seen(contained));
    }

    /** State and evidence first: nothing is changed before what was is written. */
    private void prepare() {
        PodSurvey survey = PodSurvey.take(cloud, run.action().getTarget().getPod());
        Plan plan =
                Guards.override(
                        PodPlan.of(survey, run.action().getTarget(), run.action(), clock.instant()),
                        run.action().getOverriddenGuardsList());
        Checks.requireNoneRefused(plan.getChecksList());
        LivePod pod = survey.pod();
        PodState.Builder state =
                PodState.newBuilder()
                        .setClusterArn(survey.cluster().arn())
                        .setNamespace(pod.namespace())
                        .setName(pod.name())
                        .setUid(pod.uid())
                        .putAllLabels(pod.labels())
                        .setNodeName(pod.nodeName())
                        .setNodeUid(survey.node().map(LiveNode::uid).orElse(""))
                        .setNodeCordoned(survey.cordons(run.action().getTarget().getPod()))
                        .setOwner(pod.owner().orElse(""))
                        .setServiceAccount(pod.serviceAccount())
                        .addAllRoleArns(survey.roles())
                        .addAllPodIps(pod.ips())
                        .addAllContainers(pod.states())
                        .addAllServices(survey.services());
        if (!pod.startTime().isEmpty()) {
            state.setStartTime(SavedTime.of(Instant.parse(pod.startTime())));
        }
        run.prepared(plan, saving -> saving.setPodState(state));
    }

    private void cut(Contained contained) {
        PodLabels labels = new PodLabels(contained);
        Optional<LivePod> pod = labels.pod();
        if (pod.isEmpty()) {
            if (!contained.history().perhapsMade(PodLabels.PATCH)) {
                throw new ActionFailedException(
                        "the pod was deleted before it was contained; whoever has its name now is"
                                + " another one");
            }
            return;
        }
        labels.saveAgain(pod.get());
        if (!pod.get().labels().equals(contained.labels())) {
            // A policy may have come since the plan was made.
            Checks.requireNoneRefused(
                    Guards.override(
                            PodPreflight.policies(
                                    contained.reader().policies(),
                                    pod.get().labels(),
                                    run.action()),
                            run.action().getOverriddenGuardsList()));
        }
        new QuarantinePolicy(contained).put();
        labels.take(pod.get());
        NodeCordon cordon = new NodeCordon(contained);
        if (cordon.isPart()) {
            cordon.put();
        }
    }

    private List<Seen> seen(Contained contained) {
        List<Seen> seen = new ArrayList<>();
        Optional<LivePod> pod = new PodLabels(contained).pod();
        seen.add(new PodLabels(contained).seen(pod));
        if (pod.isPresent()) {
            QuarantinePolicy policy = new QuarantinePolicy(contained);
            seen.add(policy.seen());
            seen.add(policy.others());
            if (contained.overrides(Guards.HOST_NETWORK)) {
                seen.add(new Seen(true, "where it has its node's network it is NOT cut off"));
            }
            if (contained.overrides(Guards.UNVERIFIED_ENFORCEMENT)) {
                seen.add(new Seen(true, "whether policies are enforced is not verified"));
            }
        }
        NodeCordon cordon = new NodeCordon(contained);
        if (cordon.isPart()) {
            seen.add(cordon.seen());
        }
        return seen;
    }

    @Override
    public void watch() {
        Contained contained = contained();
        Seen now = all(seen(contained));
        if (now.passed() || run.isDoneOften()) {
            watched(now.passed() ? now : new Seen(false, now.detail() + ActionRun.LEFT));
            return;
        }
        run.drift(List.of(now.detail() + ", while contained"));
        watched(now);
        run.alone(section(), () -> again(contained));
        watched(all(seen(contained)));
    }

    /** What is ours; policies of others are reported, not touched. */
    private void again(Contained contained) {
        PodLabels labels = new PodLabels(contained);
        Optional<LivePod> pod = labels.pod();
        if (pod.isPresent()) {
            new QuarantinePolicy(contained).put();
            labels.take(pod.get());
        }
        NodeCordon cordon = new NodeCordon(contained);
        if (cordon.isPart()) {
            cordon.put();
        }
    }

    @Override
    public void undo() {
        if (!run.action().hasPodState()) {
            verified(new Seen(true, "nothing was changed"));
            return;
        }
        try {
            Contained contained = contained();
            List<Seen> seen = new ArrayList<>();
            run.alone(section(), () -> seen.addAll(restored(contained)));
            settle(seen);
        } catch (NotFoundException e) {
            run.drift(List.of("the cluster was deleted meanwhile"));
            verified(new Seen(true, "the cluster is gone: nothing is left to restore"));
        }
    }

    private List<Seen> restored(Contained contained) {
        List<Seen> seen = new ArrayList<>();
        // Before its first call the action cannot have made the policy.
        boolean begun = run.action().getCallsCount() > 0;
        seen.add(new PodLabels(contained).restore());
        if (begun) {
            seen.add(new QuarantinePolicy(contained).removeIfLast());
        }
        NodeCordon cordon = new NodeCordon(contained);
        if (cordon.isPart()) {
            seen.add(cordon.restore());
        }
        return seen;
    }

    @Override
    public String remains() {
        return all(seen(contained())).detail() + "; undo restores what this action changed";
    }

    /**
     * The API of the cluster that the pod was in.
     *
     * @throws NotFoundException there is none any more
     */
    private Contained contained() {
        var cluster = cloud.clusters().cluster(run.action().getTarget().getPod().getCluster());
        return Contained.of(run, cloud.api(cluster));
    }

    /** Pods of a namespace share its policy. */
    private String section() {
        return "quarantine of %s in %s"
                .formatted(
                        run.action().getPodState().getNamespace(),
                        run.action().getPodState().getClusterArn());
    }

    private void settle(List<Seen> seen) {
        Seen all = all(seen);
        verified(all);
        if (!all.passed()) {
            throw new RetryLaterException(all.detail() + ": somebody changed it");
        }
    }

    private static Seen all(List<Seen> seen) {
        return new Seen(
                seen.stream().allMatch(Seen::passed),
                seen.stream().map(Seen::detail).collect(Collectors.joining("; ")));
    }

    private void verified(Seen seen) {
        run.verified(
                VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, seen.passed(), seen.detail());
    }

    private void watched(Seen seen) {
        run.watched(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, seen.passed(), seen.detail());
    }
}
