package dev.yagura.response;

import static dev.yagura.response.ActionOutcome.assertState;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.proto.response.v1.VolumeTarget;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.model.EbsInstanceBlockDevice;
import software.amazon.awssdk.services.ec2.model.InstanceBlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.SnapshotInfo;
import software.amazon.awssdk.services.ec2.model.Volume;
import software.amazon.awssdk.services.ec2.model.VolumeState;
import software.amazon.awssdk.services.kms.KmsClient;

/**
 * restore_volume through the public contract, against the sandbox, with the product's role. The
 * database has a root volume that is not encrypted, and a data volume that is.
 */
class VolumeRestoreTest {
    @RegisterExtension
    static final TestService SERVICE =
            TestService.with(
                    Map.of(
                            "yagura.response.lifecycle.poll", "PT0.02S",
                            "yagura.response.action.poll", "PT0.02S"));

    private static final TestResponder RESPONDER =
            new TestResponder(SERVICE, Duration.ofSeconds(1));
    private static final String ROOT = "/dev/xvda";
    private static final String DATA = "/dev/xvdb";
    private static final String DATA_VOLUME = "vol-0a81c4d7e2f6b9350";
    private static final String VAULT = "nightly";
    private static final String KEY =
            "arn:aws:kms:ap-northeast-1:111122223333:key/0f1e2d3c-4b5a-4968-8776-655443322110";

    private static List<SnapshotInfo> snapshots = List.of();

    @BeforeAll
    static void aStoppedDatabaseWithSnapshots() {
        SERVICE.sandbox().freezeClock();
        snapshots =
                SERVICE.operator()
                        .createSnapshots(
                                r -> r.instanceSpecification(i -> i.instanceId(TestService.DB)))
                        .snapshots();
        assertThat(refused(RESPONDER.plan(restore(DATA, snapshotOf(DATA_VOLUME)))))
                .extracting(PreflightCheck::getLabel)
                .containsExactly("the instance is stopped", "the snapshot is complete");
        SERVICE.sandbox().stop("db-1");
        SERVICE.sandbox().advance(Duration.ofSeconds(30));
    }

    @Test
    void bothVolumesComeBackFromSnapshotsAndGoAgain() throws Exception {
        List<EbsInstanceBlockDevice> before = List.of(disk(ROOT), disk(DATA));
        long since = SERVICE.lastCall();

        Action planned = RESPONDER.plan(restore(DATA, snapshotOf(DATA_VOLUME)));

        assertThat(refused(planned)).isEmpty();
        assertThat(planned.getPlan().getCallsList())
                .extracting(PlannedCall::getOperation)
                .containsExactly("ec2:CreateVolume", "ec2:DetachVolume", "ec2:AttachVolume");
        assertThat(planned.getPlan().getCallsList())
                .allMatch(call -> call.getDryRun().equals("allowed"));
        assertThat(planned.getPlan().getResidualRisksList())
                .anyMatch(risk -> risk.contains("Undo loses what was written"));
        assertThat(SERVICE.sandbox().journal(since))
                .allMatch(call ->
                        call.dryRun() || call.operation().matches("[a-z0-9]+:(Describe|Assume).*"));

        Action data = RESPONDER.apply(restore(DATA, snapshotOf(DATA_VOLUME)));
        assertState(data, ActionState.ACTION_STATE_SUCCEEDED);
        Volume made = volume(data.getVolumeSwapState().getVolumeId());
        assertThat(made.kmsKeyId()).isEqualTo(KEY);
        assertThat(made.volumeTypeAsString()).isEqualTo("io2");
        assertThat(made.size()).isEqualTo(500);
        assertThat(disk(DATA).volumeId()).isEqualTo(made.volumeId());
        assertThat(volume(DATA_VOLUME).state()).isEqualTo(VolumeState.AVAILABLE);
        Action root = RESPONDER.apply(restore(ROOT, snapshotOf(disk(ROOT).volumeId())));
        assertState(root, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(root.getVolumeSwapState().getFormer().getDeleteOnTermination()).isTrue();
        assertThat(disk(ROOT).deleteOnTermination()).isFalse();

        for (Action each : List.of(data, root)) {
            Action undone = RESPONDER.undo(each);
            assertState(undone, ActionState.ACTION_STATE_UNDONE);
            assertThat(undone.getDriftList()).isEmpty();
        }

        assertThat(List.of(disk(ROOT), disk(DATA))).isEqualTo(before);
        assertThat(SERVICE.operator().describeVolumes().volumes())
                .extracting(Volume::volumeId)
                .doesNotContain(made.volumeId(), root.getVolumeSwapState().getVolumeId());
        PolicyFile.assertFits(
                SERVICE,
                "restore_volume",
                since,
                "backup:DescribeRecoveryPoint",
                "ec2:CreateTags",
                "kms:CreateGrant",
                "kms:Decrypt",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:ReEncryptFrom",
                "kms:ReEncryptTo");
    }

    @Test
    void isNeverEncryptedLessThanWhatItReplacesAndLeavesWhatOthersAttached() {
        String ofRoot = snapshotOf(disk(ROOT).volumeId());
        Action planned = RESPONDER.plan(restore(DATA, ofRoot));
        assertThat(planned.getPlan().getChecksList())
                .filteredOn(check -> check.getOutcome() == CheckOutcome.CHECK_OUTCOME_WARNING)
                .extracting(PreflightCheck::getLabel)
                .containsExactly("the snapshot is of that volume");
        Action applied = RESPONDER.apply(restore(DATA, ofRoot));
        assertState(applied, ActionState.ACTION_STATE_SUCCEEDED);
        String made = applied.getVolumeSwapState().getVolumeId();
        assertThat(volume(made).kmsKeyId()).as("the snapshot is not encrypted").isEqualTo(KEY);
        String another =
                SERVICE.operator()
                        .createVolume(r -> r.snapshotId(ofRoot).availabilityZone("ap-northeast-1c"))
                        .volumeId();
        exchange(made, another);

        Action undone = RESPONDER.undo(applied);

        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList())
                .containsExactly("somebody else attached " + another + " at " + DATA + "; left so");
        assertThat(disk(DATA).volumeId()).isEqualTo(another);
        assertThat(SERVICE.operator().describeVolumes().volumes())
                .extracting(Volume::volumeId)
                .contains(DATA_VOLUME)
                .doesNotContain(made);
        exchange(another, DATA_VOLUME);
        assertThatThrownBy(() -> RESPONDER.plan(restore(DATA, "snap-0000000000000dead")))
                .hasMessageContaining("snapshot snap-0000000000000dead does not exist");
        assertThat(refused(RESPONDER.plan(restore("/dev/xvdz", ofRoot))))
                .singleElement()
                .satisfies(
                        check -> assertThat(check.getDetail()).contains("at /dev/xvda, /dev/xvdb"));
    }

    /**
     * The snapshot behind a recovery point is used as any other: no role is passed to AWS Backup.
     */
    @Test
    void aRecoveryPointOfAwsBackupIsRestoredAsItsSnapshot() {
        String snapshotId = snapshotOf(DATA_VOLUME);
        SERVICE.sandbox().keepAsRecoveryPoint(snapshotId, VAULT, "COMPLETED", "WARM");
        EbsInstanceBlockDevice before = disk(DATA);
        long since = SERVICE.lastCall();
        Action planned = RESPONDER.plan(restorePoint(snapshotId, VAULT));
        assertThat(refused(planned)).isEmpty();
        assertThat(planned.getPlan().getChecksList())
                .anySatisfy(check ->
                        assertThat(check.getDetail()).isEqualTo("COMPLETED, WARM, of EBS"));
        assertThat(planned.getPlan().getCalls(0).getParametersMap())
                .containsEntry("SnapshotId", snapshotId);

        Action applied = RESPONDER.apply(restorePoint(snapshotId, VAULT));

        assertState(applied, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(applied.getVerifications(0).getDetail())
                .contains("of recovery point arn:aws:ec2:ap-northeast-1::snapshot/" + snapshotId);
        assertThat(disk(DATA).volumeId()).isEqualTo(applied.getVolumeSwapState().getVolumeId());
        assertThat(SERVICE.calls(since, "backup:DescribeRecoveryPoint")).isPositive();
        Action undone = RESPONDER.undo(applied);
        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(disk(DATA)).isEqualTo(before);
    }

    @Test
    void whatCannotBeRestoredIsRefusedWithItsRemedy() {
        String snapshotId = snapshotOf(DATA_VOLUME);
        SERVICE.sandbox().keepAsRecoveryPoint(snapshotId, VAULT, "EXPIRED", "WARM");
        assertThat(refused(RESPONDER.plan(restorePoint(snapshotId, VAULT))))
                .singleElement()
                .satisfies(check -> assertThat(check.getRemedy()).contains("being deleted"));
        SERVICE.sandbox().keepAsRecoveryPoint(snapshotId, VAULT, "COMPLETED", "COLD");
        assertThat(refused(RESPONDER.plan(restorePoint(snapshotId, VAULT))))
                .singleElement()
                .satisfies(check ->
                        assertThat(check.getRemedy())
                                .contains("restore-snapshot-tier", snapshotId));
        assertThatThrownBy(() -> RESPONDER.plan(restorePoint(snapshotId, "another")))
                .hasMessageContaining("recovery point")
                .hasMessageContaining("in vault another does not exist");
        assertThatThrownBy(() -> RESPONDER.plan(restorePoint(snapshotId, VAULT, "eu-west-1")))
                .hasMessageContaining("is in another region than the instance");
        assertThatThrownBy(() ->
                        RESPONDER.plan(
                                restore(
                                        VolumeTarget.newBuilder()
                                                .setDeviceName(DATA)
                                                .setRecoveryPointArn(
                                                        "arn:aws:backup:ap-northeast-1:111122223333:recovery-point:0f1e")
                                                .setBackupVaultName(VAULT))))
                .hasMessageContaining("INVALID_ARGUMENT")
                .hasMessageContaining("no recovery point that EC2 has as a snapshot");

        try (KmsClient kms =
                SERVICE.client(
                        KmsClient.builder(),
                        Region.of(TestService.TOKYO.getRegion()),
                        AwsBasicCredentials.create(
                                "AKIASANDBOXOPERATOR1",
                                "sandbox/only/good/for/nothing/operator/1"))) {
            kms.disableKey(request -> request.keyId(KEY));
            assertThat(refused(RESPONDER.plan(restore(DATA, snapshotId))))
                    .singleElement()
                    .satisfies(check -> {
                        assertThat(check.getDetail()).isEqualTo(KEY + " is Disabled");
                        assertThat(check.getRemedy()).contains("enable it");
                    });
            kms.enableKey(request -> request.keyId(KEY));
        }
    }

    private static void exchange(String off, String on) {
        SERVICE.operator().detachVolume(r -> r.volumeId(off));
        SERVICE.sandbox().advance(Duration.ofSeconds(3));
        SERVICE.operator()
                .attachVolume(r -> r.volumeId(on).instanceId(TestService.DB).device(DATA));
        SERVICE.sandbox().advance(Duration.ofSeconds(3));
    }

    private static EbsInstanceBlockDevice disk(String device) {
        return SERVICE
                .operator()
                .describeInstances(r -> r.instanceIds(TestService.DB))
                .reservations()
                .getFirst()
                .instances()
                .getFirst()
                .blockDeviceMappings()
                .stream()
                .filter(each -> each.deviceName().equals(device))
                .map(InstanceBlockDeviceMapping::ebs)
                .findFirst()
                .orElseThrow();
    }

    private static String snapshotOf(String volumeId) {
        return snapshots.stream()
                .filter(each -> each.volumeId().equals(volumeId))
                .map(SnapshotInfo::snapshotId)
                .findFirst()
                .orElseThrow();
    }

    private static Volume volume(String id) {
        return SERVICE.operator().describeVolumes(r -> r.volumeIds(id)).volumes().getFirst();
    }

    private static CreateActionRequest.Builder restorePoint(String snapshotId, String vault) {
        return restorePoint(snapshotId, vault, "ap-northeast-1");
    }

    private static CreateActionRequest.Builder restorePoint(
            String snapshotId, String vault, String region) {
        return restore(
                VolumeTarget.newBuilder()
                        .setDeviceName(DATA)
                        .setRecoveryPointArn(
                                "arn:aws:ec2:%s::snapshot/%s".formatted(region, snapshotId))
                        .setBackupVaultName(vault));
    }

    private static CreateActionRequest.Builder restore(String device, String snapshotId) {
        return restore(VolumeTarget.newBuilder().setDeviceName(device).setSnapshotId(snapshotId));
    }

    private static CreateActionRequest.Builder restore(VolumeTarget.Builder volume) {
        return TestResponder.request(
                ActionKind.ACTION_KIND_RESTORE_VOLUME,
                TestService.target(TestService.DB).toBuilder().setVolume(volume).build());
    }

    private static List<PreflightCheck> refused(Action planned) {
        return planned.getPlan().getChecksList().stream()
                .filter(check -> check.getOutcome() == CheckOutcome.CHECK_OUTCOME_REFUSED)
                .toList();
    }
}
