package dev.yagura.sandbox.ssm;

import java.time.Instant;

/**
 * What Patch Manager found on a node in its last scan.
 *
 * @param missing patches of any kind
 * @param failed likewise
 * @param pendingReboot likewise, installed
 * @param critical of them those that the baseline reports as critical
 * @param security of them those that are security updates
 * @param endedAt when the scan ended
 */
public record PatchState(
        int missing, int failed, int pendingReboot, int critical, int security, Instant endedAt) {
    public PatchState {
        int all = missing + failed + pendingReboot;
        if (missing < 0 || failed < 0 || pendingReboot < 0 || critical < 0 || security < 0) {
            throw new IllegalArgumentException("a number of patches is negative");
        }
        if (critical > all || security > all) {
            throw new IllegalArgumentException(
                    "critical and security are of the patches that are missing, failed or waiting"
                            + " for a reboot: at most "
                            + all);
        }
    }

    int nonCompliant() {
        return missing + failed + pendingReboot;
    }
}
