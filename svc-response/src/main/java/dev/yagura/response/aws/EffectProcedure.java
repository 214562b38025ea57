package dev.yagura.response.aws;

import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.response.action.ActionRun;
import java.time.Clock;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * A kind whose actions each have an effect, which is applied and undone.
 *
 * @param <C> what one account and region is reached with
 * @param <E> the effect of one action
 */
public abstract class EffectProcedure<C extends SdkAutoCloseable, E extends Effect>
        extends ScopedProcedure<C> {

    protected EffectProcedure(ActionKind kind, ScopedClients<C> clients, Clock clock) {
        super(kind, clients, clock);
    }

    protected abstract E effect(C cloud, ActionRun run);

    protected E effect(ActionRun run) {
        return effect(cloud(run), run);
    }

    @Override
    public void apply(ActionRun run) {
        running(() -> effect(run).apply());
    }

    @Override
    public void undo(ActionRun run) {
        running(() -> effect(run).undo());
    }

    @Override
    public String remains(ActionRun run) {
        return effect(run).remains();
    }
}
