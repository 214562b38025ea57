package dev.yagura.cli.action;

import dev.yagura.proto.response.v1.ActionTarget;
import picocli.CommandLine.Option;

/** What of IAM to act on. */
final class IdentityOptions {
    @Option(
            names = "--access-key",
            paramLabel = "KEY_ID",
            required = true,
            description =
                    "Access key of an IAM user, for disable_access_key: AKIA…; needs --account.")
    private String accessKey = "";

    ActionTarget.Builder target(ScopeOptions scope) {
        return ActionTarget.newBuilder()
                .setScope(scope.global("--access-key"))
                .setAccessKeyId(accessKey);
    }
}
