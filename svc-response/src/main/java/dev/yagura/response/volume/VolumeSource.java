package dev.yagura.response.volume;

import dev.yagura.proto.response.v1.VolumeTarget;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.Snapshot;

/**
 * What a volume is made of, as read just now. A recovery point of an EBS volume is a snapshot of
 * the account, and is used as one: StartRestoreJob would need iam:PassRole, and a role that may do
 * more than is wanted.
 *
 * @param point empty for a snapshot that is named itself
 * @param key of the new volume; empty if it is not encrypted
 */
record VolumeSource(Snapshot snapshot, Optional<RecoveryPoint> point, Optional<Key> key) {

    /**
     * A recovery point of AWS Backup.
     *
     * @param status "COMPLETED", "EXPIRED", …
     * @param storageClass "WARM" or "COLD"
     */
    record RecoveryPoint(String arn, String status, String storageClass, String resourceType) {}

    /**
     * A key of KMS.
     *
     * @param state "Enabled", "Disabled", "PendingDeletion", …; null when we may not ask
     */
    record Key(String arn, @Nullable String state) {}

    /** What the target names, or what is behind its recovery point. */
    static String snapshotId(VolumeTarget target) {
        String arn = target.getRecoveryPointArn();
        return arn.isEmpty() ? target.getSnapshotId() : arn.substring(arn.lastIndexOf('/') + 1);
    }

    /** For people. */
    static String text(VolumeTarget target) {
        return target.getRecoveryPointArn().isEmpty()
                ? target.getSnapshotId()
                : "recovery point " + target.getRecoveryPointArn();
    }
}
