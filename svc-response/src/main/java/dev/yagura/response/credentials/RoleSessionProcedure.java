package dev.yagura.response.credentials;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.RoleSessionState;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.WatchedProcedure;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.ScopedClients;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkException;

/** contain_role_session. */
@ApplicationScoped
public class RoleSessionProcedure implements WatchedProcedure {
    private static final AwsErrors ERRORS =
            AwsErrors.of(ActionKind.ACTION_KIND_CONTAIN_ROLE_SESSION);

    private final ScopedClients<RoleCloud> clients;
    private final CredentialsConfig config;
    private final Clock clock;

    @Inject
    RoleSessionProcedure(Settings settings, Clock clock) {
        AwsClients aws = new AwsClients(AwsConfig.from(settings));
        this.clients = new ScopedClients<>(scope -> RoleCloud.open(aws, scope));
        this.config = CredentialsConfig.from(settings);
        this.clock = clock;
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    @Override
    public ActionKind kind() {
        return ActionKind.ACTION_KIND_CONTAIN_ROLE_SESSION;
    }

    /** Asks CloudTrail too, for a while. */
    @Override
    public Prospect plan(ActionTarget target) {
        return prospect(target, true);
    }

    /** Without CloudTrail, which is slow: the run asks it when the role is contained. */
    @Override
    public Prospect planToStore(ActionTarget target, String incident) {
        return prospect(target, false);
    }

    private Prospect prospect(ActionTarget target, boolean following) {
        try {
            RoleReader reader = new RoleReader(clients.of(target.getScope()));
            RoleSurvey taken = RoleSurvey.take(reader, target, config);
            RoleSurvey survey = following ? followed(reader, target, taken) : taken;
            return new Prospect(
                    RolePlan.of(
                            survey,
                            target,
                            SessionDeny.name(Action.getDefaultInstance()),
                            RolePreflight.checks(survey, target, config),
                            clock.instant()),
                    survey.instance().vpcId());
        } catch (SdkException e) {
            throw ERRORS.whilePlanning(target.getInstanceId(), e);
        }
    }

    private RoleSurvey followed(RoleReader reader, ActionTarget target, RoleSurvey survey) {
        return survey.role()
                .map(role ->
                        reader.chained(
                                target,
                                role.name(),
                                clock,
                                new TrailSearch.Patience(config.trailWait(), config.trailWait()),
                                step -> {}))
                // With a role its sessions are gone.
                .map(found ->
                        found.ofRoles(arn ->
                                !ChainDenial.isHere(target.getScope(), arn)
                                        || reader.roleExists(ChainDenial.name(arn))))
                .map(survey::with)
                .orElse(survey);
    }

    @Override
    public void apply(ActionRun run) {
        ERRORS.running(
                () -> new RoleContainment(clients.of(scope(run)), config, run, clock).apply());
    }

    @Override
    public void watch(ActionRun run) {
        ERRORS.running(
                () -> new RoleContainment(clients.of(scope(run)), config, run, clock).watch());
    }

    @Override
    public void undo(ActionRun run) {
        ERRORS.running(() -> new RoleRelease(clients.of(scope(run)), run).undo());
    }

    @Override
    public String remains(ActionRun run) {
        RoleReader reader = new RoleReader(clients.of(scope(run)));
        RoleSessionState state = run.action().getRoleSessionState();
        String instanceId = run.action().getTarget().getInstanceId();
        boolean denied = reader.policy(state.getRoleName(), state.getPolicyName()).isPresent();
        return "%s has %s, %s %s; undo restores what is not as before"
                .formatted(
                        instanceId,
                        reader.association(instanceId)
                                .map(RoleReader.Association::profileArn)
                                .orElse("no instance profile"),
                        state.getRoleName(),
                        (denied ? "denies its sessions from before" : "denies nothing")
                                + ChainDenial.put(run.action()).entrySet().stream()
                                        .filter(put ->
                                                reader.policy(put.getKey(), put.getValue())
                                                        .isPresent())
                                        .map(put ->
                                                ", " + put.getKey() + " those that came of them")
                                        .collect(Collectors.joining()));
    }

    private static Scope scope(ActionRun run) {
        return run.action().getTarget().getScope();
    }
}
