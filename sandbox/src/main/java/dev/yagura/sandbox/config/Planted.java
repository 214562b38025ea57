package dev.yagura.sandbox.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.world.Account;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A resource that is in AWS Config only, for tests of scale: no other API knows it.
 *
 * @param number of its type, from 1
 */
record Planted(String type, int number, Instant created) implements Subject {
    /**
     * How a type names its resources.
     *
     * @param property of a configuration, that has the id
     */
    private record Naming(String prefix, String property, String arn) {}

    private static final Map<String, Naming> NAMING =
            Map.of(
                    ResourceTypes.INSTANCE,
                    new Naming("i-", "instanceId", "instance/"),
                    ResourceTypes.NETWORK_INTERFACE,
                    new Naming("eni-", "networkInterfaceId", "network-interface/"),
                    ResourceTypes.VOLUME,
                    new Naming("vol-", "volumeId", "volume/"),
                    ResourceTypes.SECURITY_GROUP,
                    new Naming("sg-", "groupId", "security-group/"),
                    ResourceTypes.SUBNET,
                    new Naming("subnet-", "subnetId", "subnet/"),
                    ResourceTypes.VPC,
                    new Naming("vpc-", "vpcId", "vpc/"));

    Planted {
        if (!NAMING.containsKey(type)) {
            throw new IllegalArgumentException(
                    "type must be of " + NAMING.keySet().stream().sorted().toList());
        }
    }

    @Override
    public ResourceKey key() {
        return new ResourceKey(type, id());
    }

    @Override
    public Description describe(Account account) {
        Naming naming = naming();
        ObjectNode into = Json.object().put(naming.property, id());
        if (type.equals(ResourceTypes.INSTANCE)) {
            into.put("instanceType", "t3.small")
                    .put("imageId", "ami-0ffd4ed8f0917535d")
                    .put("launchTime", created.toString())
                    .putObject("state")
                    .put("code", 16)
                    .put("name", "running");
        }
        return new Description(
                null,
                account.arn("ec2", naming.arn + id()),
                account.region(),
                account.region() + "a",
                created,
                Map.of("Name", "planted-" + number),
                List.of(),
                into);
    }

    private String id() {
        return "%s%017x".formatted(naming().prefix, number);
    }

    private Naming naming() {
        Naming naming = NAMING.get(type);
        if (naming == null) {
            throw new IllegalStateException("checked when it was made: " + type);
        }
        return naming;
    }
}
