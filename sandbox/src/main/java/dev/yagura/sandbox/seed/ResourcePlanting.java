package dev.yagura.sandbox.seed;

import dev.yagura.sandbox.flow.EffectiveRules;
import dev.yagura.sandbox.net.Cidr;
import dev.yagura.sandbox.net.IpAddresses;
import dev.yagura.sandbox.seed.Seed.AclSeed;
import dev.yagura.sandbox.seed.Seed.EndpointSeed;
import dev.yagura.sandbox.seed.Seed.GroupSeed;
import dev.yagura.sandbox.seed.Seed.InstanceSeed;
import dev.yagura.sandbox.seed.Seed.InterfaceSeed;
import dev.yagura.sandbox.seed.Seed.PrefixListSeed;
import dev.yagura.sandbox.seed.Seed.RouteSeed;
import dev.yagura.sandbox.seed.Seed.RouteTableSeed;
import dev.yagura.sandbox.seed.Seed.SubnetSeed;
import dev.yagura.sandbox.seed.Seed.VolumeSeed;
import dev.yagura.sandbox.seed.Seed.VpcSeed;
import dev.yagura.sandbox.world.Attachment;
import dev.yagura.sandbox.world.Instance;
import dev.yagura.sandbox.world.InstanceState;
import dev.yagura.sandbox.world.KmsKey;
import dev.yagura.sandbox.world.Lifecycle;
import dev.yagura.sandbox.world.Market;
import dev.yagura.sandbox.world.MetadataOptions;
import dev.yagura.sandbox.world.NetworkAcl;
import dev.yagura.sandbox.world.NetworkInterface;
import dev.yagura.sandbox.world.PrefixList;
import dev.yagura.sandbox.world.ProfileAssociation;
import dev.yagura.sandbox.world.Protection;
import dev.yagura.sandbox.world.Route;
import dev.yagura.sandbox.world.RouteTable;
import dev.yagura.sandbox.world.SecurityGroup;
import dev.yagura.sandbox.world.Subnet;
import dev.yagura.sandbox.world.TrackingTimeouts;
import dev.yagura.sandbox.world.Volume;
import dev.yagura.sandbox.world.Vpc;
import dev.yagura.sandbox.world.VpcEndpoint;
import dev.yagura.sandbox.world.World;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the records of a seed's resources. */
final class ResourcePlanting {
    private static final String FULL_ACCESS =
            "{\"Statement\":[{\"Action\":\"*\",\"Effect\":\"Allow\",\"Principal\":\"*\","
                    + "\"Resource\":\"*\"}]}";

    /** Seeded instances have run for a while. */
    private static final Duration AGE = Duration.ofDays(21);

    private static final int ROOT_GIB = 8;

    private final World world;
    private final Instant made;

    private ResourcePlanting(World world, Instant made) {
        this.world = world;
        this.made = made;
    }

    /** Everything that a seed has. */
    static void plant(Seed seed, World world, Instant now) {
        new ResourcePlanting(world, now.minus(AGE)).plant(seed);
    }

    /** One more instance, launched now. */
    static void launch(InstanceSeed instance, World world, Instant now) {
        new ResourcePlanting(world, now)
                .plant(
                        instance,
                        Lifecycle.passing(InstanceState.PENDING, now, world.timing().start()));
    }

    private void plant(Seed seed) {
        seed.kmsKeys()
                .forEach(key -> world.kmsKeys().put(new KmsKey(key.arn(), key.awsManaged(), true)));
        seed.vpcs().forEach(this::plant);
        seed.networkAcls().forEach(this::plant);
        seed.subnets().forEach(this::plant);
        seed.prefixLists().forEach(this::plant);
        seed.routeTables().forEach(this::plant);
        seed.securityGroups().forEach(this::plant);
        seed.vpcEndpoints().forEach(this::plant);
        seed.interfaces().forEach(eni -> world.interfaces().put(eni(eni, null)));
        seed.instances()
                .forEach(instance ->
                        plant(instance, Lifecycle.lasting(InstanceState.RUNNING, made)));
        checkReferences();
    }

    private void plant(VpcSeed vpc) {
        world.vpcs()
                .put(
                        new Vpc(
                                vpc.id(),
                                Cidr.parse(vpc.cidr()),
                                cidr(vpc.ipv6Cidr()),
                                vpc.dnsSupport(),
                                vpc.dnsHostnames()));
        tag(vpc.id(), vpc.tags());
    }

    private void plant(AclSeed acl) {
        world.networkAcls()
                .put(
                        new NetworkAcl(
                                acl.id(),
                                acl.vpc(),
                                true,
                                acl.entries().stream().map(RuleText::aclEntry).toList()));
    }

    private void plant(SubnetSeed subnet) {
        world.subnets()
                .put(
                        new Subnet(
                                subnet.id(),
                                subnet.vpc(),
                                subnet.zone(),
                                subnet.zoneId(),
                                Cidr.parse(subnet.cidr()),
                                cidr(subnet.ipv6Cidr()),
                                subnet.mapPublicIp(),
                                subnet.networkAcl()));
        tag(subnet.id(), subnet.tags());
    }

    private void plant(PrefixListSeed list) {
        world.prefixLists()
                .put(
                        new PrefixList(
                                list.id(),
                                list.name(),
                                list.entries().stream().map(Cidr::parse).toList()));
    }

    private void plant(RouteTableSeed table) {
        world.routeTables()
                .put(
                        new RouteTable(
                                table.id(),
                                table.vpc(),
                                table.main(),
                                table.subnets(),
                                table.routes().stream().map(ResourcePlanting::route).toList()));
        tag(table.id(), table.tags());
    }

    private static Route route(RouteSeed route) {
        return route.to().startsWith("pl-")
                ? new Route(null, route.to(), route.via())
                : new Route(Cidr.parse(route.to()), null, route.via());
    }

    private void plant(GroupSeed group) {
        world.securityGroups()
                .put(
                        new SecurityGroup(
                                group.id(),
                                group.name(),
                                group.description(),
                                group.vpc(),
                                group.rules().stream()
                                        .map(text ->
                                                RuleText.groupRule(
                                                        world.ids().next("sgr"), group.id(), text))
                                        .toList()));
        tag(group.id(), group.tags());
    }

    private void plant(EndpointSeed endpoint) {
        List<InterfaceSeed> interfaces = Planting.orEmpty(endpoint.interfaces());
        for (InterfaceSeed eni : interfaces) {
            world.interfaces()
                    .put(
                            eni(
                                    new InterfaceSeed(
                                            eni.id(),
                                            eni.subnet(),
                                            eni.address(),
                                            eni.ipv6Addresses(),
                                            null,
                                            endpoint.groups(),
                                            "vpc_endpoint",
                                            "amazon-aws",
                                            "VPC Endpoint Interface " + endpoint.id()),
                                    null));
        }
        world.vpcEndpoints()
                .put(
                        new VpcEndpoint(
                                endpoint.id(),
                                interfaces.isEmpty() ? "Gateway" : "Interface",
                                endpoint.vpc(),
                                endpoint.service(),
                                interfaces.stream().map(InterfaceSeed::subnet).toList(),
                                Planting.orEmpty(endpoint.groups()),
                                interfaces.stream().map(InterfaceSeed::id).toList(),
                                Planting.orEmpty(endpoint.routeTables()),
                                !interfaces.isEmpty(),
                                FULL_ACCESS,
                                made));
        tag(endpoint.id(), endpoint.tags());
    }

    private void plant(InstanceSeed instance, Lifecycle lifecycle) {
        InterfaceSeed first = instance.interfaces().getFirst();
        Subnet subnet = world.subnets().get(first.subnet());
        world.instances()
                .put(
                        new Instance(
                                instance.id(),
                                instance.reservation(),
                                instance.image(),
                                instance.type(),
                                "x86_64",
                                subnet.vpcId(),
                                subnet.id(),
                                instance.rootVolume(),
                                made,
                                lifecycle,
                                Protection.NONE,
                                Market.ON_DEMAND,
                                new MetadataOptions(true, true, 2),
                                false));
        plantVolumes(instance, subnet.availabilityZone());
        if (instance.profile() != null) {
            world.profileAssociations()
                    .put(
                            new ProfileAssociation(
                                    world.ids().next("iip-assoc"),
                                    instance.id(),
                                    instance.profile(),
                                    made,
                                    made,
                                    false));
        }
        int device = 0;
        for (InterfaceSeed eni : instance.interfaces()) {
            Attachment attachment =
                    new Attachment(
                            world.ids().next("eni-attach"),
                            instance.id(),
                            device,
                            made,
                            device == 0);
            world.interfaces().put(eni(eni, attachment));
            device++;
        }
        tag(instance.id(), instance.tags());
    }

    private void plantVolumes(InstanceSeed instance, String zone) {
        plant(
                new VolumeSeed(instance.rootVolume(), World.ROOT_DEVICE, ROOT_GIB, "gp3", null),
                instance.id(),
                zone,
                true);
        Planting.orEmpty(instance.volumes())
                .forEach(volume -> plant(volume, instance.id(), zone, false));
    }

    private void plant(
            VolumeSeed volume, String instanceId, String zone, boolean deleteOnTermination) {
        world.volumes()
                .put(
                        new Volume(
                                volume.id(),
                                zone,
                                volume.size(),
                                volume.type(),
                                volume.kmsKey(),
                                made,
                                made,
                                new Volume.Attached(
                                        instanceId,
                                        volume.device(),
                                        deleteOnTermination,
                                        made,
                                        false)));
    }

    private NetworkInterface eni(InterfaceSeed eni, @Nullable Attachment attachment) {
        InetAddress address = IpAddresses.parse(eni.address());
        return new NetworkInterface(
                eni.id(),
                world.subnets().get(eni.subnet()).vpcId(),
                eni.subnet(),
                eni.description() == null ? "" : eni.description(),
                macOf(address),
                address,
                Planting.orEmpty(eni.ipv6Addresses()).stream().map(IpAddresses::parse).toList(),
                eni.publicAddress() == null ? null : IpAddresses.parse(eni.publicAddress()),
                Planting.orEmpty(eni.groups()),
                attachment,
                eni.type() == null ? "interface" : eni.type(),
                eni.requester(),
                true,
                TrackingTimeouts.UNSET);
    }

    /** A locally administered address that is as unique as the private address. */
    private static String macOf(InetAddress address) {
        byte[] b = address.getAddress();
        return "02:1c:%02x:%02x:%02x:%02x".formatted(b[0], b[1], b[2], b[3]);
    }

    private static @Nullable Cidr cidr(@Nullable String text) {
        return text == null ? null : Cidr.parse(text);
    }

    private void tag(String id, @Nullable Map<String, String> tags) {
        if (tags != null) {
            world.tags().put(id, tags);
        }
    }

    /** Every id that a record names exists; otherwise a call would find out much later. */
    private void checkReferences() {
        world.subnets().all().forEach(subnet -> world.networkAcls().get(subnet.networkAclId()));
        world.subnets().all().forEach(world::routeTableOf);
        world.interfaces().all().stream()
                .flatMap(eni -> eni.groupIds().stream())
                .forEach(id -> world.securityGroups().get(id));
        world.interfaces().all().forEach(eni -> EffectiveRules.of(world, eni));
        world.volumes().all().stream()
                .map(Volume::kmsKeyArn)
                .filter(Objects::nonNull)
                .forEach(arn -> world.kmsKeys().get(arn));
    }
}
