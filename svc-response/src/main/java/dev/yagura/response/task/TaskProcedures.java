package dev.yagura.response.task;

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

/** contain_task. */
@ApplicationScoped
public class TaskProcedures {
    private final ScopedClients<TaskCloud> clients;
    private final TaskLimits limits;
    private final Clock clock;

    @Inject
    TaskProcedures(Settings settings, Clock clock) {
        this.clients = ScopedClients.of(settings, TaskCloud::open);
        this.limits = TaskLimits.from(settings);
        this.clock = clock;
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    @Produces
    @Singleton
    Procedure containTask() {
        return new WatchedEffectProcedure<>(
                ActionKind.ACTION_KIND_CONTAIN_TASK,
                clients,
                clock,
                (cloud, target, now) ->
                        TaskPlan.of(
                                TaskSurvey.take(cloud, target.getTask(), now),
                                target,
                                Action.getDefaultInstance(),
                                limits.minimumHealthy(),
                                now),
                (cloud, run, time) -> new TaskContainment(cloud, run, time, limits));
    }
}
