package dev.yagura.sandbox.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.identity.Directory;
import dev.yagura.sandbox.identity.InstanceProfile;
import dev.yagura.sandbox.world.Account;
import dev.yagura.sandbox.world.Attachment;
import dev.yagura.sandbox.world.Instance;
import dev.yagura.sandbox.world.InstanceState;
import dev.yagura.sandbox.world.NetworkInterface;
import dev.yagura.sandbox.world.SecurityGroup;
import dev.yagura.sandbox.world.Volume;
import dev.yagura.sandbox.world.World;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Instances, their network interfaces and volumes. */
final class ComputeSubjects {
    private final World world;
    private final Directory directory;

    ComputeSubjects(World world, Directory directory) {
        this.world = world;
        this.directory = directory;
    }

    /** The resource with an id as it is now; empty if it is none of these, or gone. */
    Optional<Subject> of(String id) {
        // AWS Config takes a terminated instance for deleted while EC2 still shows it.
        Optional<Subject> instance =
                world.instances()
                        .find(id)
                        .filter(each -> each.state() != InstanceState.TERMINATED)
                        .map(this::of);
        return instance.or(() -> world.interfaces().find(id).map(this::of))
                .or(() -> world.volumes().find(id).map(each -> new VolumeSubject(each, tags(id))));
    }

    /**
     * The instances that are described otherwise when something else has changed.
     *
     * @param before what was known of it until now
     */
    Set<String> instancesOf(String id, @Nullable Subject before) {
        Set<String> ids = new HashSet<>();
        world.interfaces().find(id).ifPresent(eni -> add(ids, eni.attachment()));
        world.volumes().find(id).ifPresent(volume -> add(ids, volume.attachment()));
        world.profileAssociations().find(id).ifPresent(each -> ids.add(each.instanceId()));
        if (before instanceof InterfaceSubject was) {
            add(ids, was.eni().attachment());
        } else if (before instanceof VolumeSubject was) {
            add(ids, was.volume().attachment());
        }
        return ids;
    }

    private static void add(Set<String> ids, @Nullable Attachment place) {
        if (place != null) {
            ids.add(place.instanceId());
        }
    }

    private static void add(Set<String> ids, Volume.@Nullable Attached place) {
        if (place != null) {
            ids.add(place.instanceId());
        }
    }

    private Subject of(Instance instance) {
        List<NetworkInterface> interfaces = world.interfacesOf(instance.id());
        return new InstanceSubject(
                instance,
                zone(instance.subnetId()),
                interfaces,
                groups(interfaces),
                world.volumesOf(instance.id()),
                world.profileOf(instance.id()).flatMap(directory::instanceProfile).stream()
                        .toList(),
                tags(instance.id()));
    }

    private Subject of(NetworkInterface eni) {
        return new InterfaceSubject(
                eni, zone(eni.subnetId()), groups(List.of(eni)), tags(eni.id()));
    }

    private Map<String, String> groups(List<NetworkInterface> interfaces) {
        return interfaces.stream()
                .flatMap(eni -> eni.groupIds().stream())
                .distinct()
                .collect(Collectors.toMap(id -> id, this::group));
    }

    private String zone(String subnetId) {
        return world.subnets().get(subnetId).availabilityZone();
    }

    private String group(String id) {
        return world.securityGroups().find(id).map(SecurityGroup::name).orElse("");
    }

    private Map<String, String> tags(String id) {
        return Map.copyOf(world.tags().of(id));
    }

    /**
     * @param groups names of the security groups of its interfaces, by id
     * @param profiles none, or the one that it has
     */
    private record InstanceSubject(
            Instance instance,
            String zone,
            List<NetworkInterface> interfaces,
            Map<String, String> groups,
            List<Volume> volumes,
            List<InstanceProfile> profiles,
            Map<String, String> tags)
            implements Subject {
        @Override
        public ResourceKey key() {
            return new ResourceKey(ResourceTypes.INSTANCE, instance.id());
        }

        @Override
        public Description describe(Account account) {
            return new Description(
                    null,
                    account.arn("ec2", "instance/" + instance.id()),
                    account.region(),
                    zone,
                    instance.launchTime(),
                    tags,
                    relationships(),
                    configuration(account));
        }

        private List<Relationship> relationships() {
            List<Relationship> all = new ArrayList<>();
            interfaces.forEach(eni ->
                    all.add(
                            Relationship.of(
                                    "Contains NetworkInterface",
                                    ResourceTypes.NETWORK_INTERFACE,
                                    eni.id())));
            groups.keySet().stream()
                    .sorted()
                    .forEach(id -> all.add(ResourceTypes.associatedWithGroup(id)));
            all.add(ResourceTypes.containedInSubnet(instance.subnetId()));
            volumes.forEach(volume ->
                    all.add(
                            Relationship.of(
                                    "Is attached to Volume", ResourceTypes.VOLUME, volume.id())));
            all.add(ResourceTypes.containedInVpc(instance.vpcId()));
            return all;
        }

        private ObjectNode configuration(Account account) {
            ObjectNode into = Json.object();
            into.put("amiLaunchIndex", 0)
                    .put("imageId", instance.imageId())
                    .put("instanceId", instance.id())
                    .put("instanceType", instance.instanceType())
                    .put("launchTime", instance.launchTime().toString())
                    .put("subnetId", instance.subnetId())
                    .put("vpcId", instance.vpcId())
                    .put("architecture", instance.architecture())
                    .put("ebsOptimized", true)
                    .put("enaSupport", true)
                    .put("hypervisor", "xen")
                    .put("rootDeviceName", World.ROOT_DEVICE)
                    .put("rootDeviceType", "ebs")
                    .put("virtualizationType", "hvm");
            into.putObject("monitoring").put("state", "disabled");
            into.putObject("placement")
                    .put("availabilityZone", zone)
                    .put("groupName", "")
                    .put("tenancy", "default");
            into.putObject("state")
                    .put("code", instance.state().code())
                    .put("name", instance.state().text());
            if (instance.spot()) {
                into.put("instanceLifecycle", "spot");
            }
            into.putObject("metadataOptions")
                    .put("state", "applied")
                    .put(
                            "httpTokens",
                            instance.metadata().tokensRequired() ? "required" : "optional")
                    .put("httpPutResponseHopLimit", instance.metadata().hopLimit())
                    .put("httpEndpoint", instance.metadata().enabled() ? "enabled" : "disabled");
            profiles.forEach(profile ->
                    into.putObject("iamInstanceProfile")
                            .put("arn", profile.arn())
                            .put("id", profile.id()));
            disks(into.putArray("blockDeviceMappings"));
            network(into, account);
            Json.tags(into, "tags", tags);
            return into;
        }

        private void disks(ArrayNode into) {
            for (Volume volume : volumes) {
                Volume.Attached place = volume.attachment();
                if (place != null) {
                    into.addObject()
                            .put("deviceName", place.device())
                            .putObject("ebs")
                            .put("attachTime", volume.createTime().toString())
                            .put("deleteOnTermination", place.deleteOnTermination())
                            .put("status", place.ending() ? "detaching" : "attached")
                            .put("volumeId", volume.id());
                }
            }
        }

        private void network(ObjectNode into, Account account) {
            if (interfaces.isEmpty()) {
                return;
            }
            NetworkInterface primary = interfaces.getFirst();
            InetAddress publicAddress = primary.publicAddress();
            InterfaceJson.address(into, primary.privateAddress(), account);
            into.put("sourceDestCheck", primary.sourceDestCheck())
                    .put(
                            "publicDnsName",
                            publicAddress == null ? "" : account.publicName(publicAddress));
            if (publicAddress != null) {
                into.put("publicIpAddress", InterfaceJson.text(publicAddress));
            }
            InterfaceJson.groups(into.putArray("securityGroups"), primary, groups);
            ArrayNode list = into.putArray("networkInterfaces");
            interfaces.forEach(eni -> InterfaceJson.common(list.addObject(), eni, groups, account));
        }
    }

    private record InterfaceSubject(
            NetworkInterface eni, String zone, Map<String, String> groups, Map<String, String> tags)
            implements Subject {
        @Override
        public ResourceKey key() {
            return new ResourceKey(ResourceTypes.NETWORK_INTERFACE, eni.id());
        }

        @Override
        public Description describe(Account account) {
            List<Relationship> relationships = new ArrayList<>();
            Attachment attachment = eni.attachment();
            if (attachment != null) {
                relationships.add(ResourceTypes.attachedToInstance(attachment.instanceId()));
            }
            eni.groupIds().forEach(id -> relationships.add(ResourceTypes.associatedWithGroup(id)));
            relationships.add(ResourceTypes.containedInSubnet(eni.subnetId()));
            relationships.add(ResourceTypes.containedInVpc(eni.vpcId()));
            ObjectNode into = Json.object();
            InterfaceJson.common(into, eni, groups, account);
            into.put("availabilityZone", zone)
                    .put("requesterId", eni.requester())
                    .put("requesterManaged", eni.isRequesterManaged());
            Json.tags(into, "tagSet", tags);
            return new Description(
                    null,
                    account.arn("ec2", "network-interface/" + eni.id()),
                    account.region(),
                    zone,
                    null,
                    tags,
                    relationships,
                    into);
        }
    }

    private record VolumeSubject(Volume volume, Map<String, String> tags) implements Subject {
        @Override
        public ResourceKey key() {
            return new ResourceKey(ResourceTypes.VOLUME, volume.id());
        }

        @Override
        public Description describe(Account account) {
            Volume.Attached place = volume.attachment();
            ObjectNode into = Json.object();
            into.put("volumeId", volume.id())
                    .put("availabilityZone", volume.availabilityZone())
                    .put("createTime", volume.createTime().toString())
                    .put("encrypted", volume.kmsKeyArn() != null)
                    .put("size", volume.sizeGib())
                    .put("state", place == null ? "available" : "in-use")
                    .put("volumeType", volume.type());
            if (volume.kmsKeyArn() != null) {
                into.put("kmsKeyId", volume.kmsKeyArn());
            }
            ArrayNode attachments = into.putArray("attachments");
            if (place != null) {
                attachments
                        .addObject()
                        .put("attachTime", volume.createTime().toString())
                        .put("device", place.device())
                        .put("instanceId", place.instanceId())
                        .put("state", place.ending() ? "detaching" : "attached")
                        .put("volumeId", volume.id())
                        .put("deleteOnTermination", place.deleteOnTermination());
            }
            Json.tags(into, "tags", tags);
            return new Description(
                    null,
                    account.arn("ec2", "volume/" + volume.id()),
                    account.region(),
                    volume.availabilityZone(),
                    volume.createTime(),
                    tags,
                    place == null
                            ? List.of()
                            : List.of(ResourceTypes.attachedToInstance(place.instanceId())),
                    into);
        }
    }
}
