package dev.yagura.response.identity;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.aws.DenyPolicy;
import dev.yagura.response.aws.IamPrincipal;
import java.time.Instant;
import java.util.List;

/**
 * revoke_role_sessions: everything is denied to sessions of the role from before now, as the IAM
 * console does with its policy AWSRevokeOlderSessions.
 */
final class SessionRevocation implements Denial {

    @Override
    public IamPrincipal principal(ActionTarget target) {
        return IamPrincipal.role(target.getRoleName());
    }

    @Override
    public String prefix() {
        return "yagura-revoke-";
    }

    @Override
    public DenyPolicy policy(String name, Instant limit) {
        return DenyPolicy.of(name, "YaguraRevokeRoleSessions", DenyPolicy.issuedBefore(limit));
    }

    @Override
    public boolean hasLimit() {
        return true;
    }

    @Override
    public String effect() {
        return "every session of the role that was issued before is denied everything; the time is"
                + " that of the call";
    }

    @Override
    public String undone() {
        return "no such policy; sessions from before that have not expired work again";
    }

    @Override
    public List<String> risks(PrincipalSurvey survey) {
        String role = survey.live().principal().name();
        long hours = Math.max(1, survey.live().longestSession().toHours());
        return List.of(
                "Whoever can get new sessions of "
                        + role
                        + " has access again at once: an intruder on an instance, function or task"
                        + " with it, or one who holds what its trust names. Cut those off first.",
                "Honest holders are denied too until they get new sessions. EC2 keeps the denied"
                        + " ones for an instance for up to 6 hours: stop and start it, or give it"
                        + " another instance profile and its own back. Functions and tasks get new"
                        + " ones when they start anew.",
                "Role chaining: sessions of other roles that were assumed with sessions of "
                        + role
                        + " before go on, with their own policies, for up to an hour, and longer by"
                        + " assuming again. CloudTrail shows AssumeRole calls by "
                        + role
                        + "; revoke those roles' sessions too.",
                "What was made with the sessions stays: access keys, users, roles, instances,"
                        + " copies of data.",
                "IAM needs some seconds, rarely minutes, until every region and service knows the"
                        + " deny.",
                "Undo within the life of a session (up to "
                        + hours
                        + " h of this role, 6 h on an instance) makes it valid again.");
    }
}
