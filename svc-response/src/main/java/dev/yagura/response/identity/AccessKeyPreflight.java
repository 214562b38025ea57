package dev.yagura.response.identity;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.aws.Checks;
import java.util.List;
import java.util.stream.Collectors;

/** What must hold before a key is disabled, and what that touches. */
final class AccessKeyPreflight {
    private AccessKeyPreflight() {}

    static List<PreflightCheck> checks(AccessKeySurvey survey, ActionTarget target) {
        return List.of(
                Checks.account(survey.user().arn().accountId(), target),
                notOurs(survey),
                Checks.unprotected(survey.user().principal().toString(), survey.user().tags()),
                active(survey),
                users(survey),
                others(survey));
    }

    private static PreflightCheck notOurs(AccessKeySurvey survey) {
        String label = "it is not a key of the platform";
        if (survey.key().id().equals(survey.platform().accessKeyId())) {
            return Checks.refused(
                    label,
                    "svc-response itself calls AWS with it",
                    "give svc-response another key, then disable this one");
        }
        return survey.platform().is(survey.user().arn())
                ? Checks.warning(
                        label,
                        "svc-response is the same user, with another key",
                        "make sure that no other part of the platform uses this one")
                : Checks.passed(label, "it is of " + survey.user().principal());
    }

    private static PreflightCheck active(AccessKeySurvey survey) {
        String label = "it is active";
        return survey.key().isActive()
                ? Checks.passed(label, "")
                : Checks.warning(
                        label,
                        "it is " + survey.key().status() + " already: nothing is changed",
                        "undo leaves it so");
    }

    /** IAM does not know more than the last use. */
    private static PreflightCheck users(AccessKeySurvey survey) {
        String label = "what loses access";
        String detail = "whatever calls AWS with it; " + survey.use();
        return survey.use().at() == null
                ? Checks.passed(label, detail)
                : Checks.warning(
                        label,
                        detail,
                        "CloudTrail shows all its uses by userIdentity.accessKeyId; give what must"
                                + " go on another key");
    }

    private static PreflightCheck others(AccessKeySurvey survey) {
        String label = "other keys of the user";
        String keys =
                survey.others().stream()
                        .map(AccessKeySurvey.OtherKey::toString)
                        .collect(Collectors.joining(", "));
        return survey.others().stream().anyMatch(each -> each.key().isActive())
                ? Checks.warning(
                        label, keys + " go on", "disable each that the intruder may have too")
                : Checks.passed(label, keys.isEmpty() ? "none" : keys);
    }
}
