package dev.yagura.ingest.feed;

import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.job.PeriodicJob;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

/** Trims from time to time. */
@ApplicationScoped
class TrimJob {
    private final PeriodicJob job;

    @Inject
    TrimJob(FeedConfig config, LogTrimmer trimmer) {
        this.job = new PeriodicJob("log-trim", config.trimPeriod(), trimmer::trim);
    }

    void start(
            @Observes
                    @Priority(ServiceServer.AFTER_START_PRIORITY)
                    @Initialized(ApplicationScoped.class)
                    Object event) {
        job.start();
    }

    void stop(@Observes @Priority(2) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        job.close();
    }
}
