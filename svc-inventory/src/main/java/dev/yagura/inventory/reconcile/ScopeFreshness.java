package dev.yagura.inventory.reconcile;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Default;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Shows in the health answer when each type of each scope was last read completely, and why it was
 * not since; of very many only those that are not fresh. A stale scope is no reason to take calls
 * from the service; a database that is away is.
 */
@ApplicationScoped
@Readiness
@Default
class ScopeFreshness implements HealthCheck {
    private static final int LINES = 500;

    private final ReadingStore store;

    @Inject
    ScopeFreshness(ReadingStore store) {
        this.store = store;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder answer = HealthCheckResponse.named("scopes");
        try {
            List<ReadingStore.Freshness> all = store.freshness();
            List<ReadingStore.Freshness> told = all.size() <= LINES ? all : worst(all);
            told.forEach(each -> answer.withData(each.set().text(), text(each)));
            if (told.size() < all.size()) {
                answer.withData("others", all.size() - told.size());
            }
            return answer.up().build();
        } catch (RuntimeException e) {
            return answer.down().withData("problem", String.valueOf(e.getMessage())).build();
        }
    }

    /** What somebody has to mend comes before what time mends. */
    private static List<ReadingStore.Freshness> worst(List<ReadingStore.Freshness> all) {
        return Stream.concat(
                        all.stream().filter(each -> !isFresh(each)),
                        all.stream().filter(each -> isFresh(each) && each.isSettling()))
                .limit(LINES)
                .toList();
    }

    private static boolean isFresh(ReadingStore.Freshness set) {
        return set.completeTime() != null
                && set.failures() == 0
                && set.notRecorded().isEmpty()
                && set.notRead().isEmpty();
    }

    private static String text(ReadingStore.Freshness set) {
        String last =
                set.completeTime() == null
                        ? "never read completely"
                        : "read completely at " + set.completeTime();
        if (set.isSettling()) {
            last += "; recorded only since " + set.recordedSince() + ": what is gone may be shown";
        }
        if (!set.notRecorded().isEmpty()) {
            last = "not recorded: " + set.notRecorded() + "; " + last;
        }
        if (!set.notRead().isEmpty()) {
            return "not read: " + set.notRead() + "; " + last;
        }
        return set.failures() == 0
                ? last
                : "%s; %d failures since: %s".formatted(last, set.failures(), set.failure());
    }
}
