package dev.yagura.response.lifecycle;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.action.PastActions;
import dev.yagura.response.aws.ScopedClients;
import dev.yagura.response.isolation.Cloud;
import dev.yagura.response.isolation.IsolationConfig;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;

/** What the kinds of this package share. */
@ApplicationScoped
class LifecycleContext {
    private final ScopedClients<Cloud> clients;
    private final PastActions past;
    private final LifecycleConfig config;
    private final int minimumHealthy;
    private final Clock clock;

    @Inject
    LifecycleContext(Settings settings, PastActions past, Clock clock) {
        AwsClients aws = new AwsClients(AwsConfig.from(settings));
        this.clients = new ScopedClients<>(scope -> Cloud.open(aws, scope));
        this.past = past;
        this.config = LifecycleConfig.from(settings);
        this.minimumHealthy = IsolationConfig.from(settings).minimumHealthy();
        this.clock = clock;
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    Cloud cloud(ActionTarget target) {
        return clients.of(target.getScope());
    }

    PastActions past() {
        return past;
    }

    /** Reads everything, live. */
    LifecycleSurvey survey(ActionTarget target) {
        return LifecycleSurvey.take(cloud(target), past, target);
    }

    Duration deadline() {
        return config.deadline();
    }

    /** Pause between two looks. */
    Duration poll() {
        return config.poll();
    }

    /** That must be left in every group. */
    int minimumHealthy() {
        return minimumHealthy;
    }

    Clock clock() {
        return clock;
    }
}
