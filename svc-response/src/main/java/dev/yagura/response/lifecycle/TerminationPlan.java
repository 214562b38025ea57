package dev.yagura.response.lifecycle;

import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.AttachedVolume;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.response.aws.Ec2DryRun;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.isolation.Cloud;
import dev.yagura.response.isolation.Draft;
import dev.yagura.response.isolation.InstanceChanges;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a termination would do, from a survey. Nothing undoes it. */
final class TerminationPlan {
    private TerminationPlan() {}

    static Plan of(LifecycleContext context, TerminationSurvey survey, ActionTarget target) {
        List<PlannedCall> calls = calls(context.cloud(target), survey);
        return Plan.newBuilder()
                .setCreateTime(SavedTime.of(context.clock().instant()))
                .addAllChecks(TerminationChecks.of(survey, target, context.minimumHealthy()))
                .addChecks(Ec2DryRun.check(ActionKind.ACTION_KIND_TERMINATE_INSTANCE, calls))
                .addAllCalls(calls)
                .addAllResidualRisks(risks(survey))
                .build();
    }

    private static List<PlannedCall> calls(Cloud cloud, TerminationSurvey survey) {
        if (survey.membership().isEmpty()) {
            return List.of();
        }
        String id = survey.instance().id();
        List<Draft> drafts = new ArrayList<>();
        if (survey.lifecycle().isProtectedFromTermination()) {
            drafts.add(
                    Draft.asked(
                            cloud,
                            InstanceChanges.protectFromTermination(id, false),
                            "protected from termination",
                            "not protected"));
        }
        if (survey.lifecycle().isProtectedFromStop()) {
            drafts.add(
                    Draft.asked(
                            cloud,
                            InstanceChanges.protectFromStop(id, false),
                            "protected from stop",
                            "not protected"));
        }
        drafts.add(
                Draft.asked(
                        cloud,
                        PowerChanges.terminate(id),
                        survey.instance().state() + "; " + volumes(survey),
                        "terminated, for good"));
        return Draft.plan(drafts);
    }

    private static String volumes(TerminationSurvey survey) {
        List<AttachedVolume> kept =
                survey.instance().volumes().stream()
                        .filter(volume -> !volume.getDeleteOnTermination())
                        .toList();
        return "deleted with it: %s; left: %s"
                .formatted(
                        survey.lost().isEmpty() ? "none" : TerminationChecks.text(survey.lost()),
                        kept.isEmpty() ? "none" : TerminationChecks.text(kept));
    }

    private static List<String> risks(TerminationSurvey survey) {
        List<String> risks = new ArrayList<>();
        risks.add(
                "It cannot be undone: a volume can be made of a snapshot, and an instance launched"
                        + " with it, but not this one, with its addresses and its memory.");
        if (!survey.lostForGood().isEmpty()) {
            risks.add("Nothing is left of " + TerminationChecks.text(survey.lostForGood()) + ".");
        }
        risks.add(
                "Snapshots are what was on the volumes when they were taken; what was written since"
                        + " is lost, and so is what is in memory.");
        risks.add(
                "Sessions of the instance role that were fetched before stay valid for up to 6"
                        + " hours, and contain_role_session needs a running instance: do it first.");
        risks.add(
                "The operating system is asked to shut down: what an intruder made for that moment"
                        + " runs. Isolate it first.");
        return List.copyOf(risks);
    }
}
