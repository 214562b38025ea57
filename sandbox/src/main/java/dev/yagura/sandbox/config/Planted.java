package dev.yagura.sandbox.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.world.Account;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A resource that is in AWS Config only, for tests of scale: no other API knows it.
 *
 * @param number of its type, from 1
 */
record Planted(ResourceKey key, int number, Instant created) implements Subject {
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

    /**
     * One of a type.
     *
     * @throws IllegalArgumentException if none of that type can be planted
     */
    static Planted of(String type, int number, Instant created) {
        String id = naming(type).prefix + "0" + HexFormat.of().toHexDigits((long) number);
        return new Planted(new ResourceKey(type, id), number, created);
    }

    @Override
    public Description describe(Account account) {
        Naming naming = naming(key.type());
        ObjectNode into = Json.object().put(naming.property, key.id());
        if (key.type().equals(ResourceTypes.INSTANCE)) {
            into.put("instanceType", "t3.small")
                    .put("imageId", "ami-0ffd4ed8f0917535d")
                    .put("launchTime", created.toString())
                    .putObject("state")
                    .put("code", 16)
                    .put("name", "running");
        }
        return new Description(
                null,
                account.arn("ec2", naming.arn + key.id()),
                account.region(),
                account.region() + "a",
                created,
                Map.of("Name", "planted-" + number),
                List.of(),
                into);
    }

    private static Naming naming(String type) {
        Naming naming = NAMING.get(type);
        if (naming == null) {
            throw new IllegalArgumentException(
                    "type must be of " + NAMING.keySet().stream().sorted().toList());
        }
        return naming;
    }
}
