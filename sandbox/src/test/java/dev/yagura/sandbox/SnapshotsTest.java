package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateVolumePermission;
import software.amazon.awssdk.services.ec2.model.OperationType;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Snapshot;
import software.amazon.awssdk.services.ec2.model.SnapshotInfo;
import software.amazon.awssdk.services.ec2.model.SnapshotState;
import software.amazon.awssdk.services.ec2.model.Volume;

/** Volumes, their snapshots, copies of these under a key, and who may read them. */
class SnapshotsTest {
    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private static final String DB_DATA = "vol-0a81c4d7e2f6b9350";
    private static final String KEY =
            "arn:aws:kms:ap-northeast-1:111122223333:key/5a0c2f6e-9d31-4c7b-8e54-0b7f6a1d2c3e";
    private static final String FOREIGN_KEY =
            "arn:aws:kms:ap-northeast-1:444455556666:key/77777777-1234-4321-abcd-777777777777";
    private static final String FORENSICS = "999988887777";

    @Test
    void takesOneOfEveryVolumeAndIsCompleteLater() {
        List<SnapshotInfo> made = take(Seeded.DB);

        assertThat(made)
                .extracting(SnapshotInfo::volumeId)
                .containsExactly("vol-0bc9e846f0bc09ea7", DB_DATA);
        assertThat(made).extracting(SnapshotInfo::encrypted).containsExactly(false, true);
        assertThat(made)
                .allSatisfy(each -> {
                    assertThat(each.state()).isEqualTo(SnapshotState.PENDING);
                    assertThat(each.tags()).extracting(tag -> tag.key()).containsExactly("case");
                });
        SANDBOX.control().advance(Duration.ofSeconds(4));
        assertThat(snapshot(made.getFirst().snapshotId()).progress()).isEqualTo("40%");

        SANDBOX.control().advance(Duration.ofSeconds(6));

        assertThat(snapshot(made.getFirst().snapshotId()).state())
                .isEqualTo(SnapshotState.COMPLETED);
        assertThat(
                        SANDBOX.ec2()
                                .describeSnapshots(r ->
                                        r.ownerIds("self")
                                                .filters(f -> f.name("tag:case").values("7")))
                                .snapshots())
                .hasSize(2);
    }

    @Test
    void showsVolumesOfInstances() {
        List<Volume> volumes =
                SANDBOX.ec2()
                        .describeVolumes(r ->
                                r.filters(f -> f.name("attachment.instance-id").values(Seeded.DB)))
                        .volumes();
        assertThat(volumes).extracting(Volume::size).containsExactlyInAnyOrder(8, 500);
        SANDBOX.control().terminate("db-1");
        SANDBOX.control().advance(Duration.ofSeconds(10));
        assertThat(SANDBOX.ec2().describeVolumes(r -> r.volumeIds(DB_DATA)).volumes())
                .as("a data volume outlives its instance")
                .singleElement()
                .satisfies(each -> assertThat(each.attachments()).isEmpty());
        refused(
                () -> SANDBOX.ec2().describeVolumes(r -> r.volumeIds("vol-0bc9e846f0bc09ea7")),
                "InvalidVolume.NotFound");
    }

    @Test
    void copiesUnderAKeyAndShares() {
        String id = complete(take(Seeded.WEB)).getFirst();
        String copy = copy(id, KEY);
        SANDBOX.control().advance(Duration.ofSeconds(15));

        assertThat(snapshot(copy))
                .satisfies(each -> {
                    assertThat(each.state()).isEqualTo(SnapshotState.COMPLETED);
                    assertThat(each.kmsKeyId()).isEqualTo(KEY);
                    assertThat(each.volumeId()).isEqualTo("vol-ffffffff");
                });
        share(copy, OperationType.ADD);
        share(copy, OperationType.ADD);
        assertThat(readers(copy)).containsExactly(FORENSICS);
        share(copy, OperationType.REMOVE);
        assertThat(readers(copy)).isEmpty();
    }

    @Test
    void aKeyThatMayNotBeUsedFailsTheCopyLater() {
        String id = complete(take(Seeded.WEB)).getFirst();
        String copy;
        try (Ec2Client response = response()) {
            copy =
                    response.copySnapshot(r ->
                                    r.sourceRegion(Seeded.REGION)
                                            .destinationRegion(Seeded.REGION)
                                            .sourceSnapshotId(id)
                                            .encrypted(true)
                                            .kmsKeyId(FOREIGN_KEY))
                            .snapshotId();
        }
        assertThat(snapshot(copy).state()).isEqualTo(SnapshotState.PENDING);
        SANDBOX.control().advance(Duration.ofSeconds(2));
        assertThat(snapshot(copy).state()).isEqualTo(SnapshotState.ERROR);
        assertThat(snapshot(copy).stateMessage()).isEqualTo("Given key ID is not accessible");
    }

    @Test
    void refusesWhatEc2Refuses() {
        List<SnapshotInfo> pending = take(Seeded.DB);
        String first = pending.getFirst().snapshotId();
        refused(() -> copy(first, KEY), "IncorrectState");
        List<String> ids = complete(pending);
        refused(() -> share(ids.get(1), OperationType.ADD), "OperationNotPermitted");
        refused(
                () ->
                        SANDBOX.ec2()
                                .copySnapshot(r ->
                                        r.sourceRegion(Seeded.REGION)
                                                .destinationRegion(Seeded.REGION)
                                                .sourceSnapshotId(first)
                                                .kmsKeyId(KEY)),
                "InvalidParameterDependency");
        refused(() -> delete("snap-1"), "InvalidSnapshotID.Malformed");
        refused(() -> delete("snap-00000000000000000"), "InvalidSnapshot.NotFound");
        SANDBOX.control().registerImage(first, "ami-0ffd4ed8f0917535d");
        refused(() -> delete(first), "InvalidSnapshot.InUse");
        SANDBOX.control().lockSnapshot(ids.get(1), true);
        refused(() -> delete(ids.get(1)), "SnapshotLocked");
        SANDBOX.control().lockSnapshot(ids.get(1), false);
        delete(ids.get(1));
        assertThat(
                        SANDBOX.ec2()
                                .describeTags(r ->
                                        r.filters(f -> f.name("resource-id").values(ids.get(1))))
                                .tags())
                .isEmpty();
        refused(() -> take("i-00000000000000000"), "InvalidInstanceID.NotFound");
        refused(
                () ->
                        SANDBOX.ec2()
                                .createSnapshots(r ->
                                        r.dryRun(true)
                                                .instanceSpecification(
                                                        i -> i.instanceId(Seeded.DB))),
                412,
                "DryRunOperation");
        try (Ec2Client viewer = SANDBOX.ec2(SandboxExtension.VIEWER)) {
            refused(
                    () -> viewer.deleteSnapshot(r -> r.snapshotId(first)),
                    403,
                    "UnauthorizedOperation");
        }
    }

    @Test
    void keepsTheLimits() {
        for (int i = 0; i < 5; i++) {
            take(Seeded.WEB);
        }
        refused(() -> take(Seeded.WEB), "ConcurrentSnapshotLimitExceeded");
        SANDBOX.control().advance(Duration.ofSeconds(10));
        String id = complete(take(Seeded.WEB)).getFirst();
        for (int i = 0; i < 20; i++) {
            copy(id, KEY);
        }
        refused(() -> copy(id, KEY), "ResourceLimitExceeded");
    }

    @Test
    void tellsWhatBecomesOfASnapshot() {
        List<SnapshotInfo> made = take(Seeded.DB);
        SANDBOX.control().completeSnapshotIn(made.getFirst().snapshotId(), Duration.ofHours(3));
        SANDBOX.control().failSnapshot(made.getLast().snapshotId(), "internal error");
        SANDBOX.control().advance(Duration.ofHours(1));
        assertThat(snapshot(made.getFirst().snapshotId()).progress()).isEqualTo("33%");
        assertThat(snapshot(made.getLast().snapshotId()).stateMessage())
                .isEqualTo("internal error");
    }

    private static List<SnapshotInfo> take(String instanceId) {
        return SANDBOX.ec2()
                .createSnapshots(r ->
                        r.instanceSpecification(i -> i.instanceId(instanceId))
                                .tagSpecifications(s ->
                                        s.resourceType(ResourceType.SNAPSHOT)
                                                .tags(t -> t.key("case").value("7"))))
                .snapshots();
    }

    private static List<String> complete(List<SnapshotInfo> made) {
        SANDBOX.control().advance(Duration.ofSeconds(10));
        return made.stream().map(SnapshotInfo::snapshotId).toList();
    }

    private static String copy(String id, String key) {
        return SANDBOX.ec2()
                .copySnapshot(r ->
                        r.sourceRegion(Seeded.REGION)
                                .destinationRegion(Seeded.REGION)
                                .sourceSnapshotId(id)
                                .encrypted(true)
                                .kmsKeyId(key))
                .snapshotId();
    }

    private static void share(String id, OperationType how) {
        SANDBOX.ec2()
                .modifySnapshotAttribute(r ->
                        r.snapshotId(id)
                                .attribute("createVolumePermission")
                                .operationType(how)
                                .userIds(FORENSICS));
    }

    private static void delete(String id) {
        SANDBOX.ec2().deleteSnapshot(r -> r.snapshotId(id));
    }

    private static List<String> readers(String id) {
        return SANDBOX
                .ec2()
                .describeSnapshotAttribute(
                        r -> r.snapshotId(id).attribute("createVolumePermission"))
                .createVolumePermissions()
                .stream()
                .map(CreateVolumePermission::userId)
                .toList();
    }

    private static Snapshot snapshot(String id) {
        return SANDBOX.ec2().describeSnapshots(r -> r.snapshotIds(id)).snapshots().getFirst();
    }

    /** With the product's role, which may not use every key. */
    private static Ec2Client response() {
        var keys =
                SANDBOX.sts(SandboxExtension.YAGURA)
                        .assumeRole(r ->
                                r.roleArn("arn:aws:iam::111122223333:role/YaguraResponse")
                                        .roleSessionName("yagura")
                                        .externalId("yagura-sandbox"))
                        .credentials();
        return SANDBOX.ec2(
                AwsSessionCredentials.create(
                        keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken()));
    }
}
