package dev.yagura.response.identity;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.WatchedProcedure;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.ScopedClients;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkException;

/** A kind that acts on IAM: clients and errors are the same for all of them. */
final class IdentityProcedure implements WatchedProcedure {
    private final ActionKind kind;
    private final ScopedClients<IdentityCloud> clients;
    private final Clock clock;
    private final Planner planner;
    private final Effects effects;
    private final AwsErrors errors;

    /** What would be done now; throws what the SDK throws, and NotFoundException. */
    interface Planner {
        Plan plan(IdentityCloud cloud, ActionTarget target, Instant now);
    }

    /** What is done. */
    interface Effects {
        IdentityEffect of(IdentityCloud cloud, ActionRun run, Clock clock);
    }

    IdentityProcedure(
            ActionKind kind,
            ScopedClients<IdentityCloud> clients,
            Clock clock,
            Planner planner,
            Effects effects) {
        this.kind = kind;
        this.clients = clients;
        this.clock = clock;
        this.planner = planner;
        this.effects = effects;
        this.errors = AwsErrors.of(kind);
    }

    @Override
    public ActionKind kind() {
        return kind;
    }

    /** Waits for no other action: each changes something of its own. */
    @Override
    public Prospect plan(ActionTarget target) {
        try {
            return new Prospect(
                    planner.plan(clients.of(target.getScope()), target, clock.instant()), "");
        } catch (SdkException e) {
            throw errors.whilePlanning("", e);
        }
    }

    @Override
    public void apply(ActionRun run) {
        work(run, IdentityEffect::apply);
    }

    @Override
    public void watch(ActionRun run) {
        work(run, IdentityEffect::watch);
    }

    @Override
    public void undo(ActionRun run) {
        work(run, IdentityEffect::undo);
    }

    @Override
    public String remains(ActionRun run) {
        return effect(run).remains();
    }

    private void work(ActionRun run, Consumer<IdentityEffect> part) {
        try {
            part.accept(effect(run));
        } catch (SdkException e) {
            throw errors.whileRunning(e);
        } catch (NotFoundException e) {
            throw new ActionFailedException(e.getMessage() + " any more", e);
        }
    }

    private IdentityEffect effect(ActionRun run) {
        return effects.of(clients.of(run.action().getTarget().getScope()), run, clock);
    }
}
