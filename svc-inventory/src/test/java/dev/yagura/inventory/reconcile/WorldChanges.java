package dev.yagura.inventory.reconcile;

import dev.yagura.proto.type.v1.Scope;
import dev.yagura.sandbox.control.ResourceClient;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.Volume;

/** Changes of the world by chance: what comes, goes, moves and is renamed in one scope. */
final class WorldChanges {
    private static final int MOST_INSTANCES = 16;
    private static final int NAMES = 3;

    private final CloudWorld world;
    private final WorldFacts facts;
    private final SplittableRandom random;
    private final Map<Scope, Set<String>> buckets = new HashMap<>();
    private final Map<String, Set<String>> roles = new HashMap<>();
    private final ListedChanges listed;
    private final Set<String> again = new HashSet<>();
    private final Set<String> used = new HashSet<>();
    private int number;
    private int refused;

    WorldChanges(CloudWorld world, SplittableRandom random) {
        this.world = world;
        this.facts = new WorldFacts(world);
        this.random = random;
        this.listed = new ListedChanges(world, random);
    }

    /** Something of what changes later. */
    void start() {
        listed.start();
    }

    /** Ids that were used twice: what is gone and what is there are told apart by time only. */
    Set<String> again() {
        Set<String> all = new HashSet<>(again);
        all.addAll(listed.again());
        return all;
    }

    /** How many were refused: the world forbids some that chance wants. */
    int refused() {
        return refused;
    }

    int count() {
        return number;
    }

    /** Changes something, and says what. */
    String change(Scope scope) {
        world.tick();
        number++;
        try {
            return tryToChange(scope);
        } catch (SdkServiceException | IllegalStateException e) {
            refused++;
            return "refused: " + e.getMessage();
        } finally {
            world.tick();
        }
    }

    private String tryToChange(Scope scope) {
        return switch (random.nextInt(18)) {
            case 0, 1 -> launch(scope);
            case 2 -> power(scope);
            case 3 -> terminate(scope);
            case 4, 5 -> tag(scope);
            case 6 -> group(scope);
            case 7 -> rule(scope);
            case 8 -> regroup(scope);
            case 9 -> move(scope);
            case 10 -> volume(scope);
            case 11 -> bucket(scope);
            case 12 -> role(scope);
            default -> listed.change(scope);
        };
    }

    private String launch(Scope scope) {
        if (facts.instances(scope).size() >= MOST_INSTANCES) {
            return terminate(scope);
        }
        String id = "i-%017x".formatted(0xabc000L + number);
        String net =
                world.ec2(scope)
                                .describeSubnets()
                                .subnets()
                                .getFirst()
                                .cidrBlock()
                                .startsWith("10.40")
                        ? "10.40.9."
                        : "10.20.1.";
        String address = net + (200 + number % 25);
        if (random.nextBoolean()) {
            resources(scope).launch(id, address, net + (225 + number % 25));
        } else {
            resources(scope).launch(id, address);
        }
        return "launch " + id;
    }

    private String power(Scope scope) {
        Instance instance = pick(facts.instances(scope));
        String id = instance.instanceId();
        switch (instance.state().name()) {
            case RUNNING -> world.ec2(scope).stopInstances(request -> request.instanceIds(id));
            case STOPPED -> world.ec2(scope).startInstances(request -> request.instanceIds(id));
            default -> {
                return "nothing";
            }
        }
        return "start or stop " + id;
    }

    private String terminate(Scope scope) {
        List<Instance> all = facts.instances(scope);
        if (all.size() < 2) {
            return "nothing";
        }
        String id = pick(all).instanceId();
        world.at(scope).terminate(id);
        return "terminate " + id;
    }

    /** New, of another value, or renamed. */
    private String tag(Scope scope) {
        Ec2Client ec2 = world.ec2(scope);
        String id =
                switch (random.nextInt(4)) {
                    case 0 -> pick(facts.instances(scope)).instanceId();
                    case 1 -> pick(volumes(ec2)).volumeId();
                    case 2 -> pick(interfaces(ec2)).networkInterfaceId();
                    default -> pick(groups(ec2)).groupId();
                };
        String key = "key-" + random.nextInt(NAMES);
        if (random.nextInt(3) == 0) {
            ec2.deleteTags(request -> request.resources(id).tags(tag -> tag.key(key)));
        } else {
            Tag tag = Tag.builder().key(key).value("value-" + number).build();
            ec2.createTags(request -> request.resources(id).tags(tag));
        }
        return "tag " + id;
    }

    private String group(Scope scope) {
        Ec2Client ec2 = world.ec2(scope);
        List<SecurityGroup> own =
                groups(ec2).stream()
                        .filter(each -> each.groupName().startsWith("made-"))
                        .filter(each ->
                                interfaces(ec2).stream()
                                        .flatMap(eni -> eni.groups().stream())
                                        .noneMatch(in -> in.groupId().equals(each.groupId())))
                        .toList();
        if (!own.isEmpty() && random.nextBoolean()) {
            String id = pick(own).groupId();
            ec2.deleteSecurityGroup(request -> request.groupId(id));
            return "delete group " + id;
        }
        String vpc = ec2.describeSubnets().subnets().getFirst().vpcId();
        return "make group "
                + ec2.createSecurityGroup(request ->
                                request.groupName("made-" + number).description("made").vpcId(vpc))
                        .groupId();
    }

    private String rule(Scope scope) {
        Ec2Client ec2 = world.ec2(scope);
        SecurityGroup group = pick(groups(ec2));
        IpPermission permission =
                IpPermission.builder()
                        .ipProtocol("tcp")
                        .fromPort(8000 + random.nextInt(NAMES))
                        .toPort(8010)
                        .ipRanges(range -> range.cidrIp("203.0.113.0/24"))
                        .build();
        boolean there =
                group.ipPermissions().stream()
                        .anyMatch(each ->
                                permission.fromPort().equals(each.fromPort())
                                        && permission.toPort().equals(each.toPort()));
        if (there) {
            ec2.revokeSecurityGroupIngress(
                    request -> request.groupId(group.groupId()).ipPermissions(permission));
        } else {
            ec2.authorizeSecurityGroupIngress(
                    request -> request.groupId(group.groupId()).ipPermissions(permission));
        }
        return "rule of " + group.groupId();
    }

    /** Other groups of an interface. */
    private String regroup(Scope scope) {
        Ec2Client ec2 = world.ec2(scope);
        NetworkInterface eni = pick(own(ec2));
        List<String> groups =
                groups(ec2).stream()
                        .filter(each -> each.vpcId().equals(eni.vpcId()))
                        .map(SecurityGroup::groupId)
                        .toList();
        Set<String> wanted = new TreeSet<>(List.of(pick(groups), pick(groups)));
        ec2.modifyNetworkInterfaceAttribute(
                request -> request.networkInterfaceId(eni.networkInterfaceId()).groups(wanted));
        return "groups of " + eni.networkInterfaceId();
    }

    /** An interface that is not the first of an instance goes to another one, or is on none. */
    private String move(Scope scope) {
        Ec2Client ec2 = world.ec2(scope);
        List<NetworkInterface> movable =
                own(ec2).stream()
                        .filter(each ->
                                each.attachment() == null || each.attachment().deviceIndex() > 0)
                        .toList();
        if (movable.isEmpty()) {
            return launch(scope);
        }
        NetworkInterface eni = pick(movable);
        String id = eni.networkInterfaceId();
        List<Instance> hosts =
                facts.instances(scope).stream()
                        .filter(each -> each.vpcId().equals(eni.vpcId()))
                        .filter(each -> each.state().nameAsString().equals("running"))
                        .toList();
        if (hosts.isEmpty() || (eni.attachment() != null && random.nextInt(3) == 0)) {
            resources(scope).detachInterface(id);
            return "detach " + id;
        }
        String host = pick(hosts).instanceId();
        resources(scope).attachInterface(id, host);
        return "move " + id + " to " + host;
    }

    private String volume(Scope scope) {
        Ec2Client ec2 = world.ec2(scope);
        List<Volume> free =
                volumes(ec2).stream().filter(each -> each.attachments().isEmpty()).toList();
        if (free.isEmpty() || random.nextInt(3) == 0) {
            return "make volume " + makeVolume(scope);
        }
        String id = pick(free).volumeId();
        List<Instance> hosts =
                facts.instances(scope).stream()
                        .filter(each -> each.state().nameAsString().equals("running"))
                        .filter(each ->
                                each.placement()
                                        .availabilityZone()
                                        .equals(free.getFirst().availabilityZone()))
                        .toList();
        if (hosts.isEmpty() || random.nextBoolean()) {
            ec2.deleteVolume(request -> request.volumeId(id));
            return "delete volume " + id;
        }
        String host = pick(hosts).instanceId();
        // A letter once for each number: what is on the instance keeps its place.
        String device = "/dev/sd" + (char) ('f' + number % 11) + number % 9;
        ec2.attachVolume(request -> request.volumeId(id).instanceId(host).device(device));
        if (random.nextBoolean()) {
            world.tick();
            ec2.detachVolume(request -> request.volumeId(id));
        }
        return "attach volume " + id + " to " + host;
    }

    private String makeVolume(Scope scope) {
        Instance instance = pick(facts.instances(scope));
        String snapshot = listed.makeSnapshot(scope, instance.instanceId());
        world.tick();
        return world.ec2(scope)
                .createVolume(request ->
                        request.snapshotId(snapshot)
                                .availabilityZone(instance.placement().availabilityZone()))
                .volumeId();
    }

    private String bucket(Scope scope) {
        Set<String> there = buckets.computeIfAbsent(scope, key -> new HashSet<>());
        String name =
                "bucket-%s-%s-%d"
                        .formatted(scope.getAccountId(), scope.getRegion(), random.nextInt(NAMES));
        if (there.remove(name)) {
            resources(scope).deleteBucket(name);
            return "delete bucket " + name;
        }
        there.add(name);
        if (!used.add(name)) {
            again.add(name);
        }
        resources(scope).makeBucket(name);
        return "make bucket " + name;
    }

    private String role(Scope scope) {
        Set<String> there = roles.computeIfAbsent(scope.getAccountId(), key -> new HashSet<>());
        String name = "role-" + random.nextInt(NAMES);
        if (there.remove(name)) {
            world.at(scope).deleteRole(name);
            return "delete role " + name;
        }
        there.add(name);
        resources(scope).makeRole(name, Map.of("made", Integer.toString(number)));
        return "make role " + name;
    }

    private ResourceClient resources(Scope scope) {
        return world.at(scope).resources();
    }

    /** Without those that AWS's services manage. */
    private static List<NetworkInterface> own(Ec2Client ec2) {
        return interfaces(ec2).stream()
                .filter(each -> !Boolean.TRUE.equals(each.requesterManaged()))
                .toList();
    }

    private static List<NetworkInterface> interfaces(Ec2Client ec2) {
        return sorted(
                ec2.describeNetworkInterfacesPaginator().networkInterfaces().stream(),
                NetworkInterface::networkInterfaceId);
    }

    private static List<Volume> volumes(Ec2Client ec2) {
        return sorted(ec2.describeVolumesPaginator().volumes().stream(), Volume::volumeId);
    }

    private static List<SecurityGroup> groups(Ec2Client ec2) {
        return sorted(
                ec2.describeSecurityGroupsPaginator().securityGroups().stream(),
                SecurityGroup::groupId);
    }

    private static <T> List<T> sorted(Stream<T> all, Function<T, String> by) {
        return all.sorted(Comparator.comparing(by)).toList();
    }

    private <T> T pick(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
