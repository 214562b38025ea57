package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Xml;
import java.util.List;
import java.util.Map;

/** DescribeInstanceTypes, for the types of the seed and one with instance store. */
final class InstanceTypeOperations {
    /** GB of instance store by type. */
    private static final Map<String, Integer> STORAGE =
            Map.of("t3.small", 0, "m6i.large", 0, "r6i.large", 0, "m6id.large", 118);

    List<Operation> all() {
        return List.of(
                Operation.named("DescribeInstanceTypes", this::describe).needs("InstanceType"));
    }

    private Body describe(Call call) {
        List<String> types = call.parameters().list("InstanceType");
        List<String> unknown = types.stream().filter(type -> !STORAGE.containsKey(type)).toList();
        if (!unknown.isEmpty()) {
            throw ApiFault.of(
                    "InvalidInstanceType",
                    "The following supplied instance types do not exist: %s",
                    unknown);
        }
        return Xml.ofItems().list("instanceTypeSet", types, InstanceTypeOperations::write).body();
    }

    private static void write(Xml xml, String type) {
        int storage = STORAGE.getOrDefault(type, 0);
        xml.text("instanceType", type).text("instanceStorageSupported", storage > 0);
        if (storage > 0) {
            xml.element(
                    "instanceStorageInfo",
                    info ->
                            info.text("totalSizeInGB", storage)
                                    .text("nvmeSupport", "required")
                                    .text("encryptionSupport", "required"));
        }
    }
}
