package dev.yagura.response.aws;

import java.util.Map;
import software.amazon.awssdk.services.iam.IamClient;

/** The calls that change the policies inside a role or user. */
public final class PolicyChange {
    static final String DOCUMENT = "PolicyDocument";

    private static final String POLICY = "PolicyName";

    private PolicyChange() {}

    public static AwsChange<IamClient> put(IamPrincipal principal, DenyPolicy policy) {
        String name = principal.name();
        return switch (principal.kind()) {
            case USER ->
                    AwsChange.of(
                            putOperation(principal),
                            Map.of(
                                    "UserName",
                                    name,
                                    POLICY,
                                    policy.name(),
                                    DOCUMENT,
                                    policy.document()),
                            iam ->
                                    iam.putUserPolicy(request ->
                                            request.userName(name)
                                                    .policyName(policy.name())
                                                    .policyDocument(policy.document())));
            case ROLE ->
                    AwsChange.of(
                            putOperation(principal),
                            Map.of(
                                    "RoleName",
                                    name,
                                    POLICY,
                                    policy.name(),
                                    DOCUMENT,
                                    policy.document()),
                            iam ->
                                    iam.putRolePolicy(request ->
                                            request.roleName(name)
                                                    .policyName(policy.name())
                                                    .policyDocument(policy.document())));
        };
    }

    public static AwsChange<IamClient> delete(IamPrincipal principal, String policyName) {
        String name = principal.name();
        return switch (principal.kind()) {
            case USER ->
                    AwsChange.of(
                            "iam:DeleteUserPolicy",
                            Map.of("UserName", name, POLICY, policyName),
                            iam ->
                                    iam.deleteUserPolicy(request ->
                                            request.userName(name).policyName(policyName)));
            case ROLE ->
                    AwsChange.of(
                            "iam:DeleteRolePolicy",
                            Map.of("RoleName", name, POLICY, policyName),
                            iam ->
                                    iam.deleteRolePolicy(request ->
                                            request.roleName(name).policyName(policyName)));
        };
    }

    /** Parameters that every call about the policies of this one has. */
    static Map<String, String> of(IamPrincipal principal) {
        return switch (principal.kind()) {
            case USER -> Map.of("UserName", principal.name());
            case ROLE -> Map.of("RoleName", principal.name());
        };
    }

    /** What {@link #put} calls. */
    public static String putOperation(IamPrincipal principal) {
        return switch (principal.kind()) {
            case USER -> "iam:PutUserPolicy";
            case ROLE -> "iam:PutRolePolicy";
        };
    }
}
