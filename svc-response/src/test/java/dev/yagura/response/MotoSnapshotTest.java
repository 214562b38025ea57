package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Snapshot;

/** The calls of snapshot_instance against an emulator that is not ours. */
class MotoSnapshotTest {
    private static final String KEY =
            "arn:aws:kms:ap-northeast-1:123456789012:key/5a0c2f6e-9d31-4c7b-8e54-0b7f6a1d2c3e";
    private static final String FORENSICS = "999988887777";

    @RegisterExtension
    static final MotoAccount ACCOUNT =
            MotoAccount.with(
                    Map.of(
                            "yagura.response.forensics.kms-keys", KEY,
                            "yagura.response.forensics.account-id", FORENSICS,
                            "yagura.response.forensics.poll", "PT0.02S"));

    private static Ec2Client ec2;
    private static String instanceId = "";

    @BeforeAll
    static void launch() {
        ec2 = ACCOUNT.client(Ec2Client.builder());
        String image = ec2.describeImages(request -> {}).images().getFirst().imageId();
        instanceId =
                ec2.runInstances(request ->
                                request.imageId(image)
                                        .minCount(1)
                                        .maxCount(1)
                                        .blockDeviceMappings(
                                                device ->
                                                        device.deviceName("/dev/sda1")
                                                                .ebs(ebs -> ebs.volumeSize(8)),
                                                device ->
                                                        device.deviceName("/dev/sdf")
                                                                .ebs(ebs -> ebs.volumeSize(20))))
                        .instances()
                        .getFirst()
                        .instanceId();
    }

    @AfterAll
    static void closeClients() {
        ec2.close();
    }

    @Test
    void takesCopiesSharesAndDeletes() {
        Action action =
                ACCOUNT.responder()
                        .apply(
                                TestResponder.request(
                                        ActionKind.ACTION_KIND_SNAPSHOT_INSTANCE,
                                        MotoAccount.target(instanceId)));

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(snapshots())
                .hasSize(2)
                .allSatisfy(each -> {
                    assertThat(each.kmsKeyId()).isEqualTo(KEY);
                    assertThat(readers(each)).containsExactly(FORENSICS);
                });

        Action undone = ACCOUNT.responder().undo(action);

        assertThat(undone.getState())
                .as(undone.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(snapshots()).isEmpty();
    }

    private static List<String> readers(Snapshot snapshot) {
        return ec2
                .describeSnapshotAttribute(r ->
                        r.snapshotId(snapshot.snapshotId()).attribute("createVolumePermission"))
                .createVolumePermissions()
                .stream()
                .map(each -> each.userId())
                .toList();
    }

    private static List<Snapshot> snapshots() {
        return ec2.describeSnapshots(
                        request -> request.filters(f -> f.name("tag-key").values("yagura:action")))
                .snapshots();
    }
}
