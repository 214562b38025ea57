package dev.yagura.response.credentials;

import dev.yagura.proto.response.v1.PlannedCall;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.awscore.AwsResponse;

/**
 * One call that changes something: as it is planned, and how it is sent.
 *
 * @param call operation and parameters
 * @param request sends it
 */
record RoleChange(PlannedCall call, Request request) {
    static final String REPLACE = "ec2:ReplaceIamInstanceProfileAssociation";
    static final String PUT = "iam:PutRolePolicy";
    static final String POLICY_DOCUMENT = "PolicyDocument";
    static final String DELETE = "iam:DeleteRolePolicy";

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

    static RoleChange put(String roleName, SessionDeny deny) {
        return new RoleChange(
                call(
                        PUT,
                        Map.of(
                                "RoleName",
                                roleName,
                                "PolicyName",
                                deny.name(),
                                POLICY_DOCUMENT,
                                deny.document())),
                cloud ->
                        cloud.iam()
                                .putRolePolicy(request ->
                                        request.roleName(roleName)
                                                .policyName(deny.name())
                                                .policyDocument(deny.document())));
    }

    static RoleChange delete(String roleName, String policyName) {
        return new RoleChange(
                call(DELETE, Map.of("RoleName", roleName, "PolicyName", policyName)),
                cloud ->
                        cloud.iam()
                                .deleteRolePolicy(request ->
                                        request.roleName(roleName).policyName(policyName)));
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
