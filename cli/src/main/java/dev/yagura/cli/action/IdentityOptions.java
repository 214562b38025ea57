package dev.yagura.cli.action;

import dev.yagura.proto.response.v1.ActionTarget;
import picocli.CommandLine.Option;

/** What of IAM to act on: one of these. */
final class IdentityOptions {
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
                                ? scope.global("--role")
                                : scope.of("--principal", principal))
                .setRoleName(role)
                .setPrincipalArn(principal);
    }
}
