package dev.yagura.response.identity;

import dev.yagura.proto.response.v1.AccessKeyState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.WatchedEffect;
import java.time.Clock;
import java.util.List;

/** Disables a key, keeps it disabled, and gives it the status from before. */
final class AccessKeyDisabling implements WatchedEffect {
    private final IdentityCloud cloud;
    private final ActionRun run;
    private final Clock clock;
    private final ActionTarget target;

    AccessKeyDisabling(IdentityCloud cloud, ActionRun run, Clock clock) {
        this.cloud = cloud;
        this.run = run;
        this.clock = clock;
        this.target = run.action().getTarget();
    }

    @Override
    public void apply() {
        if (!run.action().hasAccessKeyState()) {
            prepare();
        }
        DisabledKeys key = key();
        key.disable();
        run.verifying("the key is inactive; reading back");
        key.readBack();
    }

    /** State first: nothing is changed before what was is written. */
    private void prepare() {
        AccessKeySurvey survey =
                AccessKeySurvey.take(cloud.iam(), target.getAccessKeyId(), Platform.of(cloud));
        Plan plan = AccessKeyPlan.of(survey, target, clock.instant());
        Checks.requireNoneRefused(plan.getChecksList());
        AccessKeyState saved = survey.state().clearAccessKeyId().build();
        run.prepared(plan, saving -> saving.setAccessKeyState(saved));
    }

    @Override
    public void watch() {
        key().watch();
    }

    @Override
    public void undo() {
        if (!run.action().hasAccessKeyState()) {
            run.verified(
                    VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, true, "nothing was changed");
            return;
        }
        key().undo();
    }

    @Override
    public String remains() {
        return key().text() + "; undo restores it if this action disabled it";
    }

    private DisabledKeys key() {
        return new DisabledKeys(
                cloud.iam(),
                run,
                List.of(
                        run.action().getAccessKeyState().toBuilder()
                                .setAccessKeyId(target.getAccessKeyId())
                                .build()));
    }
}
