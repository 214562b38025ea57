package dev.yagura.response.securityhub;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
import dev.yagura.common.config.Settings;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.FindingsState;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.Procedure;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.ScopedClients;
import dev.yagura.response.proposal.IncidentSource;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.securityhub.model.SecurityHubException;

/** import_findings. */
@ApplicationScoped
public class FindingsProcedure implements Procedure {
    private static final AwsErrors ERRORS = AwsErrors.of(ActionKind.ACTION_KIND_IMPORT_FINDINGS);

    private final ScopedClients<SecurityHubCloud> clients;
    private final IncidentSource incidents;
    private final FindingsConfig config;
    private final Clock clock;

    @Inject
    FindingsProcedure(Settings settings, IncidentSource incidents, Clock clock) {
        AwsClients aws = new AwsClients(AwsConfig.from(settings));
        this.clients = new ScopedClients<>(scope -> SecurityHubCloud.open(aws, scope));
        this.incidents = incidents;
        this.config = FindingsConfig.from(settings);
        this.clock = clock;
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    @Override
    public ActionKind kind() {
        return ActionKind.ACTION_KIND_IMPORT_FINDINGS;
    }

    /** A later import of the same incident is an update, which undo does not take back. */
    @Override
    public boolean holdsUntilUndone() {
        return false;
    }

    @Override
    public Duration deadline(Duration usual) {
        return usual.plus(config.patience());
    }

    @Override
    public Prospect plan(ActionTarget target) {
        throw new InvalidFieldException(
                "incident", "is empty", "send the incident that becomes a finding");
    }

    /** Imports of one incident run one after the other: the newest is the last. */
    @Override
    public Prospect plan(ActionTarget target, String incident) {
        try {
            FindingsPlan planned =
                    FindingsPlan.of(
                            clients.of(target.getScope()),
                            incidents.get(incident),
                            target.getScope(),
                            clock.instant());
            return new Prospect(planned.plan(), incident);
        } catch (SdkException e) {
            throw ERRORS.whilePlanning("", e);
        }
    }

    @Override
    public void apply(ActionRun run) {
        work(run, FindingsRun::apply);
    }

    @Override
    public void undo(ActionRun run) {
        work(run, FindingsRun::undo);
    }

    private void work(ActionRun run, Consumer<FindingsRun> part) {
        try {
            part.accept(
                    new FindingsRun(
                            clients.of(run.action().getTarget().getScope()),
                            incidents,
                            config,
                            clock,
                            run));
        } catch (SecurityHubException e) {
            throw SecurityHubCloud.isNotEnabled(e)
                    ? notEnabled(run.action().getTarget().getScope(), e)
                    : ERRORS.whileRunning(e);
        } catch (SdkException e) {
            throw ERRORS.whileRunning(e);
        }
    }

    /** Its findings went with it. */
    private static ActionFailedException notEnabled(Scope scope, SecurityHubException error) {
        return new ActionFailedException(
                FindingsPlan.notEnabled(scope) + "; " + FindingsPlan.remedy(scope), error);
    }

    @Override
    public String remains(ActionRun run) {
        FindingsState state = run.action().getFindingsState();
        return "the finding %s may be in Security Hub; undo archives it, and a new import updates it"
                .formatted(state.getFinding().getId());
    }
}
