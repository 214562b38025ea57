package dev.yagura.response.invocation;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.aws.Checks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What must hold before a function is invoked; each refusal with its reason and remedy. */
final class InvocationPreflight {
    /** How long a new environment of a function may take to begin, before its timeout counts. */
    private static final Duration START = Duration.ofSeconds(10);

    private static final String PREFIX = "yagura.response.invoke-lambda.";

    private InvocationPreflight() {}

    static List<PreflightCheck> checks(
            InvocationSurvey survey, String name, ActionTarget target, InvocationConfig config) {
        List<PreflightCheck> checks = new ArrayList<>();
        checks.add(allowed(survey, name, config));
        survey.allowed().ifPresent(function -> checks.add(same(function, survey)));
        survey.version()
                .ifPresent(version -> {
                    checks.add(Checks.account(version.accountId(), target));
                    checks.add(published(version));
                    checks.add(ending(version, config));
                    checks.add(permitted(survey));
                });
        return List.copyOf(checks);
    }

    private static PreflightCheck allowed(
            InvocationSurvey survey, String name, InvocationConfig config) {
        String label = "the function is on the allow-list";
        return survey.allowed()
                .map(function -> Checks.passed(label, function.toString()))
                .orElseGet(() ->
                        Checks.refused(
                                label,
                                name + " is not; allowed: " + config.allowed(),
                                "read what it does, then add it to " + PREFIX + "functions"));
    }

    /** Another code could do anything that its role may. */
    private static PreflightCheck same(AllowedFunction function, InvocationSurvey survey) {
        String label = "its code is the one of the allow-list";
        if (survey.version().isEmpty()) {
            return Checks.refused(
                    label,
                    "the account has no " + function + " in this region",
                    "publish it there, or change the entry in " + PREFIX + "functions");
        }
        String found = survey.version().get().codeSha256();
        String version = function + ", which is version " + survey.version().get().number();
        return found.equals(function.codeSha256())
                ? Checks.passed(label, version + ", CodeSha256 " + found)
                : Checks.refused(
                        label,
                        "the CodeSha256 of " + version + ", is " + found,
                        "find out who changed it; if it is right, read it and change the entry in "
                                + PREFIX
                                + "functions");
    }

    private static PreflightCheck published(InvocationSurvey.LiveVersion version) {
        String label = "nobody can change it meanwhile";
        return version.isPublished()
                ? Checks.passed(label, "version " + version.number() + " is published")
                : Checks.refused(
                        label,
                        "the alias names " + version.number() + ", which is not published",
                        "publish a version, and let the alias name that");
    }

    private static PreflightCheck ending(
            InvocationSurvey.LiveVersion version, InvocationConfig config) {
        String label = "its answer is waited for until it ends";
        String detail =
                "it may run for %d s and take %d s to begin; %d s are waited"
                        .formatted(
                                version.timeout().toSeconds(),
                                START.toSeconds(),
                                config.answerTimeout().toSeconds());
        return version.timeout().plus(START).compareTo(config.answerTimeout()) <= 0
                ? Checks.passed(label, detail)
                : Checks.refused(
                        label,
                        detail,
                        "give it a shorter timeout and let it do what is long asynchronously, or"
                                + " raise "
                                + PREFIX
                                + "answer-timeout and yagura.response.action.lease");
    }

    private static PreflightCheck permitted(InvocationSurvey survey) {
        String label = "Lambda allows the invocation";
        return survey.isDenied()
                ? Checks.refused(
                        label,
                        survey.dryRun(),
                        "give the role of svc-response what deploy/policies/invoke_lambda.json"
                                + " lists")
                : Checks.passed(label, "by Lambda's own dry run");
    }
}
