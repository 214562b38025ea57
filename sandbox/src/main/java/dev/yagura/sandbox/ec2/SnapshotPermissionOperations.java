package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.wire.Xml;
import dev.yagura.sandbox.world.KmsKey;
import dev.yagura.sandbox.world.Snapshot;
import dev.yagura.sandbox.world.World;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** DescribeSnapshotAttribute and ModifySnapshotAttribute of createVolumePermission. */
final class SnapshotPermissionOperations {
    private static final String ATTRIBUTE = "createVolumePermission";

    private final World world;

    SnapshotPermissionOperations(World world) {
        this.world = world;
    }

    List<Operation> all() {
        return List.of(
                Operation.named("DescribeSnapshotAttribute", this::describe)
                        .needs("SnapshotId", "Attribute"),
                Operation.named("ModifySnapshotAttribute", this::modify)
                        .needs("SnapshotId", "OperationType", "UserId")
                        .knows("Attribute"));
    }

    private Body describe(Call call) {
        checkAttribute(call.parameters());
        Snapshot snapshot = named(call);
        return Xml.ofItems()
                .text("snapshotId", snapshot.id())
                .list(
                        ATTRIBUTE,
                        new TreeSet<>(snapshot.sharedWith()),
                        (xml, account) -> xml.text("userId", account))
                .body();
    }

    private Body modify(Call call) {
        checkAttribute(call.parameters());
        Snapshot snapshot = named(call);
        Set<String> accounts = new TreeSet<>(call.parameters().list("UserId"));
        accounts.forEach(SnapshotPermissionOperations::checkAccount);
        Snapshot changed =
                switch (call.parameters().required("OperationType")) {
                    case "add" -> snapshot.sharing(accounts, Set.of());
                    case "remove" -> snapshot.sharing(Set.of(), accounts);
                    default ->
                            throw ApiFault.of(
                                    "InvalidParameterValue",
                                    "Value for parameter operationType is invalid: add or remove");
                };
        boolean defaultKey =
                Optional.ofNullable(snapshot.kmsKeyArn())
                        .flatMap(world.kmsKeys()::find)
                        .filter(KmsKey::awsManaged)
                        .isPresent();
        if (defaultKey && !changed.sharedWith().isEmpty()) {
            throw ApiFault.of(
                    "OperationNotPermitted",
                    "Encrypted snapshots with EBS default key cannot be shared");
        }
        world.snapshots().put(changed);
        return Xml.ofItems().text("return", true).body();
    }

    private static void checkAccount(String account) {
        if (!account.matches("[0-9]{12}")) {
            throw ApiFault.of("InvalidParameterValue", "Invalid account id '%s'", account);
        }
    }

    private static void checkAttribute(Parameters parameters) {
        String attribute = parameters.text("Attribute").orElse(ATTRIBUTE);
        if (!attribute.equals(ATTRIBUTE)) {
            throw ApiFault.of(
                    "InvalidParameterValue",
                    "Value (%s) for parameter attribute is invalid: the sandbox knows %s",
                    attribute,
                    ATTRIBUTE);
        }
    }

    private Snapshot named(Call call) {
        return ResourceKind.SNAPSHOT.find(
                world.snapshots(), call.parameters().required("SnapshotId"));
    }
}
