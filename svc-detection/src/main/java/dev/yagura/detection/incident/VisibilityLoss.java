package dev.yagura.detection.incident;

import java.util.Optional;
import java.util.UUID;

/**
 * Telemetry that is known to be missing.
 *
 * @param hostId empty means every host of the partition
 * @param startNs server's clock
 * @param reason for people
 */
public record VisibilityLoss(
        int partition, Optional<UUID> hostId, long startNs, long endNs, String reason) {}
