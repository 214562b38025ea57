package dev.yagura.sandbox.backup;

/**
 * A recovery point of an EBS volume.
 *
 * @param vault name of its vault
 * @param status COMPLETED, PARTIAL, EXPIRED, DELETING, …
 * @param storageClass WARM or COLD
 */
public record RecoveryPoint(String snapshotId, String vault, String status, String storageClass) {}
