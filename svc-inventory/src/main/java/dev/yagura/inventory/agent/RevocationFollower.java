package dev.yagura.inventory.agent;

import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.log.LogKeys;
import dev.yagura.common.watch.WatchLoop;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the open report streams of agents that were revoked, by any replica. */
@ApplicationScoped
class RevocationFollower implements WatchLoop.Sink<Agent> {
    private static final Logger LOG = LoggerFactory.getLogger(RevocationFollower.class);
    private static final long PAUSE_MILLIS = 2000;

    private final AgentCatalog agents;
    private final OpenReports reports;
    private final CountDownLatch stopped = new CountDownLatch(1);

    @Inject
    RevocationFollower(AgentCatalog agents, OpenReports reports) {
        this.agents = agents;
        this.reports = reports;
    }

    void start(
            @Observes
                    @Priority(ServiceServer.AFTER_START_PRIORITY)
                    @Initialized(ApplicationScoped.class)
                    Object event) {
        Thread.ofVirtual().name("revocations").start(this::followOnAndOn);
    }

    /** Before the feeds end their watches, so that the end is no surprise. */
    void stop(@Observes @Priority(-1) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        stopped.countDown();
    }

    @Override
    public void changed(String cursor, Agent agent) {
        if (agent.isRevoked()) {
            reports.end(agent.id(), AgentCatalog.revoked());
        }
    }

    /** At the start of a watch, and now and then: whatever was missed is found here. */
    @Override
    public void idle(String cursor) {
        for (UUID agentId : agents.revoked(reports.agents())) {
            reports.end(agentId, AgentCatalog.revoked());
        }
    }

    @Override
    public boolean isEnded() {
        return stopped.getCount() == 0;
    }

    private void followOnAndOn() {
        try {
            do {
                follow();
            } while (!stopped.await(
                    ThreadLocalRandom.current().nextLong(PAUSE_MILLIS / 2, PAUSE_MILLIS),
                    TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() throws InterruptedException {
        try {
            agents.feed().watcher().watch("", agents::load, this);
        } catch (RuntimeException e) {
            // The database is away, or the feed was restored: start again from its head.
            if (!isEnded()) {
                LOG.atWarn()
                        .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                        .log("cannot follow revocations; trying again");
            }
        }
    }
}
