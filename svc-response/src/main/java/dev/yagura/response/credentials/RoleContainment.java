package dev.yagura.response.credentials;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.proto.response.v1.RoleSessionState;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.DenyPolicy;
import dev.yagura.response.aws.SavedTime;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Applies a containment: saves, replaces the profile, lets Systems Manager follow, denies, reads
 * back. Begun before or not, it reads the world and does what is missing.
 */
final class RoleContainment {
    private static final String NO_CREDENTIALS = "Systems Manager has no credentials there";

    private final RoleCloud cloud;
    private final RoleReader reader;
    private final CredentialsConfig config;
    private final ActionRun run;
    private final Clock clock;
    private final ActionTarget target;
    private final String instanceId;
    private final ChainDenial chains;

    RoleContainment(RoleCloud cloud, CredentialsConfig config, ActionRun run, Clock clock) {
        this.cloud = cloud;
        this.reader = new RoleReader(cloud);
        this.config = config;
        this.run = run;
        this.clock = clock;
        this.target = run.action().getTarget();
        this.instanceId = target.getInstanceId();
        this.chains = new ChainDenial(cloud, config, run, clock);
    }

    void apply() {
        if (!run.action().hasRoleSessionState()) {
            prepare();
        }
        Optional<RoleReader.Association> association = replaceProfile();
        letSystemsManagerFollow(association);
        deny();
        Optional<String> gap = chains.follow();
        if (!state().hasAssociateTime()) {
            // EC2 may have got done with the new profile meanwhile.
            replaceProfile();
            deny();
        }
        run.verifying("profile replaced and sessions denied; reading back");
        verify(gap);
    }

    /** State first: nothing is changed before what was is written. */
    private void prepare() {
        RoleSurvey survey = RoleSurvey.take(reader, target, config);
        List<PreflightCheck> checks = RolePreflight.checks(survey, target, config);
        Checks.requireNoneRefused(checks);
        Action action = run.action();
        String policyName = SessionDeny.name(action);
        Plan plan = RolePlan.of(survey, target, policyName, checks, clock.instant());
        RoleSessionState saved =
                RoleSessionState.newBuilder()
                        .setInstanceProfileArn(survey.association().orElseThrow().profileArn())
                        .setRoleName(survey.role().orElseThrow().name())
                        .setQuarantineProfileArn(survey.quarantine().orElseThrow().arn())
                        .setPolicyName(policyName)
                        .build();
        run.prepared(plan, saving -> saving.setRoleSessionState(saved));
    }

    /** The instance's association then; empty when somebody took its profile away. */
    private Optional<RoleReader.Association> replaceProfile() {
        ProfileSwap swap =
                new ProfileSwap(
                        cloud,
                        run,
                        state().getInstanceProfileArn(),
                        state().getQuarantineProfileArn());
        // No profile, no new credentials; those from before are denied all the same.
        Optional<RoleReader.Association> found = swap.replace(this::forgetProgress);
        found.ifPresent(this::noteProgress);
        return found;
    }

    /** Somebody gave it back: the host gets sessions of the role again. */
    private void forgetProgress() {
        if (state().hasReplaceTime()) {
            save(state().toBuilder().clearReplaceTime().clearAssociateTime().build());
        }
    }

    private void noteProgress(RoleReader.Association quarantine) {
        RoleSessionState.Builder noted = state().toBuilder();
        if (!noted.hasReplaceTime()) {
            noted.setReplaceTime(SavedTime.of(clock.instant()));
        }
        if (!noted.hasAssociateTime() && quarantine.settled()) {
            noted.setAssociateTime(SavedTime.of(clock.instant()));
        }
        if (!noted.build().equals(state())) {
            save(noted.build());
        }
    }

    /** Bounded: the intruder's sessions work until the deny. */
    private void letSystemsManagerFollow(Optional<RoleReader.Association> association) {
        if (association.isEmpty() || state().hasIssuedBefore()) {
            return;
        }
        Instant seenAt = SavedTime.read(state().getReplaceTime());
        boolean over = !clock.instant().isBefore(seenAt.plus(config.ssmWait()));
        if (over) {
            return;
        }
        requireSettled(association.get());
        ControlPath path = ControlPath.look(reader, instanceId, association.get().since(), seenAt);
        if (path.worthWaiting()) {
            throw new RetryLaterException(path.text());
        }
    }

    private void deny() {
        if (!state().hasIssuedBefore() || limitIsTooEarly()) {
            save(
                    state().toBuilder()
                            .setIssuedBefore(SavedTime.of(DenyPolicy.limit(clock.instant())))
                            .build());
        }
        DenyPolicy deny = wanted();
        boolean there =
                reader.policy(state().getRoleName(), deny.name())
                        .filter(deny::isSameAs)
                        .isPresent();
        if (!there) {
            RoleChange change = RoleChange.put(state().getRoleName(), deny);
            run.call(change.call(), () -> change.request().send(cloud));
        }
    }

    /** The host got sessions of its role until EC2 was done with the new profile. */
    private boolean limitIsTooEarly() {
        return state().hasAssociateTime()
                && !SavedTime.read(state().getIssuedBefore())
                        .isAfter(SavedTime.read(state().getAssociateTime()));
    }

    /**
     * @param gap why there may be more sessions that came of the denied ones
     */
    private void verify(Optional<String> gap) {
        Optional<RoleReader.Association> association = reader.association(instanceId);
        List<String> problems = problems(association);
        if (!problems.isEmpty()) {
            String detail = String.join("; ", problems);
            run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, false, detail);
            throw new RetryLaterException("read back otherwise than set: " + detail);
        }
        if (!deniesAllUntilTheNewProfile(association)) {
            throw new RetryLaterException(
                    "EC2 got done with the new profile meanwhile; what the host got until then is"
                            + " denied next");
        }
        String path =
                association
                        .map(each ->
                                ControlPath.look(
                                                reader,
                                                instanceId,
                                                each.since(),
                                                SavedTime.read(state().getReplaceTime()))
                                        .text())
                        .orElse(NO_CREDENTIALS);
        run.verified(
                VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ,
                true,
                detail(association, path, gap));
    }

    /** Of a containment in force: reads it back, and does again what others changed. */
    void watch() {
        Optional<RoleReader.Association> association = reader.association(instanceId);
        List<String> problems = problems(association);
        Optional<String> gap = chains.isOpen() ? chains.follow() : Optional.empty();
        if (problems.isEmpty() && deniesAllUntilTheNewProfile(association)) {
            watched(problems, gap);
        } else if (run.isDoneOften()) {
            watched(List.of(String.join("; ", problems) + ActionRun.LEFT), gap);
        } else {
            run.drift(
                    problems.stream()
                            .map(problem -> problem + " while contained; contained again")
                            .toList());
            if (!problems.isEmpty()) {
                watched(problems, gap);
            }
            replaceProfile();
            deny();
            chains.deny();
            watched(problems(reader.association(instanceId)), gap);
        }
    }

    /** Sessions that the host got until EC2 was done with the quarantine profile are denied too. */
    private boolean deniesAllUntilTheNewProfile(Optional<RoleReader.Association> association) {
        return association.isEmpty() || state().hasAssociateTime();
    }

    private void watched(List<String> problems, Optional<String> gap) {
        Optional<RoleReader.Association> association = reader.association(instanceId);
        String path = association.isEmpty() ? NO_CREDENTIALS : ControlPath.now(reader, instanceId);
        run.watched(
                VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ,
                problems.isEmpty(),
                problems.isEmpty() ? detail(association, path, gap) : String.join("; ", problems));
    }

    private List<String> problems(Optional<RoleReader.Association> association) {
        List<String> problems = new ArrayList<>();
        association
                .filter(each -> !has(each, state().getQuarantineProfileArn()) || !each.settled())
                .ifPresent(each ->
                        problems.add(
                                instanceId
                                        + (each.settled() ? " has " : " is still getting ")
                                        + each.profileArn()));
        DenyPolicy deny = wanted();
        boolean denied =
                reader.policy(state().getRoleName(), deny.name())
                        .filter(deny::isSameAs)
                        .isPresent();
        if (!denied) {
            problems.add(state().getRoleName() + " does not have the policy " + deny.name());
        }
        problems.addAll(chains.problems());
        return problems;
    }

    private String detail(
            Optional<RoleReader.Association> association, String path, Optional<String> gap) {
        String profile =
                association
                        .map(each -> RoleSurvey.name(each.profileArn()))
                        .orElse("no instance profile");
        return "%s has %s; %s denies every session that it got before %s (policy %s); %s%s. %s."
                .formatted(
                        instanceId,
                        profile,
                        state().getRoleName(),
                        SavedTime.read(state().getIssuedBefore()),
                        state().getPolicyName(),
                        chains.facts(),
                        gap.map(reason -> "; " + reason).orElse(""),
                        path);
    }

    private void requireSettled(RoleReader.Association association) {
        if (!association.settled()) {
            throw new RetryLaterException(
                    "EC2 is still associating " + association.profileArn() + " with " + instanceId);
        }
    }

    private DenyPolicy wanted() {
        return SessionDeny.of(
                state().getPolicyName(), target, SavedTime.read(state().getIssuedBefore()));
    }

    private RoleSessionState state() {
        return run.action().getRoleSessionState();
    }

    private void save(RoleSessionState changed) {
        run.saved(saving -> saving.setRoleSessionState(changed));
    }

    private static boolean has(RoleReader.Association association, String profileArn) {
        return association.profileArn().equals(profileArn);
    }
}
