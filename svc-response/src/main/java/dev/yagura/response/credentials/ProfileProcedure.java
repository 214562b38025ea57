package dev.yagura.response.credentials;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.ProfileState;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.PastActions;
import dev.yagura.response.action.Procedure;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.ScopedClients;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;

/** replace_instance_profile. */
@ApplicationScoped
public class ProfileProcedure implements Procedure {
    private static final AwsErrors ERRORS =
            AwsErrors.of(ActionKind.ACTION_KIND_REPLACE_INSTANCE_PROFILE);

    private final ScopedClients<RoleCloud> clients;
    private final PastActions past;
    private final Clock clock;

    @Inject
    ProfileProcedure(Settings settings, PastActions past, Clock clock) {
        AwsClients aws = new AwsClients(AwsConfig.from(settings));
        this.clients = new ScopedClients<>(scope -> RoleCloud.open(aws, scope));
        this.past = past;
        this.clock = clock;
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    @Override
    public ActionKind kind() {
        return ActionKind.ACTION_KIND_REPLACE_INSTANCE_PROFILE;
    }

    @Override
    public Prospect plan(ActionTarget target) {
        try {
            ProfileSurvey survey =
                    ProfileSurvey.take(new RoleReader(clients.of(target.getScope())), past, target);
            return new Prospect(
                    ProfilePlan.of(survey, target, clock.instant()), survey.instance().vpcId());
        } catch (SdkException e) {
            throw ERRORS.whilePlanning(target.getInstanceId(), e);
        }
    }

    @Override
    public void apply(ActionRun run) {
        ERRORS.running(() -> {
            if (!run.action().hasProfileState()) {
                prepare(run);
            }
            Optional<RoleReader.Association> association = swap(run).replace(() -> {});
            if (association.isEmpty()) {
                throw new ActionFailedException(
                        run.action().getTarget().getInstanceId()
                                + " has no instance profile any more; associate one by hand");
            }
            run.verifying("profile replaced; reading back");
            verify(run, association.get(), run.action().getProfileState().getProfileArn());
        });
    }

    /** State first: nothing is changed before what was is written. */
    private void prepare(ActionRun run) {
        ActionTarget target = run.action().getTarget();
        ProfileSurvey survey = ProfileSurvey.take(new RoleReader(cloud(run)), past, target);
        Plan plan = ProfilePlan.of(survey, target, clock.instant());
        Checks.requireNoneRefused(plan.getChecksList());
        ProfileState state =
                ProfileState.newBuilder()
                        .setFormerProfileArn(survey.association().orElseThrow().profileArn())
                        .setProfileArn(survey.wanted().orElseThrow().arn())
                        .build();
        run.prepared(plan, saving -> saving.setProfileState(state));
    }

    private static void verify(ActionRun run, RoleReader.Association now, String wanted) {
        String detail =
                "%s %s %s"
                        .formatted(
                                run.action().getTarget().getInstanceId(),
                                now.settled() ? "has" : "is still getting",
                                now.profileArn());
        boolean passed = now.settled() && now.profileArn().equals(wanted);
        run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, passed, detail);
        if (!passed) {
            throw new RetryLaterException("read back otherwise than set: " + detail);
        }
    }

    @Override
    public void undo(ActionRun run) {
        try {
            Action action = run.action();
            ActionTarget target = action.getTarget();
            if (!action.hasProfileState()) {
                passed(run, "nothing was changed");
                return;
            }
            ProfileSurvey.containment(past, target)
                    .ifPresent(containment -> {
                        throw new ActionFailedException(
                                containment.getName()
                                        + " contains the role of "
                                        + target.getInstanceId()
                                        + " and holds its profile: undo that first, then undo"
                                        + " again");
                    });
            boolean restored = swap(run).restore();
            Optional<RoleReader.Association> now =
                    new RoleReader(cloud(run)).association(target.getInstanceId());
            if (restored && now.isPresent()) {
                verify(run, now.get(), action.getProfileState().getFormerProfileArn());
            } else {
                passed(run, "the profile of " + target.getInstanceId() + " is left");
            }
        } catch (SdkException e) {
            throw ERRORS.whileRunning(e);
        }
    }

    private static void passed(ActionRun run, String detail) {
        run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, true, detail);
    }

    @Override
    public String remains(ActionRun run) {
        String instanceId = run.action().getTarget().getInstanceId();
        return "%s has %s; undo restores what is not as before"
                .formatted(
                        instanceId,
                        new RoleReader(cloud(run))
                                .association(instanceId)
                                .map(RoleReader.Association::profileArn)
                                .orElse("no instance profile"));
    }

    private ProfileSwap swap(ActionRun run) {
        ProfileState state = run.action().getProfileState();
        return new ProfileSwap(cloud(run), run, state.getFormerProfileArn(), state.getProfileArn());
    }

    private RoleCloud cloud(ActionRun run) {
        return clients.of(run.action().getTarget().getScope());
    }
}
