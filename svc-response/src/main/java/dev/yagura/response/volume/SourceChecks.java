package dev.yagura.response.volume;

import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.aws.Checks;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.ec2.model.SnapshotState;

/** What must hold of what a volume is made of; each refusal with its reason and remedy. */
final class SourceChecks {
    private SourceChecks() {}

    static List<PreflightCheck> of(VolumeSource source) {
        List<PreflightCheck> checks = new ArrayList<>();
        source.point().ifPresent(point -> checks.add(usable(point)));
        checks.add(complete(source));
        source.key().ifPresent(key -> checks.add(key(key)));
        return checks;
    }

    private static PreflightCheck usable(VolumeSource.RecoveryPoint point) {
        String label = "the recovery point can be used";
        String detail =
                "%s, %s, of %s"
                        .formatted(point.status(), point.storageClass(), point.resourceType());
        if (!point.resourceType().equals("EBS")) {
            return Checks.refused(label, detail, "name one of an EBS volume");
        }
        if (!point.status().equals("COMPLETED")) {
            return Checks.refused(
                    label,
                    detail,
                    "name one that is COMPLETED: this one has failed, is on its way, or is being"
                            + " deleted");
        }
        return point.storageClass().equals("COLD")
                ? Checks.refused(
                        label,
                        detail,
                        "restore its snapshot from the archive first: aws ec2"
                                + " restore-snapshot-tier --temporary-restore-days 7 --snapshot-id "
                                + point.arn().substring(point.arn().lastIndexOf('/') + 1)
                                + ", then name that with --snapshot")
                : Checks.passed(label, detail);
    }

    private static PreflightCheck complete(VolumeSource source) {
        String label = "the snapshot is complete";
        String detail =
                "%s of %s, %s"
                        .formatted(
                                source.snapshot().snapshotId(),
                                source.snapshot().startTime(),
                                source.snapshot().stateAsString());
        return source.snapshot().state() == SnapshotState.COMPLETED
                ? Checks.passed(label, detail)
                : Checks.refused(label, detail, "wait until it is complete, or take another one");
    }

    /** EC2 would answer that it makes the volume, and then give it up. */
    private static PreflightCheck key(VolumeSource.Key key) {
        String label = "its key can be used";
        if (key.state() == null) {
            return Checks.warning(
                    label,
                    "KMS does not tell us of " + key.arn(),
                    "let its key policy allow the role of svc-response kms:DescribeKey");
        }
        String detail = key.arn() + " is " + key.state();
        return key.state().equals("Enabled")
                ? Checks.passed(label, detail)
                : Checks.refused(
                        label,
                        detail,
                        "enable it, or cancel its deletion; what was encrypted under a key that is"
                                + " gone is lost");
    }
}
