package dev.yagura.inventory.agent;

import dev.yagura.proto.inventory.v1.HostReport;
import java.time.Duration;
import java.time.Instant;

/**
 * What an agent said of its host.
 *
 * @param time when it came, by the server's clock
 */
public record ReceivedReport(Instant time, HostReport report) {
    /** Agents report every five minutes; what is older than three times that is not known. */
    private static final Duration LATELY = Duration.ofMinutes(15);

    public boolean isStale(Instant now) {
        return time.isBefore(now.minus(LATELY));
    }
}
