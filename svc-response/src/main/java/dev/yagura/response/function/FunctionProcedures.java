package dev.yagura.response.function;

import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.response.action.Procedure;
import dev.yagura.response.aws.ScopedClients;
import dev.yagura.response.aws.WatchedEffectProcedure;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;

/** contain_function. */
@ApplicationScoped
public class FunctionProcedures {
    private final ScopedClients<FunctionCloud> clients;
    private final Clock clock;

    @Inject
    FunctionProcedures(Settings settings, Clock clock) {
        this.clients = ScopedClients.of(settings, FunctionCloud::open);
        this.clock = clock;
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    @Produces
    @Singleton
    Procedure containFunction() {
        return new WatchedEffectProcedure<>(
                ActionKind.ACTION_KIND_CONTAIN_FUNCTION,
                clients,
                clock,
                (cloud, target, now) ->
                        FunctionPlan.of(
                                FunctionSurvey.take(cloud, target.getFunction()),
                                target,
                                Action.getDefaultInstance(),
                                now),
                FunctionContainment::new);
    }
}
