package dev.yagura.response.lifecycle;

import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.response.aws.Ec2DryRun;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.isolation.Cloud;
import dev.yagura.response.isolation.Draft;
import dev.yagura.response.isolation.InstanceChanges;
import dev.yagura.response.isolation.ServiceMembership;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a stop would do, from a survey. */
final class StopPlan {
    private static final String LATER = "not supported: undo is planned for what is then";
    private static final String PROTECTED = "protected from stop";
    private static final String UNPROTECTED = "not protected";

    private StopPlan() {}

    static Plan of(LifecycleContext context, LifecycleSurvey survey, ActionTarget target) {
        Cloud cloud = context.cloud(target);
        List<PlannedCall> calls =
                survey.membership().map(it -> calls(cloud, survey, it)).orElse(List.of());
        return Plan.newBuilder()
                .setCreateTime(SavedTime.of(context.clock().instant()))
                .addAllChecks(LifecycleChecks.ofStop(survey, target, context.minimumHealthy()))
                .addChecks(Ec2DryRun.check(ActionKind.ACTION_KIND_STOP_INSTANCE, calls))
                .addAllCalls(calls)
                .addUndoCalls(
                        PowerChanges.start(survey.instance().id())
                                .shown(
                                        "stopped",
                                        "running, with everything that starts with it",
                                        LATER))
                .addAllUndoCalls(
                        survey.membership().map(it -> it.returning(LATER)).orElse(List.of()))
                .addAllResidualRisks(risks(survey.instance()))
                .build();
    }

    private static List<PlannedCall> calls(
            Cloud cloud, LifecycleSurvey survey, ServiceMembership membership) {
        String id = survey.instance().id();
        List<Draft> drafts = new ArrayList<>(membership.leaving());
        if (survey.isProtectedFromStop()) {
            drafts.add(
                    Draft.asked(
                            cloud,
                            InstanceChanges.protectFromStop(id, false),
                            PROTECTED,
                            UNPROTECTED));
        }
        drafts.add(
                Draft.asked(
                        cloud,
                        PowerChanges.stop(id),
                        survey.instance().state(),
                        "stopping, then stopped"));
        if (survey.isProtectedFromStop()) {
            drafts.add(
                    Draft.asked(
                            cloud,
                            InstanceChanges.protectFromStop(id, true),
                            UNPROTECTED,
                            PROTECTED));
        }
        return Draft.plan(drafts);
    }

    private static List<String> risks(InstanceFacts instance) {
        List<String> risks = new ArrayList<>();
        risks.add(
                "What is in memory is lost for good: processes, keys, what was never written to a"
                        + " disk. Collect it first, and take snapshots of the volumes."
                        + (instance.hibernates()
                                ? " It is set up for hibernation, which would keep its memory on"
                                        + " its root volume; this is a plain stop."
                                : ""));
        risks.add(
                "The operating system is asked to shut down: what an intruder made for that moment"
                        + " runs, and the host still speaks to the network until it is down, for"
                        + " some minutes if it delays it. Isolate it first.");
        risks.add(
                "Sessions of the instance role that were fetched before stay valid, also from"
                        + " elsewhere, for up to 6 hours. contain_role_session needs a running"
                        + " instance: do it first.");
        risks.add(
                "Whoever may start instances in the account can start it. Undo starts it with"
                        + " everything that an intruder left on its volumes.");
        return List.copyOf(risks);
    }
}
