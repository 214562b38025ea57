package dev.yagura.response.aws;

import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.WatchedProcedure;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * A kind whose actions wait for no other, each changing something of its own, and are watched.
 *
 * @param <C> what one account and region is reached with
 */
public final class EffectProcedure<C extends SdkAutoCloseable> implements WatchedProcedure {
    private final ActionKind kind;
    private final ScopedClients<C> clients;
    private final Clock clock;
    private final Planner<C> planner;
    private final Effects<C> effects;
    private final AwsErrors errors;

    /** What would be done now; throws what the SDK throws, and NotFoundException. */
    public interface Planner<C> {
        Plan plan(C cloud, ActionTarget target, Instant now);
    }

    /** What is done. */
    public interface Effects<C> {
        Effect of(C cloud, ActionRun run, Clock clock);
    }

    public EffectProcedure(
            ActionKind kind,
            ScopedClients<C> clients,
            Clock clock,
            Planner<C> planner,
            Effects<C> effects) {
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
        work(run, Effect::apply);
    }

    @Override
    public void watch(ActionRun run) {
        work(run, Effect::watch);
    }

    @Override
    public void undo(ActionRun run) {
        work(run, Effect::undo);
    }

    @Override
    public String remains(ActionRun run) {
        return effect(run).remains();
    }

    private void work(ActionRun run, Consumer<Effect> part) {
        errors.running(() -> part.accept(effect(run)));
    }

    private Effect effect(ActionRun run) {
        return effects.of(clients.of(run.action().getTarget().getScope()), run, clock);
    }
}
