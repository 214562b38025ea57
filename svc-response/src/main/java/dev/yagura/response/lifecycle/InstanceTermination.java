package dev.yagura.response.lifecycle;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.AttachedVolume;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.action.StillPendingException;
import dev.yagura.response.aws.CallHistory;
import dev.yagura.response.isolation.Change;
import dev.yagura.response.isolation.Cloud;
import dev.yagura.response.isolation.InstanceChanges;
import dev.yagura.response.isolation.ServiceMembership;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Terminates an instance: takes its protection away where that was allowed, terminates it, waits,
 * reads back. Begun before or not, it reads the world and does what is missing.
 */
final class InstanceTermination {
    private final LifecycleContext context;
    private final LifecycleReader reader;
    private final Cloud cloud;
    private final ActionRun run;
    private final PowerAction action;
    private final ActionTarget target;
    private final String instanceId;
    private final Change terminate;

    InstanceTermination(LifecycleContext context, ActionRun run) {
        this.context = context;
        this.target = run.action().getTarget();
        this.cloud = context.cloud(target);
        this.reader = new LifecycleReader(cloud);
        this.run = run;
        this.action = new PowerAction(run);
        this.instanceId = target.getInstanceId();
        this.terminate = PowerChanges.terminate(instanceId);
    }

    void apply() {
        if (!run.action().hasPowerState()) {
            prepare();
        }
        Optional<InstanceFacts> found = reader.instance(instanceId);
        if (found.isEmpty() && !new CallHistory(run.action()).perhapsMade(terminate.call())) {
            throw new ActionFailedException("EC2 does not know " + instanceId + " any more");
        }
        found.filter(each -> !each.live().isGone())
                .ifPresent(each ->
                        run.alone(
                                ServiceMembership.section(target.getScope(), each.live()),
                                this::terminate));
        awaitEnd();
        run.verifying("terminated; reading back");
        verify();
    }

    /** Of what will not exist any more: what is deleted, and the snapshots that stay. */
    private void prepare() {
        TerminationSurvey survey = survey();
        action.prepare(
                TerminationPlan.of(context, survey, target),
                survey.instance(),
                survey.membership().orElseThrow());
    }

    private void terminate() {
        TerminationSurvey survey = survey();
        // Since the plan was made another one may have been stopped, and this one protected.
        action.requireStill(TerminationChecks.again(survey, context.minimumHealthy()));
        ServiceMembership membership = survey.membership().orElseThrow();
        if (membership.isProtectedFromTermination()) {
            send(InstanceChanges.protectFromTermination(instanceId, false));
        }
        if (membership.isProtectedFromStop()) {
            send(InstanceChanges.protectFromStop(instanceId, false));
        }
        PowerChanges.sendUnprotected(run, cloud, terminate);
    }

    private void send(Change change) {
        run.call(change.call(), () -> change.send(cloud));
    }

    private void awaitEnd() {
        Optional<InstanceFacts> now = reader.instance(instanceId);
        String state = now.map(InstanceFacts::state).orElse("terminated");
        switch (state) {
            case "terminated" -> {}
            case "shutting-down" ->
                    throw new StillPendingException(
                            instanceId + " is shutting down", context.poll());
            default -> throw new RetryLaterException("EC2 still shows " + instanceId + " " + state);
        }
        action.tellOthers(terminate, instanceId + " was terminated");
    }

    private void verify() {
        List<AttachedVolume> volumes = run.action().getPowerState().getVolumesList();
        Set<String> left =
                reader.existingVolumes(volumes.stream().map(AttachedVolume::getVolumeId).toList());
        List<String> ending =
                volumes.stream()
                        .filter(AttachedVolume::getDeleteOnTermination)
                        .map(AttachedVolume::getVolumeId)
                        .filter(left::contains)
                        .toList();
        if (!ending.isEmpty()) {
            throw new StillPendingException(
                    "EC2 still shows " + String.join(", ", ending), context.poll());
        }
        run.verified(
                VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ,
                true,
                "%s is terminated; volumes that are left: %s"
                        .formatted(
                                instanceId,
                                left.isEmpty()
                                        ? "none"
                                        : left.stream()
                                                .sorted()
                                                .collect(Collectors.joining(", "))));
    }

    private TerminationSurvey survey() {
        return TerminationSurvey.take(context, target);
    }
}
