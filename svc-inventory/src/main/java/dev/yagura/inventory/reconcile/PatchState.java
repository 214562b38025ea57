package dev.yagura.inventory.reconcile;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What Systems Manager's Patch Manager found on an instance.
 *
 * @param assetId of the instance
 * @param baselineId of the patch baseline, such as "pb-0123456789abcdef0"
 * @param operation "Scan" or "Install"
 * @param endTime of it; null while the first one runs
 * @param missing patches of any kind that are approved and not installed
 * @param failed patches of any kind whose installation failed
 * @param pendingReboot patches of any kind that a reboot makes effective
 * @param critical patches that the baseline reports as critical and that are missing, failed,
 *     rejected or waiting for a reboot; {@link #UNTOLD} where Patch Manager does not say
 * @param security likewise, patches that are security updates
 */
public record PatchState(
        UUID assetId,
        String baselineId,
        String operation,
        @Nullable Instant endTime,
        int missing,
        int failed,
        int pendingReboot,
        int critical,
        int security) {
    static final int UNTOLD = -1;

    /** Whether Patch Manager says how many critical and security patches are not in place. */
    public boolean isTold() {
        return critical != UNTOLD && security != UNTOLD;
    }
}
