package dev.yagura.response.identity;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.response.aws.AwsChange;
import dev.yagura.response.aws.SavedTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.iam.IamClient;

/** Writes down what disabling a key would do, from a survey. */
final class AccessKeyPlan {
    static final String UPDATE = "iam:UpdateAccessKey";

    private AccessKeyPlan() {}

    static Plan of(AccessKeySurvey survey, ActionTarget target, Instant now) {
        Plan.Builder plan =
                Plan.newBuilder()
                        .setCreateTime(SavedTime.of(now))
                        .addAllChecks(AccessKeyPreflight.checks(survey, target))
                        .addAllResidualRisks(risks(survey));
        disabling(survey).ifPresent(plan::addCalls);
        enabling(survey).ifPresent(plan::addUndoCalls);
        return plan.build();
    }

    /** Empty for a key that is not active: nothing is done to it. */
    static Optional<PlannedCall> disabling(AccessKeySurvey survey) {
        return planned(
                survey,
                IdentityReader.LiveKey.INACTIVE,
                survey.key().status() + ", " + survey.use(),
                "Inactive: AWS refuses what is signed with it");
    }

    /** Its undo. */
    static Optional<PlannedCall> enabling(AccessKeySurvey survey) {
        return planned(
                survey,
                IdentityReader.LiveKey.ACTIVE,
                IdentityReader.LiveKey.INACTIVE,
                "Active: whoever has it can use it again");
    }

    private static Optional<PlannedCall> planned(
            AccessKeySurvey survey, String status, String before, String after) {
        return survey.key().isActive()
                ? Optional.of(
                        status(survey.userName(), survey.key().id(), status).shown(before, after))
                : Optional.empty();
    }

    static AwsChange<IamClient> status(String userName, String accessKeyId, String status) {
        return AwsChange.of(
                UPDATE,
                Map.of("UserName", userName, "AccessKeyId", accessKeyId, "Status", status),
                iam ->
                        iam.updateAccessKey(request ->
                                request.userName(userName)
                                        .accessKeyId(accessKeyId)
                                        .status(status)));
    }

    static List<String> risks(AccessKeySurvey survey) {
        String user = survey.userName();
        return List.of(
                "Sessions that were made with the key go on: of sts:GetSessionToken and"
                        + " GetFederationToken for up to 36 hours, of roles that it assumed for up"
                        + " to 12, and longer by assuming others. CloudTrail shows them as"
                        + " GetSessionToken, GetFederationToken and AssumeRole by "
                        + user
                        + ".",
                "Other credentials of "
                        + user
                        + " go on: its other keys, its password, its SSH keys and"
                        + " service-specific credentials.",
                "What was made with the key stays: access keys, users, roles, instances, copies of"
                        + " data. CloudTrail shows it by userIdentity.accessKeyId.",
                "IAM needs some seconds, rarely minutes, until every region refuses the key.",
                "Undo makes the key good again for everybody who has it: give its user a new one"
                        + " instead.");
    }
}
