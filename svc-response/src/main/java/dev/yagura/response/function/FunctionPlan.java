package dev.yagura.response.function;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.identity.RoleDeny;
import java.time.Instant;
import java.util.Optional;

/** Writes down what a containment would do, from a survey. */
final class FunctionPlan {
    private FunctionPlan() {}

    /**
     * @param action whose id is in the policy's name; one without a name for the id's place
     */
    static Plan of(FunctionSurvey survey, ActionTarget target, Action action, Instant now) {
        String name = survey.function().name();
        Optional<RoleDeny> role = survey.denied(target.getFunction());
        Plan.Builder plan =
                Plan.newBuilder()
                        .setCreateTime(SavedTime.of(now))
                        .addAllChecks(FunctionPreflight.checks(survey, target, action));
        if (!survey.isCut()) {
            plan.addCalls(
                    FunctionChange.cut(name)
                            .shown(
                                    FunctionChange.shown(survey.reserved()),
                                    "reserved concurrency 0: no new invocation begins"));
        }
        role.ifPresent(each -> plan.addCalls(each.put(action)).addUndoCalls(each.delete(action)));
        if (!survey.isCut()) {
            plan.addUndoCalls(
                    FunctionChange.restore(name, survey.reserved())
                            .shown(
                                    "reserved concurrency 0",
                                    FunctionChange.shown(survey.reserved())
                                            + "; left when somebody set another one"));
        }
        addRisks(plan, survey);
        role.ifPresent(each -> plan.addAllResidualRisks(each.risks()));
        return plan.build();
    }

    private static void addRisks(Plan.Builder plan, FunctionSurvey survey) {
        String name = survey.function().name();
        plan.addResidualRisks(
                        "An invocation that runs already goes on to its end, for up to %d seconds"
                                        .formatted(survey.function().timeout().toSeconds())
                                + ", and what it has in memory and in /tmp with it. Nobody can stop"
                                + " it: what of it needs the role is denied, if the role is; its"
                                + " connections, and what it reaches without AWS's credentials, go"
                                + " on.")
                .addResidualRisks(
                        "The code stays as it is, with what was put into it, its layers and its"
                                + " environment variables, secrets among them: give new secrets."
                                + " Its SHA-256 and revision are kept in the action.")
                .addResidualRisks(
                        "Whoever may change the function can set another concurrency or role: the"
                                + " watch over the action sees it, some minutes later.")
                .addResidualRisks(
                        "What invokes "
                                + name
                                + " fails or waits meanwhile; events that expire are lost.");
    }
}
