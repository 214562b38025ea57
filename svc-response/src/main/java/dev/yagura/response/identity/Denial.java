package dev.yagura.response.identity;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.aws.DenyPolicy;
import dev.yagura.response.aws.IamPrincipal;
import java.time.Instant;
import java.util.List;

/** What a kind denies to a user or role by a policy inside it. */
interface Denial {
    IamPrincipal principal(ActionTarget target);

    /** Of the policy's name; the action's id follows. */
    String prefix();

    /**
     * @param limit up to when sessions are meant; any where they do not matter
     */
    DenyPolicy policy(String name, Instant limit);

    /** Whether only sessions from before its limit are denied. */
    boolean hasLimit();

    /** For people, of the principal then. */
    String effect();

    /** For people, of the principal after undo. */
    String undone();

    List<String> risks(PrincipalSurvey survey);
}
