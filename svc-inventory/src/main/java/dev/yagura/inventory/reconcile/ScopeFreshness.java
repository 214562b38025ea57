package dev.yagura.inventory.reconcile;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Default;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Shows in the health answer when each type of each scope was last read completely, and why it was
 * not since. A stale scope is no reason to take calls from the service; a database that is away is.
 */
@ApplicationScoped
@Readiness
@Default
class ScopeFreshness implements HealthCheck {
    private final ReadingStore store;

    @Inject
    ScopeFreshness(ReadingStore store) {
        this.store = store;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder answer = HealthCheckResponse.named("scopes");
        try {
            for (ReadingStore.Freshness each : store.freshness()) {
                answer.withData(each.set().text(), text(each));
            }
            return answer.up().build();
        } catch (RuntimeException e) {
            return answer.down().withData("problem", String.valueOf(e.getMessage())).build();
        }
    }

    private static String text(ReadingStore.Freshness set) {
        String last =
                set.completeTime() == null
                        ? "never read completely"
                        : "read completely at " + set.completeTime();
        if (!set.notRecorded().isEmpty()) {
            last = "not recorded: " + set.notRecorded() + "; " + last;
        }
        return set.failures() == 0
                ? last
                : "%s; %d failures since: %s".formatted(last, set.failures(), set.failure());
    }
}
