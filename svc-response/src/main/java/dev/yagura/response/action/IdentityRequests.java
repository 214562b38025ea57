package dev.yagura.response.action;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/** What the targets of kinds that act on IAM must look like. */
final class IdentityRequests {
    private static final Set<ActionKind> KINDS =
            EnumSet.of(ActionKind.ACTION_KIND_DISABLE_ACCESS_KEY);

    /** IAM's keys of users; those of sessions begin with ASIA. */
    private static final Pattern ACCESS_KEY = Pattern.compile("AKIA[A-Z0-9]{12,124}");

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
            checkAccessKey(target.getAccessKeyId());
        }
    }

    private static void checkAccessKey(String id) {
        require(
                !id.startsWith("ASIA"),
                "access_key_id",
                "is the key of a session, which nobody can disable",
                "act on the role or user whose session it is");
        require(
                ACCESS_KEY.matcher(id).matches(),
                "access_key_id",
                "is no access key id of an IAM user",
                "send one like AKIAIOSFODNN7EXAMPLE");
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
