package dev.yagura.response.action;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.type.v1.Scope;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the targets of kinds that act on IAM must look like. */
final class IdentityRequests {
    private static final Set<ActionKind> KINDS =
            EnumSet.of(
                    ActionKind.ACTION_KIND_REVOKE_ROLE_SESSIONS,
                    ActionKind.ACTION_KIND_DISABLE_ACCESS_KEY,
                    ActionKind.ACTION_KIND_DENY_PRINCIPAL);

    /** IAM's keys of users; those of sessions begin with ASIA. */
    private static final Pattern ACCESS_KEY = Pattern.compile("AKIA[A-Z0-9]{12,124}");

    private static final Pattern PRINCIPAL =
            Pattern.compile("arn:([a-z-]+):iam::([0-9]{12}):(?:user|role)/[!-~]{1,575}");

    private static final Pattern ROLE = Pattern.compile("[\\w+=,.@-]{1,64}");

    private IdentityRequests() {}

    static boolean isOnIdentity(ActionKind kind) {
        return KINDS.contains(kind);
    }

    static void check(ActionKind kind, ActionTarget target) {
        requireFor(
                ActionKind.ACTION_KIND_DISABLE_ACCESS_KEY,
                kind,
                "access_key_id",
                target.getAccessKeyId());
        if (kind == ActionKind.ACTION_KIND_DISABLE_ACCESS_KEY) {
            checkAccessKey(target.getAccessKeyId(), "access_key_id", "");
        }
        requireFor(
                ActionKind.ACTION_KIND_REVOKE_ROLE_SESSIONS,
                kind,
                "role_name",
                target.getRoleName());
        require(
                target.getRoleName().isEmpty() || ROLE.matcher(target.getRoleName()).matches(),
                "role_name",
                "is no name of an IAM role",
                "send the last part of its ARN, without its path");
        requireFor(
                ActionKind.ACTION_KIND_DENY_PRINCIPAL,
                kind,
                "principal_arn",
                target.getPrincipalArn());
        if (kind == ActionKind.ACTION_KIND_DENY_PRINCIPAL) {
            checkPrincipal(target.getPrincipalArn(), target.getScope());
        }
    }

    /**
     * Must be the id of a key of a user.
     *
     * @param field that has it, in the target
     * @param which of several it is, for example "has X, which ", or empty
     */
    static void checkAccessKey(String id, String field, String which) {
        require(
                !id.startsWith("ASIA"),
                field,
                which + "is the key of a session, which nobody can disable",
                "act on the role or user whose session it is");
        require(
                ACCESS_KEY.matcher(id).matches(),
                field,
                which + "is no access key id of an IAM user",
                "send one like AKIAIOSFODNN7EXAMPLE");
    }

    private static void checkPrincipal(String arn, Scope scope) {
        Matcher parts = PRINCIPAL.matcher(arn);
        require(
                parts.matches(),
                "principal_arn",
                "is no ARN of an IAM user or role",
                "send one like arn:aws:iam::111122223333:user/rei; of a session, that of its role;"
                        + " nobody can deny anything to the root user");
        require(
                parts.group(1).equals(scope.getPartition())
                        && parts.group(2).equals(scope.getAccountId()),
                "principal_arn",
                "is of another account than the scope",
                "send its own account and partition in target.scope");
    }

    private static void requireFor(ActionKind owner, ActionKind kind, String field, String value) {
        boolean wanted = kind == owner;
        require(
                wanted != value.isEmpty(),
                field,
                wanted ? "is not set" : "is set",
                "send it for " + owner + " only");
    }

    private static void require(boolean holds, String field, String problem, String remedy) {
        if (!holds) {
            throw new InvalidFieldException("target." + field, problem, remedy);
        }
    }
}
