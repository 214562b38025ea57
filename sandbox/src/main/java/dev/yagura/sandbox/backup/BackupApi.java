package dev.yagura.sandbox.backup;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Protocol;
import dev.yagura.sandbox.world.Snapshot;
import dev.yagura.sandbox.world.World;
import java.util.List;
import java.util.Optional;

/** AWS Backup: DescribeRecoveryPoint. */
public final class BackupApi {
    public static final String NAME = "backup";

    private final RecoveryPoints points;
    private final World world;

    private BackupApi(RecoveryPoints points, World world) {
        this.points = points;
        this.world = world;
    }

    public static Api of(RecoveryPoints points, World world) {
        BackupApi backup = new BackupApi(points, world);
        return Api.of(
                NAME,
                Protocol.REST_JSON,
                "",
                "",
                false,
                List.of(
                        Operation.named("DescribeRecoveryPoint", backup::describe)
                                .needs(BackupRequest.VAULT, BackupRequest.ARN)
                                .on(parameters ->
                                        List.of(parameters.required(BackupRequest.ARN)))));
    }

    private Body describe(Call call) {
        String vault = call.parameters().required(BackupRequest.VAULT);
        String arn = call.parameters().required(BackupRequest.ARN);
        RecoveryPoint point = points.get(vault, arn);
        Optional<Snapshot> snapshot = world.snapshots().find(point.snapshotId());
        ObjectNode answer =
                JsonNodeFactory.instance
                        .objectNode()
                        .put(BackupRequest.ARN, arn)
                        .put(BackupRequest.VAULT, vault)
                        .put("BackupVaultArn", points.vaultArn(vault))
                        .put("ResourceType", "EBS")
                        .put("Status", point.status())
                        .put("StorageClass", point.storageClass());
        snapshot.ifPresent(each -> {
            answer.put("ResourceArn", world.account().arn("ec2", "volume/" + each.volumeId()))
                    .put("CreationDate", each.startTime().toEpochMilli() / 1000.0)
                    .put("IsEncrypted", each.kmsKeyArn() != null);
            if (each.kmsKeyArn() != null) {
                answer.put("EncryptionKeyArn", each.kmsKeyArn());
            }
        });
        return new Body.Members(answer);
    }
}
