package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.UndoActionRequest;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.testkit.MotoFixture;
import dev.yagura.testkit.PostgresFixture;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Snapshot;

/** The calls of snapshot_instance against an emulator that is not ours. */
class MotoSnapshotTest {
    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("response");
    @RegisterExtension static final MotoFixture MOTO = new MotoFixture();

    private static final String KEY =
            "arn:aws:kms:ap-northeast-1:123456789012:key/5a0c2f6e-9d31-4c7b-8e54-0b7f6a1d2c3e";
    private static final String FORENSICS = "999988887777";
    private static final Scope SCOPE =
            Scope.newBuilder()
                    .setPartition("aws")
                    .setAccountId("123456789012")
                    .setRegion("ap-northeast-1")
                    .build();

    @TempDir static Path folder;
    private static TestService service;
    private static Ec2Client ec2;
    private static String instanceId = "";

    @BeforeAll
    static void startService() throws Exception {
        service =
                TestService.start(
                        POSTGRES,
                        folder,
                        Map.of(
                                "yagura.response.aws.endpoint",
                                MOTO.endpoint().toString(),
                                "yagura.response.forensics.kms-keys",
                                KEY,
                                "yagura.response.forensics.account-id",
                                FORENSICS,
                                "yagura.response.forensics.poll",
                                "PT0.02S"));
        ec2 =
                Ec2Client.builder()
                        .endpointOverride(MOTO.endpoint())
                        .region(Region.of(SCOPE.getRegion()))
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create("any", "any")))
                        .httpClient(UrlConnectionHttpClient.create())
                        .build();
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
    static void stopService() {
        ec2.close();
        service.close();
    }

    @Test
    void takesCopiesSharesAndDeletes() {
        Action action =
                Settled.of(
                        service.actions(),
                        service.actions()
                                .createAction(
                                        CreateActionRequest.newBuilder()
                                                .setKind(ActionKind.ACTION_KIND_SNAPSHOT_INSTANCE)
                                                .setTarget(
                                                        ActionTarget.newBuilder()
                                                                .setScope(SCOPE)
                                                                .setInstanceId(instanceId))
                                                .setReason("evidence")
                                                .setRequestId(UUID.randomUUID().toString())
                                                .build())
                                .getName());

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(snapshots())
                .hasSize(2)
                .allSatisfy(each -> {
                    assertThat(each.kmsKeyId()).isEqualTo(KEY);
                    assertThat(readers(each)).containsExactly(FORENSICS);
                });

        service.actions()
                .undoAction(
                        UndoActionRequest.newBuilder()
                                .setName(action.getName())
                                .setReason("not needed")
                                .build());
        Action undone = Settled.of(service.actions(), action.getName());

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
