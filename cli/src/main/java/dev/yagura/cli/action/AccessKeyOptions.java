package dev.yagura.cli.action;

import dev.yagura.cli.connection.UsageException;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import java.util.List;
import picocli.CommandLine.Option;

/** Access keys of IAM users: one alone, or several beside the findings of a host. */
final class AccessKeyOptions {
    @Option(
            names = "--access-key",
            required = true,
            paramLabel = "KEY_ID",
            description =
                    "AKIA…: one for disable_access_key, which needs --account; for eradicate those"
                            + " that an intruder has beside what is on the host, of its account:"
                            + " made inactive before the host is touched.")
    private List<String> ids = List.of();

    List<String> ids() {
        return ids;
    }

    /** Whether they belong to an instance that is named too. */
    static boolean areBesideAnInstance(ActionKind kind) {
        return kind == ActionKind.ACTION_KIND_ERADICATE;
    }

    ActionTarget.Builder target(ScopeOptions scope) {
        if (ids.size() > 1) {
            throw new UsageException("--access-key: give one; several are for eradicate");
        }
        return ActionTarget.newBuilder()
                .setScope(scope.global("--access-key"))
                .setAccessKeyId(ids.getFirst());
    }
}
