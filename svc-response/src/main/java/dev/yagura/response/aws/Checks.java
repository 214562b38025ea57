package dev.yagura.response.aws;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.action.ActionFailedException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Checks of a plan, and those that every action on an instance has. */
public final class Checks {
    private static final String PROTECTED_TAG = "yagura:protected";
    private static final List<String> AWS_OWNED_PATHS =
            List.of("/aws-service-role/", "/aws-reserved/");

    private Checks() {}

    public static PreflightCheck passed(String label, String detail) {
        return check(label, CheckOutcome.CHECK_OUTCOME_PASSED, detail, "");
    }

    public static PreflightCheck warning(String label, String detail, String remedy) {
        return check(label, CheckOutcome.CHECK_OUTCOME_WARNING, detail, remedy);
    }

    public static PreflightCheck refused(String label, String detail, String remedy) {
        return check(label, CheckOutcome.CHECK_OUTCOME_REFUSED, detail, remedy);
    }

    /** A refusal that a person may override. */
    public static PreflightCheck refused(String label, String detail, String remedy, String guard) {
        return refused(
                        label,
                        detail,
                        remedy + "; or override the guard " + guard + ", which only a person may")
                .toBuilder()
                .setGuard(guard)
                .build();
    }

    /**
     * AWS answers for the account whose credentials are used.
     *
     * @param ownerId of the instance, user or role, by AWS
     */
    public static PreflightCheck account(String ownerId, ActionTarget target) {
        String label = "it is in the given account";
        String account = target.getScope().getAccountId();
        return ownerId.equals(account)
                ? passed(label, "account " + account)
                : refused(
                        label,
                        "AWS answers for account " + ownerId + ", not " + account,
                        "set yagura.response.aws.role to a role that every account has");
    }

    /**
     * Whoever tagged it does not want it touched.
     *
     * @param name of the instance, user or role
     */
    public static PreflightCheck unprotected(String name, Map<String, String> tags) {
        String label = "it is not protected";
        return "true".equals(tags.get(PROTECTED_TAG))
                ? refused(
                        label,
                        name
                                + " has the tag "
                                + PROTECTED_TAG
                                + "=true: a part of the platform itself, for example",
                        "remove the tag if it must be acted on all the same")
                : passed(label, "");
    }

    /**
     * AWS keeps some roles to itself.
     *
     * @param path of the role, which its owner cannot choose
     */
    public static PreflightCheck changeableRole(String arn, String path) {
        String label = "the role can be changed";
        return AWS_OWNED_PATHS.stream().anyMatch(path::startsWith)
                ? refused(
                        label,
                        arn
                                + " is a service-linked role or one of AWS Identity Center: only"
                                + " AWS changes it",
                        "end the sessions in the service that owns it")
                : passed(label, arn);
    }

    public static boolean isAnyRefused(List<PreflightCheck> checks) {
        return checks.stream()
                .anyMatch(check -> check.getOutcome() == CheckOutcome.CHECK_OUTCOME_REFUSED);
    }

    /**
     * Ends an action that is refused now.
     *
     * @throws ActionFailedException with "label: detail; remedy" of everything that refuses
     */
    public static void requireNoneRefused(List<PreflightCheck> checks) {
        String refused =
                checks.stream()
                        .filter(check -> check.getOutcome() == CheckOutcome.CHECK_OUTCOME_REFUSED)
                        .map(check ->
                                "%s: %s; %s"
                                        .formatted(
                                                check.getLabel(),
                                                check.getDetail(),
                                                check.getRemedy()))
                        .collect(Collectors.joining(". "));
        if (!refused.isEmpty()) {
            throw new ActionFailedException("refused: " + refused);
        }
    }

    private static PreflightCheck check(
            String label, CheckOutcome outcome, String detail, String remedy) {
        return PreflightCheck.newBuilder()
                .setLabel(label)
                .setOutcome(outcome)
                .setDetail(detail)
                .setRemedy(remedy)
                .build();
    }
}
