package dev.yagura.sandbox.world;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Everything that exists in the account, and the questions that cross tables. */
public final class World {
    /** Of every instance. */
    public static final String ROOT_DEVICE = "/dev/xvda";

    private static final Set<String> SERVED = Set.of("associated", "disassociating");

    private final Account account;
    private final Limits limits;
    private final Timing timing;
    private final ResourceIds ids;

    private final Table<Vpc> vpcs = new Table<>();
    private final Table<Subnet> subnets = new Table<>();
    private final Table<RouteTable> routeTables = new Table<>();
    private final Table<NetworkAcl> networkAcls = new Table<>();
    private final Table<PrefixList> prefixLists = new Table<>();
    private final Table<SecurityGroup> securityGroups = new Table<>();
    private final Table<VpcEndpoint> vpcEndpoints = new Table<>();
    private final Table<NetworkInterface> interfaces = new Table<>();
    private final Table<Instance> instances = new Table<>();
    private final Table<ProfileAssociation> profileAssociations = new Table<>();
    private final Table<Volume> volumes = new Table<>();
    private final Table<Snapshot> snapshots = new Table<>();
    private final Table<KmsKey> kmsKeys = new Table<>();
    private final Tags tags = new Tags();

    public World(Account account, Limits limits, Timing timing, ResourceIds ids) {
        this.account = account;
        this.limits = limits;
        this.timing = timing;
        this.ids = ids;
    }

    public Account account() {
        return account;
    }

    public Limits limits() {
        return limits;
    }

    public Timing timing() {
        return timing;
    }

    public ResourceIds ids() {
        return ids;
    }

    public Table<Vpc> vpcs() {
        return vpcs;
    }

    public Table<Subnet> subnets() {
        return subnets;
    }

    public Table<RouteTable> routeTables() {
        return routeTables;
    }

    public Table<NetworkAcl> networkAcls() {
        return networkAcls;
    }

    public Table<PrefixList> prefixLists() {
        return prefixLists;
    }

    public Table<SecurityGroup> securityGroups() {
        return securityGroups;
    }

    public Table<VpcEndpoint> vpcEndpoints() {
        return vpcEndpoints;
    }

    public Table<NetworkInterface> interfaces() {
        return interfaces;
    }

    public Table<Instance> instances() {
        return instances;
    }

    public Table<ProfileAssociation> profileAssociations() {
        return profileAssociations;
    }

    /** Name of the instance profile that an instance has. */
    public Optional<String> profileOf(String instanceId) {
        return profileAssociations.all().stream()
                .filter(each -> each.instanceId().equals(instanceId))
                .filter(each -> !each.ending())
                .map(ProfileAssociation::profile)
                .findFirst();
    }

    /**
     * Name of the instance profile whose credentials an instance's metadata service gives: while
     * another one is associating, that of before.
     */
    public Optional<String> servedProfileOf(String instanceId, Instant now) {
        return profileAssociations.all().stream()
                .filter(each -> each.instanceId().equals(instanceId))
                .filter(each -> SERVED.contains(each.state(now)))
                .map(ProfileAssociation::profile)
                .findFirst();
    }

    public Table<Volume> volumes() {
        return volumes;
    }

    /** Volumes of an instance by device name: its root volume is first. */
    public List<Volume> volumesOf(String instanceId) {
        return volumes.all().stream()
                .filter(volume -> volume.isAttachedTo(instanceId))
                .sorted(Comparator.comparing(Volume::device))
                .toList();
    }

    /** Volumes whose detaching is done are attached to nothing. */
    public void detachEnded(Instant now) {
        List.copyOf(volumes.all()).stream()
                .filter(volume -> {
                    Volume.Attached place = volume.attachment();
                    return place != null && place.ending() && !place.changing().isAfter(now);
                })
                .forEach(volume -> volumes.put(volume.detached()));
    }

    public Table<Snapshot> snapshots() {
        return snapshots;
    }

    public Table<KmsKey> kmsKeys() {
        return kmsKeys;
    }

    public Tags tags() {
        return tags;
    }

    /** Ids of what AWS Config may record, and that has changed since this was last asked. */
    public Set<String> takeTouched() {
        Set<String> ids = new TreeSet<>();
        vpcs.moveTouched(ids);
        subnets.moveTouched(ids);
        routeTables.moveTouched(ids);
        networkAcls.moveTouched(ids);
        securityGroups.moveTouched(ids);
        interfaces.moveTouched(ids);
        instances.moveTouched(ids);
        profileAssociations.moveTouched(ids);
        volumes.moveTouched(ids);
        tags.moveTouched(ids);
        return ids;
    }

    /** Interfaces of an instance in device order. */
    public List<NetworkInterface> interfacesOf(String instanceId) {
        return interfaces.all().stream()
                .filter(eni -> eni.isAttachedTo(instanceId))
                .sorted(Comparator.comparingInt(NetworkInterface::deviceIndex))
                .toList();
    }

    /** Interfaces that are in a security group. */
    public Stream<NetworkInterface> membersOf(String groupId) {
        return interfaces.all().stream().filter(eni -> eni.groupIds().contains(groupId));
    }

    /** The interface that has a private or IPv6 address. */
    public Optional<NetworkInterface> interfaceWith(InetAddress address) {
        // Asked for every packet of every connection.
        for (NetworkInterface eni : interfaces.all()) {
            if (eni.has(address)) {
                return Optional.of(eni);
            }
        }
        return Optional.empty();
    }

    /** The interface behind a public IPv4 address. */
    public Optional<NetworkInterface> interfaceBehind(InetAddress publicAddress) {
        return interfaces.all().stream()
                .filter(eni -> publicAddress.equals(eni.publicAddress()))
                .findFirst();
    }

    /** The table that routes a subnet's packets. */
    public RouteTable routeTableOf(Subnet subnet) {
        return routeTables.all().stream()
                .filter(table -> table.subnetIds().contains(subnet.id()))
                .findFirst()
                .or(() ->
                        routeTables.all().stream()
                                .filter(RouteTable::main)
                                .filter(table -> table.vpcId().equals(subnet.vpcId()))
                                .findFirst())
                .orElseThrow(() -> new IllegalStateException("no route table for " + subnet.id()));
    }
}
