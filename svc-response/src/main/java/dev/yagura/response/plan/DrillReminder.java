package dev.yagura.response.plan;

import dev.yagura.common.log.LogKeys;
import dev.yagura.proto.response.v1.ResponsePlan;
import dev.yagura.response.aws.SavedTime;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.Metrics;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says, once a day, that the plan was not practised in time, and for how long; also as the gauge
 * {@value #GAUGE}, which is zero while no drill is overdue.
 */
@ApplicationScoped
class DrillReminder {
    static final String GAUGE = "yagura_response_plan_drill_overdue_days";

    private static final Logger LOG = LoggerFactory.getLogger(DrillReminder.class);
    private static final Duration LOOK = Duration.ofHours(1);
    private static final Duration AGAIN = Duration.ofDays(1);

    /** After the server listens. */
    private static final int AFTER_SERVERS = 20_000;

    private final PlanCatalog catalog;
    private final Clock clock;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("drill-reminder").factory());
    private volatile long overdueDays;
    private Instant said = Instant.EPOCH;

    @Inject
    DrillReminder(PlanCatalog catalog, Clock clock) {
        this.catalog = catalog;
        this.clock = clock;
    }

    void start(
            @Observes @Priority(AFTER_SERVERS) @Initialized(ApplicationScoped.class) Object event) {
        Metrics.globalRegistry()
                .getOrCreate(
                        Gauge.builder(GAUGE, () -> overdueDays)
                                .description("Days since a drill of the response plan was due."));
        timer.scheduleWithFixedDelay(this::look, 0, LOOK.toSeconds(), TimeUnit.SECONDS);
    }

    void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object event) {
        timer.shutdownNow();
    }

    /** Looks once; the log and the gauge have what it found. */
    void look() {
        try {
            Optional<ResponsePlan> overdue = catalog.find().filter(ResponsePlan::getDrillOverdue);
            overdueDays = overdue.map(this::days).orElse(0L);
            overdue.ifPresent(this::remind);
        } catch (RuntimeException e) {
            // The executor would never look again.
            LOG.atWarn()
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("cannot tell whether a drill is overdue; trying again");
        }
    }

    long overdueDays() {
        return overdueDays;
    }

    private long days(ResponsePlan plan) {
        return Duration.between(SavedTime.read(plan.getNextDrillTime()), clock.instant()).toDays()
                + 1;
    }

    private void remind(ResponsePlan plan) {
        Instant now = clock.instant();
        if (said.plus(AGAIN).isBefore(now)) {
            said = now;
            LOG.atWarn()
                    .addKeyValue(LogKeys.VERSION, plan.getVersion())
                    .log(
                            "a drill of the incident-response plan is overdue since "
                                    + SavedTime.read(plan.getNextDrillTime())
                                    + "; its owner is "
                                    + plan.getSpec().getOwner());
        }
    }
}
