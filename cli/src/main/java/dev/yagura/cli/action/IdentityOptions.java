package dev.yagura.cli.action;

import dev.yagura.proto.response.v1.ActionTarget;
import picocli.CommandLine.Option;

/** What of IAM to act on: one of these. */
final class IdentityOptions {
    @Option(
            names = "--access-key",
            paramLabel = "KEY_ID",
            description =
                    "Access key of an IAM user, for disable_access_key: AKIA…; needs --account.")
    private String accessKey = "";

    @Option(
            names = "--role",
            paramLabel = "NAME",
            description = "Name of an IAM role, for revoke_role_sessions; needs --account.")
    private String role = "";

    @Option(
            names = "--principal",
            paramLabel = "ARN",
            description = "ARN of an IAM user or role, for deny_principal.")
    private String principal = "";

    ActionTarget.Builder target(ScopeOptions scope) {
        return ActionTarget.newBuilder()
                .setScope(
                        principal.isEmpty()
                                ? scope.global(accessKey.isEmpty() ? "--role" : "--access-key")
                                : scope.of("--principal", principal))
                .setAccessKeyId(accessKey)
                .setRoleName(role)
                .setPrincipalArn(principal);
    }
}
