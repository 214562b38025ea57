package dev.yagura.response.credentials;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.LiveInstance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What must hold before a role's sessions are contained; each refusal with reason and remedy. */
final class RolePreflight {
    private static final String KEY = "yagura.response.credentials.quarantine-profile";
    private static final String CHAINED = "where its sessions went on to";
    private static final String SSM_CORE = "AmazonSSMManagedInstanceCore";

    private RolePreflight() {}

    static List<PreflightCheck> checks(
            RoleSurvey survey, ActionTarget target, CredentialsConfig config) {
        List<PreflightCheck> checks = new ArrayList<>();
        checks.add(running(survey.instance()));
        checks.add(Checks.account(survey.instance().ownerId(), target));
        checks.add(Checks.unprotected(survey.instance().id(), survey.instance().tags()));
        checks.add(hasRole(survey));
        survey.role().ifPresent(role -> checks.add(Checks.changeableRole(role.arn(), role.path())));
        checks.add(quarantine(survey, target, config));
        checks.add(notContained(survey));
        survey.role().ifPresent(role -> checks.add(sharing(survey, role)));
        survey.role()
                .ifPresent(role ->
                        checks.add(
                                survey.chained()
                                        .map(found -> chained(found, target))
                                        .orElseGet(RolePreflight::chainedLater)));
        checks.add(controlPath(survey));
        return List.copyOf(checks);
    }

    private static PreflightCheck running(LiveInstance instance) {
        String label = "the instance is running";
        String state = instance.id() + " is " + instance.state();
        if (instance.isRunning()) {
            return Checks.passed(label, state);
        }
        return Checks.refused(
                label,
                state + ": EC2 replaces the instance profile of a running instance only",
                instance.isGone()
                        ? "its sessions stay valid for up to 6 hours: revoke the role's sessions by"
                                + " hand in the IAM console"
                        : "isolate it, start it, then contain its role");
    }

    private static PreflightCheck hasRole(RoleSurvey survey) {
        String label = "it has a role";
        if (survey.association().isEmpty()) {
            return Checks.refused(
                    label,
                    "it has no instance profile, so there are no credentials of it to contain",
                    "look for access keys on the host, and disable those");
        }
        String arn = survey.association().get().profileArn();
        if (survey.profile().isEmpty()) {
            return Checks.refused(
                    label,
                    arn + " does not exist any more",
                    "find its former role in CloudTrail and revoke that role's sessions by hand");
        }
        return survey.role()
                .map(role -> Checks.passed(label, role.name() + " through " + arn))
                .orElseGet(() ->
                        Checks.refused(
                                label,
                                arn + " has no role now",
                                "find its former role in CloudTrail and revoke that role's sessions"
                                        + " by hand"));
    }

    private static PreflightCheck quarantine(
            RoleSurvey survey, ActionTarget target, CredentialsConfig config) {
        String label = "the quarantine profile may do nothing but Systems Manager";
        if (config.quarantineProfile().isEmpty()) {
            return Checks.refused(label, "none is set", "make one and set " + KEY);
        }
        String name = config.quarantineProfile().get();
        Optional<RoleReader.LiveRole> role = survey.quarantine().flatMap(RoleReader.Profile::role);
        if (role.isEmpty()) {
            return Checks.refused(
                    label,
                    "the account has no instance profile " + name + " with a role",
                    "make it, with a role that EC2 may assume and the policy " + SSM_CORE);
        }
        String core =
                "arn:%s:iam::aws:policy/%s".formatted(target.getScope().getPartition(), SSM_CORE);
        List<String> more =
                survey.quarantinePolicies().stream().filter(each -> !each.equals(core)).toList();
        if (!more.isEmpty()) {
            return Checks.refused(
                    label,
                    "its role " + role.get().name() + " has also " + String.join(", ", more),
                    "take these from the role: an intruder on the host could use them");
        }
        return survey.quarantinePolicies().isEmpty()
                ? Checks.warning(
                        label,
                        "its role " + role.get().name() + " has no policy at all",
                        "attach " + SSM_CORE + " to keep Systems Manager on contained hosts")
                : Checks.passed(label, name + " with the role " + role.get().name());
    }

    private static PreflightCheck notContained(RoleSurvey survey) {
        String label = "not contained already";
        boolean same =
                survey.association()
                        .map(RoleReader.Association::profileArn)
                        .equals(survey.quarantine().map(RoleReader.Profile::arn));
        Optional<RoleReader.LiveRole> role = survey.role();
        boolean sameRole =
                role.isPresent()
                        && role.equals(survey.quarantine().flatMap(RoleReader.Profile::role));
        boolean contained = survey.association().isPresent() && (same || sameRole);
        return contained
                ? Checks.refused(
                        label,
                        "it has the quarantine profile, or its role, and no action knows the"
                                + " profile from before",
                        "give it the profile that it should have, then contain")
                : Checks.passed(label, "");
    }

    private static PreflightCheck sharing(RoleSurvey survey, RoleReader.LiveRole role) {
        String label = "who else has the role";
        String others =
                survey.sharing().isEmpty()
                        ? "no other instance of this region has " + role.name()
                        : role.name() + " is also that of " + String.join(", ", survey.sharing());
        String unseen =
                "; other regions, ECS tasks, Lambda functions and people who may assume it are not"
                        + " looked for";
        return survey.sharing().isEmpty()
                ? Checks.passed(label, others + unseen)
                : Checks.warning(
                        label,
                        others + unseen,
                        "the deny names this instance, so theirs go on; contain each one that was"
                                + " broken into");
    }

    private static PreflightCheck chainedLater() {
        return Checks.passed(
                CHAINED,
                "CloudTrail is asked when the instance's own sessions are denied; a plan without an"
                        + " action (validate_only) asks it at once");
    }

    private static PreflightCheck chained(ChainedSessions chained, ActionTarget target) {
        List<String> facts = new ArrayList<>();
        List<String> remedies = new ArrayList<>();
        facts.add(
                chained.sessions().isEmpty()
                        ? "CloudTrail knows of no role that was assumed with them within the hour"
                        : chained.roles().collect(Collectors.joining(", ")));
        chained.gap()
                .ifPresent(gap -> {
                    facts.add(gap);
                    remedies.add(
                            "the action asks CloudTrail again, for two hours; let the role of"
                                    + " svc-response look up events (cloudtrail:LookupEvents), or"
                                    + " look for AssumeRole by hand");
                });
        chained.roles()
                .forEach(arn -> {
                    List<String> ids = chained.idsOf(arn);
                    int left = ids.size() - ChainDenial.fitting(List.of(), ids).size();
                    if (!ChainDenial.isHere(target.getScope(), arn)) {
                        facts.add(arn + " is in another account, and its sessions are left");
                        remedies.add(ChainDenial.remedy(arn));
                    } else if (left > 0) {
                        facts.add(ChainDenial.left(arn, left));
                        remedies.add(ChainDenial.remedy(arn));
                    }
                });
        String found = String.join("; ", facts);
        return remedies.isEmpty()
                ? Checks.passed(CHAINED, found)
                : Checks.warning(CHAINED, found, String.join("; ", remedies));
    }

    private static PreflightCheck controlPath(RoleSurvey survey) {
        String label = "Systems Manager can tell when the new profile works";
        return survey.unmanaged()
                .map(reason ->
                        Checks.warning(
                                label,
                                reason + ": the deny follows the new profile at once",
                                "none is needed to contain it"))
                .orElseGet(() -> Checks.passed(label, "it manages the instance"));
    }
}
