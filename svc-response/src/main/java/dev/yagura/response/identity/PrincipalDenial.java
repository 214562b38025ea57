package dev.yagura.response.identity;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.aws.DenyPolicy;
import dev.yagura.response.aws.IamPrincipal;
import java.time.Instant;
import java.util.List;

/** deny_principal: everything is denied to a user or role, and to all its sessions. */
final class PrincipalDenial implements Denial {

    @Override
    public IamPrincipal principal(ActionTarget target) {
        return PrincipalArn.parse(target.getPrincipalArn()).orElseThrow().principal();
    }

    @Override
    public String prefix() {
        return "yagura-deny-";
    }

    @Override
    public DenyPolicy policy(String name, Instant limit) {
        return DenyPolicy.of(name, "YaguraDenyPrincipal", "");
    }

    @Override
    public boolean hasLimit() {
        return false;
    }

    @Override
    public String effect() {
        return "it is denied everything, and so are all its sessions, older and newer";
    }

    @Override
    public String undone() {
        return "no such policy; it may again what its other policies allow";
    }

    @Override
    public List<String> risks(PrincipalSurvey survey) {
        IamPrincipal principal = survey.live().principal();
        String sessions =
                switch (principal.kind()) {
                    case USER ->
                            "Its own sessions, of sts:GetSessionToken and GetFederationToken, are"
                                    + " denied with it. Sessions of roles that it assumed before go"
                                    + " on";
                    case ROLE -> "Sessions of other roles that its sessions assumed before go on";
                };
        return List.of(
                "Everything that runs as "
                        + principal
                        + " stops, for honest holders too, until undo.",
                sessions
                        + ", with those roles' policies, for up to 12 hours, and longer by assuming"
                        + " others. CloudTrail shows AssumeRole calls by "
                        + principal.name()
                        + "; revoke those roles' sessions too.",
                "Its credentials stay good: sts:GetCallerIdentity answers, and after undo"
                        + " everything. Disable keys, and remove the password, as well.",
                "What was made with it stays: access keys, users, roles, instances, copies of"
                        + " data.",
                "IAM needs some seconds, rarely minutes, until every region and service knows the"
                        + " deny.");
    }
}
