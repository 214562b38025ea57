package dev.yagura.sandbox.container;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task that runs, or did.
 *
 * @param service that started it; null for one that was started by itself
 * @param definition family and revision
 * @param launchType "FARGATE" or "EC2"
 * @param roleOverride name of the role instead of the definition's; null for that one
 * @param stopping when it was asked to stop; null as long as it was not
 */
record ContainerTask(
        String id,
        @Nullable String service,
        String definition,
        String launchType,
        Map<String, String> tags,
        @Nullable String roleOverride,
        Instant started,
        @Nullable Instant stopping,
        String reason) {
    /** From SIGTERM to the end, in simulated time. */
    static final Duration STOP = Duration.ofSeconds(2);

    ContainerTask {
        tags = Map.copyOf(tags);
    }

    boolean isWanted() {
        return stopping == null;
    }

    String status(Instant now) {
        if (stopping == null) {
            return "RUNNING";
        }
        return now.isBefore(stopping.plus(STOP)) ? "DEACTIVATING" : "STOPPED";
    }

    ContainerTask stopped(Instant now, String why) {
        return new ContainerTask(
                id, service, definition, launchType, tags, roleOverride, started, now, why);
    }
}
