package dev.yagura.response.identity;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.response.aws.DenyPolicy;
import dev.yagura.response.aws.PolicyChange;
import dev.yagura.response.aws.SavedTime;
import java.time.Instant;

/** Writes down what a deny would do, from a survey. */
final class DenialPlan {
    private static final String NONE = "no such policy";

    private DenialPlan() {}

    /**
     * @param policyName as it will be, or with the place of the action's id
     */
    static Plan of(
            Denial denial,
            PrincipalSurvey survey,
            ActionTarget target,
            String policyName,
            Instant now) {
        DenyPolicy policy = denial.policy(policyName, DenyPolicy.limit(now));
        return Plan.newBuilder()
                .setCreateTime(SavedTime.of(now))
                .addAllChecks(PrincipalPreflight.checks(survey, target, policy))
                .addCalls(
                        PolicyChange.put(survey.live().principal(), policy)
                                .shown(NONE, denial.effect()))
                .addUndoCalls(
                        PolicyChange.delete(survey.live().principal(), policyName)
                                .shown("the deny", denial.undone()))
                .addAllResidualRisks(denial.risks(survey))
                .build();
    }
}
