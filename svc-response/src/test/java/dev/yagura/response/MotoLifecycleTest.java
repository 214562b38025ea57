package dev.yagura.response;

import static dev.yagura.response.ActionOutcome.assertState;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.ApproveActionRequest;
import dev.yagura.proto.response.v1.InstanceProfileTarget;
import dev.yagura.proto.response.v1.VolumeTarget;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceBlockDeviceMapping;
import software.amazon.awssdk.services.iam.IamClient;

/**
 * The calls of stop_instance, replace_instance_profile, restore_volume and terminate_instance
 * against an emulator that is not ours.
 */
class MotoLifecycleTest {
    @RegisterExtension
    static final MotoAccount ACCOUNT =
            MotoAccount.with(Map.of("yagura.response.lifecycle.poll", "PT0.02S"));

    private static Ec2Client ec2;
    private static String instanceId = "";

    @BeforeAll
    static void launch() {
        ec2 = ACCOUNT.client(Ec2Client.builder());
        try (IamClient iam = ACCOUNT.client(IamClient.builder(), Region.AWS_GLOBAL)) {
            profile(iam, "web");
            profile(iam, "minimal");
        }
        String image = ec2.describeImages(request -> {}).images().getFirst().imageId();
        instanceId =
                ec2.runInstances(request ->
                                request.imageId(image)
                                        .instanceType("m5.large")
                                        .minCount(1)
                                        .maxCount(1)
                                        .iamInstanceProfile(each -> each.name("web")))
                        .instances()
                        .getFirst()
                        .instanceId();
    }

    private static void profile(IamClient iam, String name) {
        iam.createRole(r -> r.roleName(name).assumeRolePolicyDocument("{}"));
        iam.createInstanceProfile(r -> r.instanceProfileName(name));
        iam.addRoleToInstanceProfile(r -> r.instanceProfileName(name).roleName(name));
    }

    @AfterAll
    static void closeClients() {
        ec2.close();
    }

    @Test
    void replacesTheProfileStopsStartsAndTerminates() {
        Action replaced =
                apply(
                        ActionKind.ACTION_KIND_REPLACE_INSTANCE_PROFILE,
                        MotoAccount.target(instanceId).toBuilder()
                                .setInstanceProfile(
                                        InstanceProfileTarget.newBuilder().setName("minimal"))
                                .build());
        assertThat(profile()).endsWith("/minimal");
        assertState(ACCOUNT.responder().undo(replaced), ActionState.ACTION_STATE_UNDONE);
        assertThat(profile()).endsWith("/web");

        Action stopped =
                apply(ActionKind.ACTION_KIND_STOP_INSTANCE, MotoAccount.target(instanceId));
        assertThat(instance().state().nameAsString()).isEqualTo("stopped");
        restoresItsVolume();
        assertState(ACCOUNT.responder().undo(stopped), ActionState.ACTION_STATE_UNDONE);
        assertThat(instance().state().nameAsString()).isEqualTo("running");

        Action asked =
                ACCOUNT.responder()
                        .create(
                                TestResponder.request(
                                                ActionKind.ACTION_KIND_TERMINATE_INSTANCE,
                                                MotoAccount.target(instanceId))
                                        .addOverrideGuards("evidence-snapshot"));
        ACCOUNT.responder()
                .service()
                .actionsOfAnother()
                .approveAction(ApproveActionRequest.newBuilder().setName(asked.getName()).build());
        assertState(ACCOUNT.responder().settled(asked), ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(instance().state().nameAsString()).isEqualTo("terminated");
        assertThat(ec2.describeVolumes().volumes()).isEmpty();
    }

    private static void restoresItsVolume() {
        InstanceBlockDeviceMapping root = instance().blockDeviceMappings().getFirst();
        String snapshotId = ec2.createSnapshot(r -> r.volumeId(root.ebs().volumeId())).snapshotId();

        Action restored =
                apply(
                        ActionKind.ACTION_KIND_RESTORE_VOLUME,
                        MotoAccount.target(instanceId).toBuilder()
                                .setVolume(
                                        VolumeTarget.newBuilder()
                                                .setDeviceName(root.deviceName())
                                                .setSnapshotId(snapshotId))
                                .build());

        assertThat(instance().blockDeviceMappings())
                .singleElement()
                .satisfies(device ->
                        assertThat(device.ebs().volumeId())
                                .isEqualTo(restored.getVolumeSwapState().getVolumeId()));
        assertState(ACCOUNT.responder().undo(restored), ActionState.ACTION_STATE_UNDONE);
        assertThat(instance().blockDeviceMappings().getFirst().ebs().volumeId())
                .isEqualTo(root.ebs().volumeId());
        assertThat(ec2.describeVolumes().volumes()).hasSize(1);
    }

    private static Action apply(ActionKind kind, ActionTarget target) {
        Action action = ACCOUNT.responder().apply(TestResponder.request(kind, target));
        assertState(action, ActionState.ACTION_STATE_SUCCEEDED);
        return action;
    }

    private static String profile() {
        return ec2.describeIamInstanceProfileAssociations(
                        r -> r.filters(f -> f.name("instance-id").values(instanceId)))
                .iamInstanceProfileAssociations()
                .getFirst()
                .iamInstanceProfile()
                .arn();
    }

    private static Instance instance() {
        return ec2.describeInstances(r -> r.instanceIds(instanceId))
                .reservations()
                .getFirst()
                .instances()
                .getFirst();
    }
}
