package dev.yagura.response.pod;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
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

/** contain_pod. */
@ApplicationScoped
public class PodProcedures {
    private final ScopedClients<PodCloud> clients;
    private final Clock clock;

    @Inject
    PodProcedures(Settings settings, Clock clock) {
        AwsConfig config = AwsConfig.from(settings);
        AwsClients aws = new AwsClients(config);
        this.clients = new ScopedClients<>(scope -> PodCloud.open(aws, config, scope));
        this.clock = clock;
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    @Produces
    @Singleton
    Procedure containPod() {
        return new WatchedEffectProcedure<>(
                ActionKind.ACTION_KIND_CONTAIN_POD,
                clients,
                clock,
                (cloud, target, now) ->
                        PodPlan.of(
                                PodSurvey.take(cloud, target.getPod()),
                                target,
                                Action.getDefaultInstance(),
                                now),
                PodContainment::new);
    }
}
