package dev.yagura.response.lifecycle;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.action.StillPendingException;
import dev.yagura.response.isolation.Cloud;
import dev.yagura.response.isolation.ServiceMembership;
import java.util.List;
import java.util.Optional;

/**
 * Stops an instance: saves, takes it out of its Auto Scaling group, stops it, waits, reads back.
 * Begun before or not, it reads the world and does what is missing.
 */
final class InstanceStop {
    private final LifecycleContext context;
    private final Cloud cloud;
    private final ActionRun run;
    private final PowerAction action;
    private final ActionTarget target;
    private final StopProtection protection;
    private final String instanceId;

    InstanceStop(LifecycleContext context, ActionRun run) {
        this.context = context;
        this.target = run.action().getTarget();
        this.cloud = context.cloud(target);
        this.run = run;
        this.action = new PowerAction(run);
        this.protection = new StopProtection(cloud, run);
        this.instanceId = target.getInstanceId();
    }

    void apply() {
        if (!run.action().hasPowerState()) {
            prepare();
        }
        InstanceFacts instance = instance();
        run.alone(ServiceMembership.section(target.getScope(), instance.live()), this::stop);
        awaitStopped();
        ServiceMembership membership = ServiceMembership.read(cloud, instance().live());
        protection.setAgain(membership);
        run.verifying("stopped; reading back");
        verify();
    }

    private void prepare() {
        LifecycleSurvey survey = survey();
        action.prepare(
                StopPlan.of(context, survey, target),
                survey.instance(),
                survey.membership().orElseThrow());
    }

    private void stop() {
        LifecycleSurvey survey = survey();
        ServiceMembership membership = survey.membership().orElseThrow(this::gone);
        if (run.action().getCallsCount() == 0) {
            // Another one may have been stopped or isolated since the plan was made.
            action.requireStill(List.of(membership.healthy(context.minimumHealthy())));
        }
        membership.leave(run, context.poll());
        if (survey.instance().live().isRunning()) {
            protection.takeAway(survey);
            PowerChanges.sendUnprotected(run, cloud, PowerChanges.stop(instanceId));
        }
    }

    private void awaitStopped() {
        InstanceFacts now = instance();
        switch (now.state()) {
            case "stopped" -> {}
            case "running" ->
                    throw new RetryLaterException("EC2 still shows " + instanceId + " running");
            default ->
                    throw new StillPendingException(
                            instanceId
                                    + " is "
                                    + now.state()
                                    + "; stop it by force if it does not end",
                            context.poll());
        }
        action.tellOthers(PowerChanges.stop(instanceId), instanceId + " was stopped");
    }

    private void verify() {
        InstanceFacts instance = instance();
        ServiceMembership membership = ServiceMembership.read(cloud, instance.live());
        boolean isProtected = run.action().getSavedInstance().getStopProtection();
        boolean passed =
                instance.state().equals("stopped")
                        && (!isProtected || membership.isProtectedFromStop());
        String detail =
                "%s is %s, %s; %s protected from stop"
                        .formatted(
                                instanceId,
                                instance.state(),
                                membership.scaling().orElse("in no Auto Scaling group"),
                                membership.isProtectedFromStop() ? "is" : "is not");
        run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, passed, detail);
        if (!passed) {
            throw new RetryLaterException("read back otherwise than set: " + detail);
        }
    }

    private LifecycleSurvey survey() {
        return context.survey(target);
    }

    private InstanceFacts instance() {
        Optional<InstanceFacts> found = new LifecycleReader(cloud).instance(instanceId);
        return found.filter(each -> !each.live().isGone()).orElseThrow(this::gone);
    }

    private ActionFailedException gone() {
        return new ActionFailedException(instanceId + " was terminated meanwhile");
    }
}
