package dev.yagura.inventory.change;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.config.Settings;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.inventory.reconcile.News;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * A thread for each configured queue. Shows in the health answer whether they are followed; one
 * that is not is no reason to take calls from the service.
 */
@ApplicationScoped
@Readiness
class ChangeLoop implements HealthCheck {
    private static final Duration STOP = Duration.ofSeconds(2);

    private final ItemObjects objects;
    private final List<QueueFollower> followers;
    private final List<Thread> threads = new ArrayList<>();

    @Inject
    ChangeLoop(News news, AwsClients clients, Settings settings) {
        this(news, ChangeConfig.from(settings).queues(), clients);
    }

    ChangeLoop(News news, List<ChangeQueue> queues, AwsClients clients) {
        this.objects = new ItemObjects(clients);
        ChangeHandler handler = new ChangeHandler(news, objects);
        this.followers =
                queues.stream()
                        .map(queue -> new QueueFollower(queue, handler, news::check, clients))
                        .toList();
    }

    void start(
            @Observes
                    @Priority(ServiceServer.AFTER_START_PRIORITY)
                    @Initialized(ApplicationScoped.class)
                    Object event) {
        for (QueueFollower follower : followers) {
            threads.add(
                    Thread.ofVirtual()
                            .name("changes-" + follower.queue().text())
                            .start(follower::follow));
        }
    }

    void stop(@Observes @Priority(1) @BeforeDestroyed(ApplicationScoped.class) Object event)
            throws InterruptedException {
        followers.forEach(QueueFollower::stop);
        for (Thread thread : threads) {
            thread.interrupt();
            thread.join(STOP);
        }
        for (QueueFollower follower : followers) {
            follower.close(STOP);
        }
        objects.close();
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder answer = HealthCheckResponse.named("changes").up();
        followers.forEach(each -> answer.withData(each.queue().text(), each.state()));
        return answer.build();
    }
}
