package dev.yagura.sandbox.seed;

import dev.yagura.sandbox.cloud.Cloud;
import dev.yagura.sandbox.world.SecurityGroup;
import dev.yagura.sandbox.world.Subnet;
import dev.yagura.sandbox.world.World;
import java.util.List;
import java.util.Map;

/** An instance more than the seed has. */
public final class Launch {
    private static final String IMAGE = "ami-0ffd4ed8f0917535d";

    private Launch() {}

    /**
     * Launches an instance in the first subnet and the first security group of its VPC.
     *
     * @param addresses private IPv4 addresses of its interfaces
     */
    public static void instance(String id, List<String> addresses, Cloud cloud) {
        World world = cloud.world();
        Subnet subnet = world.subnets().all().iterator().next();
        String group =
                world.securityGroups().all().stream()
                        .filter(each -> each.vpcId().equals(subnet.vpcId()))
                        .map(SecurityGroup::id)
                        .findFirst()
                        .orElseThrow();
        List<Seed.InterfaceSeed> interfaces =
                addresses.stream()
                        .map(address ->
                                new Seed.InterfaceSeed(
                                        world.ids().next("eni"),
                                        subnet.id(),
                                        address,
                                        null,
                                        null,
                                        List.of(group),
                                        null,
                                        null,
                                        null))
                        .toList();
        ResourcePlanting.launch(
                new Seed.InstanceSeed(
                        id,
                        world.ids().next("r"),
                        IMAGE,
                        "t3.small",
                        world.ids().next("vol"),
                        null,
                        Map.of("Name", "launched"),
                        null,
                        interfaces),
                world,
                cloud.clock().instant());
    }
}
