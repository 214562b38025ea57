package dev.yagura.response.lifecycle;

import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.Guards;
import dev.yagura.response.aws.CallHistory;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.isolation.Change;
import dev.yagura.response.isolation.ServiceMembership;
import java.util.List;

/** What stopping and terminating an instance have in common. */
record PowerAction(ActionRun run) {

    /** State first: nothing is changed before what was is written. */
    void prepare(Plan made, InstanceFacts instance, ServiceMembership membership) {
        Plan plan = Guards.override(made, run.action().getOverriddenGuardsList());
        Checks.requireNoneRefused(plan.getChecksList());
        run.prepared(
                plan,
                saving ->
                        saving.setPowerState(instance.saved())
                                .setSavedInstance(membership.state()));
    }

    /** Again, just before the call: others may have acted since the plan was made. */
    void requireStill(List<PreflightCheck> checks) {
        Checks.requireNoneRefused(Guards.override(checks, run.action().getOverriddenGuardsList()));
    }

    /** Tells when it was not this action that did it. */
    void tellOthers(Change change, String what) {
        if (!new CallHistory(run.action()).perhapsMade(change.call())) {
            run.drift(List.of(what + " by somebody else"));
        }
    }
}
