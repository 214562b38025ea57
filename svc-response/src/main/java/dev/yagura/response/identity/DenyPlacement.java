package dev.yagura.response.identity;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PrincipalDenyState;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.aws.CallHistory;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.DenyPolicy;
import dev.yagura.response.aws.DenyRemoval;
import dev.yagura.response.aws.IamPrincipal;
import dev.yagura.response.aws.PolicyChange;
import dev.yagura.response.aws.PrincipalPolicies;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.aws.WatchedEffect;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Puts a deny inside a user or role, keeps it there, and takes it out again. Its name is the
 * action's, so putting and deleting it twice is the same as once.
 */
public final class DenyPlacement implements WatchedEffect {
    private final Denial denial;
    private final IdentityCloud cloud;
    private final ActionRun run;
    private final Clock clock;
    private final ActionTarget target;
    private final PrincipalPolicies policies;

    DenyPlacement(Denial denial, IdentityCloud cloud, ActionRun run, Clock clock) {
        this.denial = denial;
        this.cloud = cloud;
        this.run = run;
        this.clock = clock;
        this.target = run.action().getTarget();
        this.policies = new PrincipalPolicies(cloud.iam(), denial.principal(target));
    }

    /** Whether something is as it is meant to be, and what is seen of it. */
    public record Seen(boolean passed, String detail) {}

    /** Of an action whose principal_deny_state says what was, or will be, put inside a role. */
    public static DenyPlacement inRole(
            String roleName, IdentityCloud cloud, ActionRun run, Clock clock) {
        return new DenyPlacement(new ExecutionDenial(roleName, false), cloud, run, clock);
    }

    /** The same of sessions from before only. */
    public static DenyPlacement ofOlderSessions(
            String roleName, IdentityCloud cloud, ActionRun run, Clock clock) {
        return new DenyPlacement(new ExecutionDenial(roleName, true), cloud, run, clock);
    }

    @Override
    public void apply() {
        if (!run.action().hasPrincipalDenyState()) {
            prepare();
        }
        ensure();
        run.verifying("deny put; reading back");
        Seen seen = seen();
        if (!seen.passed()) {
            notSeen(seen.detail());
        }
        verified(true, seen.detail());
    }

    /** Puts it, unless it is there. */
    public void ensure() {
        otherNow()
                .ifPresent(problem -> {
                    throw new ActionFailedException(problem);
                });
        if (!isDenied()) {
            // What IAM has taken before and does not show is put again as it was.
            if (denial.hasLimit() && !history().made(PolicyChange.putOperation(principal()))) {
                save();
            }
            put();
        }
    }

    /** Reads it back. */
    public Seen seen() {
        return isDenied()
                ? new Seen(true, denied())
                : new Seen(
                        false,
                        "%s does not show the policy %s".formatted(principal(), policyName()));
    }

    /** State first: nothing is changed before what was is written. */
    private void prepare() {
        PrincipalSurvey survey =
                PrincipalSurvey.take(cloud, principal(), target.getScope().getRegion());
        String policyName = DenyPolicy.name(denial.prefix(), run.action());
        Plan plan = DenialPlan.of(denial, survey, target, policyName, clock.instant());
        Checks.requireNoneRefused(plan.getChecksList());
        PrincipalDenyState saved =
                PrincipalDenyState.newBuilder()
                        .setPrincipalId(survey.live().id())
                        .setPolicyName(policyName)
                        .build();
        run.prepared(plan, saving -> saving.setPrincipalDenyState(saved));
    }

    /** Before each call that may be the first to arrive: sessions until then are meant. */
    private void save() {
        PrincipalDenyState limited =
                state().toBuilder()
                        .setIssuedBefore(SavedTime.of(DenyPolicy.limit(clock.instant())))
                        .build();
        run.saved(saving -> saving.setPrincipalDenyState(limited));
    }

    private void put() {
        PolicyChange.put(principal(), wanted()).make(run, cloud.iam());
    }

    @Override
    public void watch() {
        Seen seen = keep();
        watched(seen.passed(), seen.detail());
    }

    /** Reads it back, and puts it again where others took it away. */
    public Seen keep() {
        Optional<String> other = otherNow();
        if (other.isPresent()) {
            return new Seen(false, other.get());
        }
        if (isDenied()) {
            return new Seen(true, denied());
        }
        String problem = "%s does not have the policy %s".formatted(principal(), policyName());
        if (run.isDoneOften()) {
            return new Seen(false, problem + ActionRun.LEFT);
        }
        run.drift(List.of(problem + " while denied; put again"));
        watched(false, problem);
        put();
        return isDenied()
                ? new Seen(true, denied())
                : new Seen(false, "the policy that was put again is not shown yet");
    }

    @Override
    public void undo() {
        if (!run.action().hasPrincipalDenyState()) {
            verified(true, "nothing was changed");
            return;
        }
        Seen seen = remove();
        if (!seen.passed()) {
            notSeen(seen.detail());
        }
        verified(true, seen.detail());
    }

    /** Takes it out again, and reads back. */
    public Seen remove() {
        new DenyRemoval(cloud.iam(), principal(), policyName(), run).remove();
        return policies.document(policyName()).isPresent()
                ? new Seen(
                        false, "%s still shows the policy %s".formatted(principal(), policyName()))
                : new Seen(true, "%s has no policy of this action".formatted(principal()));
    }

    @Override
    public String remains() {
        return "%s %s the policy %s; undo removes it"
                .formatted(
                        principal(),
                        policies.document(policyName()).isPresent() ? "has" : "does not have",
                        policyName());
    }

    /** Why it is not the one of the plan any more; empty when it is. */
    private Optional<String> otherNow() {
        Optional<LivePrincipal> now = new IdentityReader(cloud.iam()).principal(principal());
        if (now.isEmpty()) {
            return Optional.of(principal() + " was deleted meanwhile");
        }
        return now.get().id().equals(state().getPrincipalId())
                ? Optional.empty()
                : Optional.of(
                        "%s was deleted, and another one has its name now: deny that one by an"
                                        .formatted(principal())
                                + " action of its own");
    }

    private boolean isDenied() {
        return (!denial.hasLimit() || state().hasIssuedBefore()) && policies.has(wanted());
    }

    private DenyPolicy wanted() {
        return denial.policy(policyName(), SavedTime.read(state().getIssuedBefore()));
    }

    private String denied() {
        return denial.hasLimit()
                ? "%s denies every session from before %s (policy %s)"
                        .formatted(
                                principal(),
                                SavedTime.read(state().getIssuedBefore()),
                                policyName())
                : "%s is denied everything (policy %s)".formatted(principal(), policyName());
    }

    private IamPrincipal principal() {
        return policies.principal();
    }

    private String policyName() {
        return state().getPolicyName();
    }

    private PrincipalDenyState state() {
        return run.action().getPrincipalDenyState();
    }

    private CallHistory history() {
        return new CallHistory(run.action());
    }

    private void notSeen(String detail) {
        verified(false, detail);
        throw new RetryLaterException(detail + ": IAM needs a while, or somebody changed it");
    }

    private void verified(boolean passed, String detail) {
        run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, passed, detail);
    }

    private void watched(boolean passed, String detail) {
        run.watched(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, passed, detail);
    }
}
