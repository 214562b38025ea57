package dev.yagura.response.identity;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.aws.DenyPolicy;
import dev.yagura.response.aws.IamPrincipal;
import java.time.Instant;
import java.util.List;

/**
 * Everything is denied to the role of something that is contained.
 *
 * @param older only to sessions from before
 */
record ExecutionDenial(String roleName, boolean older) implements Denial {

    @Override
    public IamPrincipal principal(ActionTarget target) {
        return IamPrincipal.role(roleName);
    }

    @Override
    public String prefix() {
        return "yagura-contain-";
    }

    @Override
    public DenyPolicy policy(String name, Instant limit) {
        return DenyPolicy.of(
                name, "YaguraContainExecutionRole", older ? DenyPolicy.issuedBefore(limit) : "");
    }

    @Override
    public boolean hasLimit() {
        return older;
    }

    @Override
    public String effect() {
        return older
                ? "every session of the role that was issued before is denied everything; the time"
                        + " is that of the call"
                : "everything is denied to it, and to all its sessions, older and newer, wherever"
                        + " they are used";
    }

    @Override
    public String undone() {
        return "no such policy; sessions that have not expired work again";
    }

    @Override
    public List<String> risks(PrincipalSurvey survey) {
        return List.of(
                "Role chaining: sessions of other roles that were assumed with sessions of "
                        + roleName
                        + " before go on, with their own policies. CloudTrail shows AssumeRole"
                        + " calls by "
                        + roleName
                        + "; revoke those roles' sessions too.",
                "What was made with the role stays: access keys, users, roles, copies of data.",
                "IAM needs some seconds, rarely minutes, until every region and service knows the"
                        + " deny.");
    }
}
