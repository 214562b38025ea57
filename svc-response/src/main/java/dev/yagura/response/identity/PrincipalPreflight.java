package dev.yagura.response.identity;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.DenyPolicy;
import dev.yagura.response.aws.IamPrincipal;
import java.util.ArrayList;
import java.util.List;

/** What must hold before a user or role gets a deny, and whom it hits. */
final class PrincipalPreflight {
    private PrincipalPreflight() {}

    static List<PreflightCheck> checks(
            PrincipalSurvey survey, ActionTarget target, DenyPolicy policy) {
        LivePrincipal live = survey.live();
        List<PreflightCheck> checks = new ArrayList<>();
        checks.add(Checks.account(live.arn().accountId(), target));
        if (!target.getPrincipalArn().isEmpty()) {
            checks.add(sameArn(live, target.getPrincipalArn()));
        }
        checks.add(notOurs(survey));
        if (live.principal().kind() == IamPrincipal.Kind.ROLE) {
            checks.add(Checks.changeableRole(live.arn().toString(), live.arn().path()));
        }
        checks.add(Checks.unprotected(live.principal().toString(), live.tags()));
        checks.add(room(survey, policy));
        checks.addAll(survey.reach());
        return List.copyOf(checks);
    }

    /** A name is unique whatever its path: nobody else can be meant, but somebody was mistaken. */
    private static PreflightCheck sameArn(LivePrincipal live, String arn) {
        String label = "its ARN is the one that was given";
        return live.arn().toString().equals(arn)
                ? Checks.passed(label, arn)
                : Checks.refused(label, "IAM has " + live.arn(), "send that one, if it is meant");
    }

    private static PreflightCheck notOurs(PrincipalSurvey survey) {
        String label = "it is not the platform itself";
        return survey.platform().is(survey.live().arn())
                ? Checks.refused(
                        label,
                        "svc-response calls AWS as " + survey.live().principal(),
                        "nothing here can take its access away; use another account's"
                                + " administrator")
                : Checks.passed(label, "");
    }

    private static PreflightCheck room(PrincipalSurvey survey, DenyPolicy policy) {
        String label = "there is room for one more policy";
        int most = most(survey.live().principal().kind());
        int needed = survey.used() + DenyPolicy.size(policy.document());
        String detail =
                "%d of %d characters of the policies inside %s"
                        .formatted(needed, most, survey.live().principal());
        return needed > most
                ? Checks.refused(
                        label,
                        detail + " would be used",
                        "make one of them a managed policy, then try again")
                : Checks.passed(label, detail);
    }

    /** IAM's limit of all policies inside one principal together, white space not counted. */
    private static int most(IamPrincipal.Kind kind) {
        return switch (kind) {
            case USER -> 2_048;
            case ROLE -> 10_240;
        };
    }
}
