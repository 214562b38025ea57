package dev.yagura.sandbox.ssm;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What a node's agent reported under AWS:Application.
 *
 * @param applications in the order in which it reported them
 */
public record Software(List<Application> applications, Instant capturedAt) {
    public Software {
        applications = List.copyOf(applications);
        capturedAt = capturedAt.truncatedTo(ChronoUnit.SECONDS);
    }

    /** As Systems Manager writes it: whole seconds. */
    String captureTime() {
        return capturedAt.toString();
    }
}
