package dev.yagura.inventory.reconcile;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An EC2 instance as Systems Manager knows it, or knew it.
 *
 * @param assetId of the instance
 * @param pingStatus "Online", "ConnectionLost" or "Inactive"
 * @param lastPingTime null when there was none
 * @param platformName such as "Amazon Linux"; empty where Systems Manager does not say
 * @param platformVersion such as "2023"; empty likewise
 * @param absentTime when the first complete reading without it began; null while it is managed
 */
public record ManagedNode(
        UUID assetId,
        String pingStatus,
        @Nullable Instant lastPingTime,
        String platformName,
        String platformVersion,
        @Nullable Instant absentTime) {

    public boolean isManaged() {
        return absentTime == null;
    }

    /** Systems Manager names Linux systems by their distributions. */
    public boolean isLinux() {
        return !platformName.contains("Windows") && !platformName.equals("macOS");
    }

    public boolean isOnline() {
        return pingStatus.equals("Online");
    }
}
