package dev.yagura.response.lifecycle;

import dev.yagura.proto.response.v1.InstanceState;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.Guards;
import dev.yagura.response.aws.CallHistory;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.isolation.Change;
import dev.yagura.response.isolation.Cloud;
import dev.yagura.response.isolation.InstanceChanges;
import dev.yagura.response.isolation.ServiceMembership;
import java.util.List;

/**
 * EC2's protection from stop around a stop: taken away where that was allowed, and set again, since
 * it keeps others from terminating what is stopped.
 */
final class StopProtection {
    private final Cloud cloud;
    private final ActionRun run;
    private final Change set;
    private final Change unset;

    StopProtection(Cloud cloud, ActionRun run) {
        this.cloud = cloud;
        this.run = run;
        String instanceId = run.action().getTarget().getInstanceId();
        this.set = InstanceChanges.protectFromStop(instanceId, true);
        this.unset = InstanceChanges.protectFromStop(instanceId, false);
    }

    void takeAway(LifecycleSurvey survey) {
        if (!survey.isProtectedFromStop()) {
            return;
        }
        InstanceState saved = run.action().getSavedInstance();
        if (!saved.getStopProtection()) {
            // It was set after the plan was made.
            Checks.requireNoneRefused(
                    Guards.override(
                            List.of(LifecycleChecks.stopProtection(survey)),
                            run.action().getOverriddenGuardsList()));
            run.saved(saving -> saving.setSavedInstance(saved.toBuilder().setStopProtection(true)));
        }
        send(unset);
    }

    /** Once: whoever takes it away later does so knowingly. */
    void setAgain(ServiceMembership membership) {
        CallHistory history = new CallHistory(run.action());
        if (history.perhapsMade(unset.call())
                && !history.made(set.call())
                && !membership.isProtectedFromStop()) {
            send(set);
        }
    }

    private void send(Change change) {
        run.call(change.call(), () -> change.send(cloud));
    }
}
