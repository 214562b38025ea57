package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.identity.Directory;
import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Protocol;
import dev.yagura.sandbox.world.InstancePower;
import dev.yagura.sandbox.world.World;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** EC2 as one service. */
public final class Ec2Api {
    private Ec2Api() {}

    /**
     * @param regions of the account
     */
    public static Api of(
            World world,
            Directory directory,
            InstancePower power,
            Supplier<List<String>> regions,
            Clock clock) {
        Stream<Operation> dryRunnable =
                Stream.of(
                                new InstanceOperations(world, directory, power, clock).all(),
                                new InstanceAttributeOperations(world).all(),
                                new InstanceTypeOperations().all(),
                                new SpotRequestOperations(world).all(),
                                new RegionOperations(regions).all(),
                                new InterfaceOperations(world).all(),
                                new SecurityGroupOperations(world).all(),
                                new SecurityGroupRuleOperations(world).all(),
                                new NetworkAclOperations(world).all(),
                                new VpcOperations(world).all(),
                                new EndpointOperations(world).all(),
                                new VolumeOperations(world, clock).all(),
                                new VolumeChangeOperations(world, clock).all(),
                                new SnapshotOperations(world, clock).all(),
                                new SnapshotCopyOperations(world, directory, clock).all(),
                                new SnapshotPermissionOperations(world).all(),
                                new TagOperations(world).all())
                        .flatMap(List::stream)
                        .map(operation -> operation.knows("DryRun"));
        // These have no DryRun in AWS.
        Stream<Operation> others =
                new ProfileAssociationOperations(world, directory, clock).all().stream();
        return Api.of(
                "ec2",
                Protocol.EC2,
                "2016-11-15",
                "http://ec2.amazonaws.com/doc/2016-11-15/",
                false,
                Stream.concat(dryRunnable, others).toList());
    }
}
