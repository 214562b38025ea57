package dev.yagura.response.forensics;

import dev.yagura.response.action.ActionRun;
import dev.yagura.response.aws.AwsErrors;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

/** Deletes single snapshots. */
final class SnapshotRemoval {
    private static final String GONE = "InvalidSnapshot.NotFound";

    private final SnapshotCloud cloud;
    private final ActionRun run;

    SnapshotRemoval(SnapshotCloud cloud, ActionRun run) {
        this.cloud = cloud;
        this.run = run;
    }

    /**
     * Empty when it is gone; else the id and why EC2 keeps it: an AMI needs it, or it is locked.
     * Throws what the SDK throws when EC2 does not decide, or does not let us.
     */
    Optional<String> delete(String snapshotId) {
        var delete = SnapshotChange.delete(snapshotId);
        try {
            run.call(delete.call(), () -> cloud.ec2().deleteSnapshot(delete.request()));
            return Optional.empty();
        } catch (Ec2Exception e) {
            if (AwsErrors.code(e).equals(GONE)) {
                return Optional.empty();
            }
            if (AwsErrors.isDenied(e) || AwsErrors.isTransient(e)) {
                throw e;
            }
            return Optional.of(snapshotId + " (" + AwsErrors.text(e) + ")");
        }
    }
}
