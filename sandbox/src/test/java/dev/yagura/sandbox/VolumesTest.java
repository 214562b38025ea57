package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.DescribeRecoveryPointResponse;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.SnapshotInfo;
import software.amazon.awssdk.services.ec2.model.Volume;
import software.amazon.awssdk.services.kms.KmsClient;

/** Volumes from snapshots, and where they are attached. */
class VolumesTest {
    private static final Duration CHANGE = Duration.ofSeconds(2);
    private static final String ROOT = "/dev/xvda";

    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private final Ec2Client ec2 = SANDBOX.ec2();

    @Test
    void aVolumeIsMadeOnceForAToken() {
        SnapshotInfo snapshot = snapshot();
        refused(() -> create(snapshot, "one", "ap-northeast-1a"), 400, "IncorrectState");
        SANDBOX.control().advance(Duration.ofSeconds(10));
        String id = create(snapshot, "one", "ap-northeast-1a");
        assertThat(create(snapshot, "one", "ap-northeast-1a")).isEqualTo(id);
        refused(
                () -> create(snapshot, "one", "ap-northeast-1c"),
                400,
                "IdempotentParameterMismatch");
        assertThat(volume(id).stateAsString()).isEqualTo("creating");
        refused(() -> attach(id), 400, "IncorrectState");
        SANDBOX.control().advance(CHANGE);
        assertThat(volume(id).stateAsString()).isEqualTo("available");
        refused(() -> attach(id), 400, "InvalidParameterValue");
        ec2.deleteVolume(r -> r.volumeId(id));
        refused(() -> volume(id), 400, "InvalidVolume.NotFound");
    }

    @Test
    void aRecoveryPointIsASnapshotInAVault() {
        String snapshotId = snapshot().snapshotId();
        String arn = "arn:aws:ec2:ap-northeast-1::snapshot/" + snapshotId;
        Region region = Region.of(Seeded.REGION);
        try (BackupClient backup =
                        SANDBOX.client(BackupClient.builder(), SandboxExtension.OPERATOR, region);
                BackupClient viewer =
                        SANDBOX.client(BackupClient.builder(), SandboxExtension.VIEWER, region)) {
            refused(() -> describe(backup, arn), "ResourceNotFoundException");
            SANDBOX.control().keepAsRecoveryPoint(snapshotId, "nightly", "COMPLETED", "COLD");

            DescribeRecoveryPointResponse point = describe(backup, arn);

            assertThat(point.recoveryPointArn()).isEqualTo(arn);
            assertThat(point.statusAsString()).isEqualTo("COMPLETED");
            assertThat(point.storageClassAsString()).isEqualTo("COLD");
            assertThat(point.resourceType()).isEqualTo("EBS");
            assertThat(point.backupVaultArn())
                    .isEqualTo("arn:aws:backup:ap-northeast-1:111122223333:backup-vault:nightly");
            refused(() -> describe(viewer, arn), 403, "AccessDeniedException");
        }
    }

    @Test
    void aKeyTellsWhetherItCanBeUsed() {
        String key =
                "arn:aws:kms:ap-northeast-1:111122223333:key/0f1e2d3c-4b5a-4968-8776-655443322110";
        try (KmsClient kms =
                SANDBOX.client(
                        KmsClient.builder(), SandboxExtension.OPERATOR, Region.of(Seeded.REGION))) {
            kms.disableKey(r -> r.keyId(key));
            assertThat(kms.describeKey(r -> r.keyId(key)).keyMetadata().keyStateAsString())
                    .isEqualTo("Disabled");
            kms.enableKey(r -> r.keyId(key));
            assertThat(kms.describeKey(r -> r.keyId(key)).keyMetadata().enabled()).isTrue();
            refused(() -> kms.describeKey(r -> r.keyId(key + "0")), "NotFoundException");
        }
    }

    private static DescribeRecoveryPointResponse describe(BackupClient backup, String arn) {
        return backup.describeRecoveryPoint(
                r -> r.backupVaultName("nightly").recoveryPointArn(arn));
    }

    @Test
    void aRootVolumeIsExchangedWhileItsInstanceIsStopped() {
        SnapshotInfo snapshot = snapshot();
        SANDBOX.control().advance(Duration.ofSeconds(10));
        String id = create(snapshot, "one", "ap-northeast-1a");
        String former = snapshot.volumeId();
        refused(() -> detach(former), 400, "OperationNotPermitted");
        SANDBOX.control().stop("web-1");
        SANDBOX.control().advance(Duration.ofSeconds(3));
        detach(former);
        refused(() -> detach(former), 400, "IncorrectState");
        SANDBOX.control().advance(CHANGE);
        assertThat(volume(former).attachments()).isEmpty();
        attach(id);
        assertThat(volume(id).attachments().getFirst().stateAsString()).isEqualTo("attaching");
        SANDBOX.control().advance(CHANGE);
        refused(() -> ec2.deleteVolume(r -> r.volumeId(id)), 400, "VolumeInUse");
        ec2.modifyInstanceAttribute(r ->
                r.instanceId(Seeded.WEB)
                        .blockDeviceMappings(
                                m -> m.deviceName(ROOT).ebs(e -> e.deleteOnTermination(true))));
        assertThat(volume(id).attachments().getFirst().deleteOnTermination()).isTrue();
    }

    private SnapshotInfo snapshot() {
        return ec2.createSnapshots(r -> r.instanceSpecification(i -> i.instanceId(Seeded.WEB)))
                .snapshots()
                .getFirst();
    }

    private String create(SnapshotInfo snapshot, String token, String zone) {
        return ec2.createVolume(r ->
                        r.snapshotId(snapshot.snapshotId())
                                .availabilityZone(zone)
                                .clientToken(token))
                .volumeId();
    }

    private void attach(String id) {
        ec2.attachVolume(r -> r.volumeId(id).instanceId(Seeded.WEB).device(ROOT));
    }

    private void detach(String id) {
        ec2.detachVolume(r -> r.volumeId(id));
    }

    private Volume volume(String id) {
        return ec2.describeVolumes(r -> r.volumeIds(id)).volumes().getFirst();
    }
}
