package dev.yagura.response.aws;

import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.WatchedProcedure;
import java.time.Clock;
import java.time.Instant;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * A kind whose actions wait for no other, each changing something of its own, and are watched.
 *
 * @param <C> what one account and region is reached with
 */
public final class WatchedEffectProcedure<C extends SdkAutoCloseable>
        extends EffectProcedure<C, WatchedEffect> implements WatchedProcedure {
    private final Planner<C> planner;
    private final Effects<C> effects;

    /** What would be done now; throws what the SDK throws, and NotFoundException. */
    public interface Planner<C> {
        Plan plan(C cloud, ActionTarget target, Instant now);
    }

    /** What is done. */
    public interface Effects<C> {
        WatchedEffect of(C cloud, ActionRun run, Clock clock);
    }

    public WatchedEffectProcedure(
            ActionKind kind,
            ScopedClients<C> clients,
            Clock clock,
            Planner<C> planner,
            Effects<C> effects) {
        super(kind, clients, clock);
        this.planner = planner;
        this.effects = effects;
    }

    @Override
    protected Prospect plan(C cloud, ActionTarget target, Instant now) {
        return new Prospect(planner.plan(cloud, target, now), "");
    }

    @Override
    protected String named(ActionTarget target) {
        return "";
    }

    @Override
    protected WatchedEffect effect(C cloud, ActionRun run) {
        return effects.of(cloud, run, clock());
    }

    @Override
    public void watch(ActionRun run) {
        running(() -> effect(run).watch());
    }
}
