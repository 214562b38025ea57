package dev.yagura.response.credentials;

import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.response.aws.AwsChange;
import dev.yagura.response.aws.DenyPolicy;
import dev.yagura.response.aws.IamPrincipal;
import dev.yagura.response.aws.PolicyChange;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.services.iam.IamClient;

/**
 * One call that changes something: as it is planned, and how it is sent.
 *
 * @param call operation and parameters
 * @param request sends it
 */
record RoleChange(PlannedCall call, Request request) {
    static final String REPLACE = "ec2:ReplaceIamInstanceProfileAssociation";
    static final String PUT = "iam:PutRolePolicy";

    private static final String NO_DRY_RUN = "not supported: AWS has no DryRun of it";

    /** The call in the SDK. */
    interface Request {
        AwsResponse send(RoleCloud cloud);
    }

    /** Gives the instance of an association another profile. */
    static RoleChange replaceProfile(String associationId, String profileArn) {
        return new RoleChange(
                call(
                        REPLACE,
                        Map.of(
                                "AssociationId",
                                associationId,
                                "IamInstanceProfile.Arn",
                                profileArn)),
                cloud ->
                        cloud.ec2()
                                .replaceIamInstanceProfileAssociation(request ->
                                        request.associationId(associationId)
                                                .iamInstanceProfile(
                                                        profile -> profile.arn(profileArn))));
    }

    static RoleChange put(String roleName, DenyPolicy deny) {
        return of(PolicyChange.put(IamPrincipal.role(roleName), deny));
    }

    static RoleChange delete(String roleName, String policyName) {
        return of(PolicyChange.delete(IamPrincipal.role(roleName), policyName));
    }

    private static RoleChange of(AwsChange<IamClient> change) {
        return new RoleChange(change.call(), cloud -> change.request().apply(cloud.iam()));
    }

    /** The planned call with the state of what it changes, for people. */
    PlannedCall shown(String before, String after) {
        return call.toBuilder().setBefore(before).setAfter(after).setDryRun(NO_DRY_RUN).build();
    }

    private static PlannedCall call(String operation, Map<String, String> parameters) {
        return PlannedCall.newBuilder()
                .setOperation(operation)
                .putAllParameters(new TreeMap<>(parameters))
                .build();
    }
}
