package dev.yagura.response.volume;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.response.v1.VolumeTarget;
import dev.yagura.response.aws.AwsErrors;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.backup.model.DescribeRecoveryPointResponse;
import software.amazon.awssdk.services.backup.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ec2.model.Snapshot;
import software.amazon.awssdk.services.kms.model.KmsException;

/** Reads what a volume is to be made of, live. Throws what the SDK throws. */
final class SourceReader {
    private static final String UNKNOWN = "unknown to KMS";

    private final VolumeCloud cloud;

    SourceReader(VolumeCloud cloud) {
        this.cloud = cloud;
    }

    /**
     * Reads everything.
     *
     * @param like the volume that is replaced, if there is one
     * @throws NotFoundException no such recovery point or snapshot
     */
    VolumeSource read(VolumeTarget target, Optional<VolumeFacts> like) {
        Optional<VolumeSource.RecoveryPoint> point =
                target.getRecoveryPointArn().isEmpty()
                        ? Optional.empty()
                        : Optional.of(point(target));
        String snapshotId = VolumeSource.snapshotId(target);
        Snapshot snapshot =
                new VolumeReader(cloud.cloud().ec2())
                        .snapshot(snapshotId)
                        .orElseThrow(() -> new NotFoundException("snapshot", snapshotId));
        Optional<String> key =
                Boolean.TRUE.equals(snapshot.encrypted())
                        ? Optional.ofNullable(snapshot.kmsKeyId())
                        : like.map(VolumeFacts::kmsKeyArn).filter(arn -> !arn.isEmpty());
        return new VolumeSource(snapshot, point, key.map(this::key));
    }

    private VolumeSource.RecoveryPoint point(VolumeTarget target) {
        try {
            DescribeRecoveryPointResponse point =
                    cloud.backup()
                            .describeRecoveryPoint(request ->
                                    request.backupVaultName(target.getBackupVaultName())
                                            .recoveryPointArn(target.getRecoveryPointArn()));
            return new VolumeSource.RecoveryPoint(
                    point.recoveryPointArn(),
                    text(point.statusAsString()),
                    text(point.storageClassAsString()),
                    text(point.resourceType()));
        } catch (ResourceNotFoundException e) {
            throw new NotFoundException(
                    "recovery point",
                    target.getRecoveryPointArn() + " in vault " + target.getBackupVaultName());
        }
    }

    private VolumeSource.Key key(String arn) {
        try {
            return new VolumeSource.Key(
                    arn,
                    cloud.kms()
                            .describeKey(request -> request.keyId(arn))
                            .keyMetadata()
                            .keyStateAsString());
        } catch (software.amazon.awssdk.services.kms.model.NotFoundException e) {
            return new VolumeSource.Key(arn, UNKNOWN);
        } catch (KmsException e) {
            if (AwsErrors.isDenied(e)) {
                return new VolumeSource.Key(arn, null);
            }
            throw e;
        }
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
