package dev.yagura.response.identity;

import dev.yagura.proto.response.v1.AccessKeyState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.aws.AwsChange;
import dev.yagura.response.aws.CallHistory;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.WatchedEffect;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.iam.IamClient;

/**
 * Disables a key, keeps it disabled, and gives it the status from before. IAM may show an older
 * status for a while; setting one that is there already changes nothing, so whatever is not seen is
 * set again.
 */
final class AccessKeyDisabling implements WatchedEffect {
    private final IdentityCloud cloud;
    private final IdentityReader reader;
    private final ActionRun run;
    private final Clock clock;
    private final ActionTarget target;
    private final String keyId;

    AccessKeyDisabling(IdentityCloud cloud, ActionRun run, Clock clock) {
        this.cloud = cloud;
        this.reader = new IdentityReader(cloud.iam());
        this.run = run;
        this.clock = clock;
        this.target = run.action().getTarget();
        this.keyId = target.getAccessKeyId();
    }

    @Override
    public void apply() {
        if (!run.action().hasAccessKeyState()) {
            prepare();
        }
        if (live().isActive()) {
            disabling().make(run, cloud.iam());
        }
        run.verifying("the key is inactive; reading back");
        String status = live().status();
        if (status.equals(IdentityReader.LiveKey.ACTIVE)) {
            notSeen("%s of %s is shown as Active".formatted(keyId, user()));
        }
        verified(true, "%s of %s is %s".formatted(keyId, user(), status));
    }

    /** State first: nothing is changed before what was is written. */
    private void prepare() {
        AccessKeySurvey survey = AccessKeySurvey.take(cloud, keyId);
        Plan plan = AccessKeyPlan.of(survey, target, clock.instant());
        Checks.requireNoneRefused(plan.getChecksList());
        AccessKeyState saved =
                AccessKeyState.newBuilder()
                        .setUserName(survey.userName())
                        .setStatus(survey.key().status())
                        .build();
        run.prepared(plan, saving -> saving.setAccessKeyState(saved));
    }

    @Override
    public void watch() {
        Optional<IdentityReader.LiveKey> key = reader.key(user(), keyId);
        if (key.isPresent() && key.get().isActive()) {
            String problem = "%s of %s is Active".formatted(keyId, user());
            if (run.isDoneOften()) {
                watched(false, problem + ActionRun.LEFT);
                return;
            }
            run.drift(List.of(problem + " while disabled; disabled again"));
            watched(false, problem);
            disabling().make(run, cloud.iam());
            key = reader.key(user(), keyId);
        }
        watched(
                key.isEmpty() || !key.get().isActive(),
                "%s of %s is %s"
                        .formatted(
                                keyId,
                                user(),
                                key.map(IdentityReader.LiveKey::status).orElse("deleted")));
    }

    @Override
    public void undo() {
        if (!run.action().hasAccessKeyState()) {
            verified(true, "nothing was changed");
            return;
        }
        Optional<IdentityReader.LiveKey> key = reader.key(user(), keyId);
        if (key.isEmpty()) {
            run.drift(List.of(keyId + " was deleted meanwhile: nothing of it is left to restore"));
            verified(true, keyId + " does not exist any more");
            return;
        }
        if (before().equals(IdentityReader.LiveKey.ACTIVE)) {
            enable(key.get());
        } else if (key.get().isActive()) {
            run.drift(
                    List.of(
                            "%s was set Active meanwhile; left so (before: %s)"
                                    .formatted(keyId, before())));
        }
        verified(true, "%s of %s is %s".formatted(keyId, user(), live().status()));
    }

    /** Not only where it is shown as inactive: the change may not be shown yet. */
    private void enable(IdentityReader.LiveKey seen) {
        CallHistory history = new CallHistory(run.action());
        AwsChange<IamClient> enabling =
                AccessKeyPlan.status(user(), keyId, IdentityReader.LiveKey.ACTIVE);
        boolean disabled = history.perhapsMade(disabling().call());
        boolean enabled = history.perhapsMade(enabling.call());
        if (seen.isActive() && wasSeenDisabled() && !enabled) {
            run.drift(List.of(keyId + " was set Active meanwhile"));
        }
        if (!seen.isActive() && !disabled) {
            run.drift(List.of(keyId + " was set Inactive by somebody else; left so"));
            return;
        }
        if (!seen.isActive() || (disabled && !history.made(enabling.call()))) {
            enabling.make(run, cloud.iam());
        }
        if (!live().isActive()) {
            notSeen("%s of %s is not shown as Active".formatted(keyId, user()));
        }
    }

    private boolean wasSeenDisabled() {
        return run.action().getVerificationsList().stream().anyMatch(each -> each.getPassed());
    }

    @Override
    public String remains() {
        return "%s of %s is %s; undo restores it if this action disabled it"
                .formatted(
                        keyId,
                        user(),
                        reader.key(user(), keyId)
                                .map(IdentityReader.LiveKey::status)
                                .orElse("deleted"));
    }

    private IdentityReader.LiveKey live() {
        return reader.key(user(), keyId)
                .orElseThrow(() ->
                        new ActionFailedException(
                                keyId + " was deleted meanwhile: nobody can use it any more"));
    }

    private AwsChange<IamClient> disabling() {
        return AccessKeyPlan.status(user(), keyId, IdentityReader.LiveKey.INACTIVE);
    }

    private String user() {
        return run.action().getAccessKeyState().getUserName();
    }

    private String before() {
        return run.action().getAccessKeyState().getStatus();
    }

    private void notSeen(String detail) {
        verified(false, detail);
        throw new RetryLaterException(detail + ": IAM needs a while, or somebody set it so");
    }

    private void verified(boolean passed, String detail) {
        run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, passed, detail);
    }

    private void watched(boolean passed, String detail) {
        run.watched(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, passed, detail);
    }
}
