package dev.yagura.response.aws;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.Procedure;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.time.Instant;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * What kinds share whose actions are done in one account and region: its clients, and what errors
 * of AWS mean.
 *
 * @param <C> what one account and region is reached with
 */
public abstract class ScopedProcedure<C extends SdkAutoCloseable> implements Procedure {
    private final ActionKind kind;
    private final ScopedClients<C> clients;
    private final Clock clock;
    private final AwsErrors errors;

    protected ScopedProcedure(ActionKind kind, ScopedClients<C> clients, Clock clock) {
        this.kind = kind;
        this.clients = clients;
        this.clock = clock;
        this.errors = AwsErrors.of(kind);
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    @Override
    public ActionKind kind() {
        return kind;
    }

    @Override
    public Prospect plan(ActionTarget target) {
        try {
            return plan(clients.of(target.getScope()), target, clock.instant());
        } catch (SdkException e) {
            throw errors.whilePlanning(named(target), e);
        }
    }

    /** What would be done now; throws what the SDK throws, and NotFoundException. */
    protected abstract Prospect plan(C cloud, ActionTarget target, Instant now);

    /** What EC2 says is not there, when it says so while this is planned. */
    protected String named(ActionTarget target) {
        return target.getInstanceId();
    }

    protected Clock clock() {
        return clock;
    }

    protected C cloud(ActionRun run) {
        return clients.of(run.action().getTarget().getScope());
    }

    /** Runs what applies or undoes; its errors become what they mean for the runner. */
    protected void running(Runnable part) {
        errors.running(part);
    }

    /** The action that is planned has no id yet. */
    protected static Action planned() {
        return Action.newBuilder().setName("actions/ACTION").build();
    }
}
