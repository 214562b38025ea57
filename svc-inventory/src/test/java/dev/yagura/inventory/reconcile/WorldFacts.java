package dev.yagura.inventory.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.sandbox.control.RecorderClient;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.GroupIdentifier;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceIpv6Address;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterface;
import software.amazon.awssdk.services.ec2.model.InstancePrivateIpAddress;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.Tag;

/**
 * What is there, as EC2 and AWS Config say it to somebody else: of each set the ids, with a text of
 * everything that the inventory keeps of them, in the words of {@link KnownFacts}.
 */
record WorldFacts(CloudWorld world) {
    static final String INSTANCE = "AWS::EC2::Instance";
    static final String VOLUME = "AWS::EC2::Volume";
    static final String INTERFACE = "AWS::EC2::NetworkInterface";
    static final String GROUP = "AWS::EC2::SecurityGroup";
    static final String ROLE = "AWS::IAM::Role";
    static final String BUCKET = "AWS::S3::Bucket";
    static final List<String> TYPES =
            List.of(
                    INSTANCE,
                    VOLUME,
                    INTERFACE,
                    GROUP,
                    ROLE,
                    BUCKET,
                    AssetSets.SNAPSHOT,
                    AssetSets.TARGET_GROUP,
                    AssetSets.SCALING_GROUP,
                    AssetSets.PROFILE,
                    AssetSets.IMAGE);

    /** Ids of what AWS Config alone knows, see {@link RecorderClient#plant}. */
    private static final String PLANTED = "vol-00000000";

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String QUERY =
            "SELECT resourceId, resourceName, tags, configuration, supplementaryConfiguration"
                    + " WHERE resourceType = '%s'";

    SortedMap<String, String> of(AssetSet set) {
        if (AssetSets.LISTED.contains(set.resourceType())) {
            return new ListedFacts(world).of(set.scope(), set.resourceType());
        }
        Ec2Client ec2 = world.ec2(set.scope());
        SortedMap<String, String> facts = new TreeMap<>();
        switch (set.resourceType()) {
            case INSTANCE ->
                    instances(set.scope())
                            .forEach(each -> facts.put(each.instanceId(), instance(each)));
            case VOLUME ->
                    ec2.describeVolumesPaginator().volumes().stream()
                            .forEach(each ->
                                    facts.put(
                                            each.volumeId(),
                                            resource(
                                                    "",
                                                    tags(each.tags()),
                                                    each.attachments().stream()
                                                            .map(place -> place.instanceId()))));
            case INTERFACE ->
                    ec2.describeNetworkInterfacesPaginator().networkInterfaces().stream()
                            .forEach(each ->
                                    facts.put(
                                            each.networkInterfaceId(),
                                            resource(
                                                    "",
                                                    tags(each.tagSet()),
                                                    Stream.concat(
                                                            Stream.ofNullable(each.attachment())
                                                                    .map(place ->
                                                                            place.instanceId())
                                                                    .filter(Objects::nonNull),
                                                            Stream.concat(
                                                                    Stream.of(
                                                                            each.subnetId(),
                                                                            each.vpcId()),
                                                                    each.groups().stream()
                                                                            .map(
                                                                                    GroupIdentifier
                                                                                            ::groupId))))));
            case GROUP ->
                    ec2.describeSecurityGroupsPaginator().securityGroups().stream()
                            .forEach(each ->
                                    facts.put(
                                            each.groupId(),
                                            resource(
                                                    each.groupName(),
                                                    tags(each.tags()),
                                                    Stream.of(each.vpcId()))));
            case BUCKET ->
                    world.clients()
                            .storage(set.scope())
                            .listBucketsPaginator(
                                    request -> request.bucketRegion(set.scope().getRegion()))
                            .buckets()
                            .forEach(each -> facts.put(each.name(), "not in AWS Config"));
            default -> {}
        }
        if (!set.resourceType().equals(INSTANCE)) {
            addRecorded(set, facts);
        }
        return facts;
    }

    /** Without those that have ended. */
    List<Instance> instances(Scope scope) {
        return world.ec2(scope).describeInstancesPaginator().reservations().stream()
                .flatMap(reservation -> reservation.instances().stream())
                .filter(each -> each.state().name() != InstanceStateName.TERMINATED)
                .sorted(Comparator.comparing(Instance::instanceId))
                .toList();
    }

    /** Of roles AWS Config alone is asked, of the others for how they are set up. */
    private void addRecorded(AssetSet set, SortedMap<String, String> facts) {
        world
                .clients()
                .config(set.scope())
                .selectResourceConfigPaginator(request ->
                        request.expression(QUERY.formatted(set.resourceType())).limit(100))
                .stream()
                .flatMap(page -> page.results().stream())
                .map(WorldFacts::json)
                // It may still have one that S3 has no more.
                .filter(item -> !set.resourceType().equals(BUCKET) || facts.containsKey(id(item)))
                .forEach(item -> {
                    String plain =
                            set.resourceType().startsWith("AWS::EC2::")
                                            && !id(item).startsWith(PLANTED)
                                    ? facts.getOrDefault(id(item), "not in EC2")
                                    : resource(
                                            item.path("resourceName").asText(),
                                            tags(item.path("tags")),
                                            Stream.of());
                    facts.put(id(item), plain + " " + configuration(item));
                });
    }

    private static String id(JsonNode item) {
        return item.path("resourceId").asText();
    }

    /** As the inventory keeps the two as one. */
    private static String configuration(JsonNode item) {
        ObjectNode whole = item.path("configuration").deepCopy();
        JsonNode supplementary = item.path("supplementaryConfiguration");
        if (!supplementary.isEmpty()) {
            whole.set("supplementaryConfiguration", supplementary);
        }
        return whole.toString();
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    static String resource(String name, Map<String, String> tags, Stream<String> related) {
        return "name=%s tags=%s related=%s"
                .formatted(name, new TreeMap<>(tags), related.sorted().distinct().toList());
    }

    static Map<String, String> tags(List<Tag> tags) {
        return tags.stream().collect(Collectors.toMap(Tag::key, Tag::value));
    }

    private static Map<String, String> tags(JsonNode tags) {
        Map<String, String> all = new TreeMap<>();
        tags.forEach(tag -> all.put(tag.path("key").asText(), tag.path("value").asText()));
        return all;
    }

    private static String instance(Instance each) {
        return String.join(
                " ",
                each.state().nameAsString(),
                each.imageId(),
                each.instanceTypeAsString(),
                each.privateDnsName(),
                each.vpcId(),
                each.subnetId(),
                each.placement().availabilityZone(),
                each.launchTime().toString(),
                each.iamInstanceProfile() == null ? "" : each.iamInstanceProfile().arn(),
                each.metadataOptions().httpTokensAsString(),
                each.metadataOptions().httpEndpointAsString(),
                each.blockDeviceMappings().stream()
                        .map(disk -> disk.ebs().volumeId())
                        .sorted()
                        .toList()
                        .toString(),
                new TreeMap<>(tags(each.tags())).toString(),
                each.networkInterfaces().stream()
                        .map(WorldFacts::networkInterface)
                        .sorted()
                        .toList()
                        .toString());
    }

    private static String networkInterface(InstanceNetworkInterface eni) {
        return "%s %s %s %s %s"
                .formatted(
                        eni.networkInterfaceId(),
                        eni.privateIpAddresses().stream()
                                .map(InstancePrivateIpAddress::privateIpAddress)
                                .sorted()
                                .toList(),
                        eni.ipv6Addresses().stream()
                                .map(InstanceIpv6Address::ipv6Address)
                                .sorted()
                                .toList(),
                        eni.association() == null ? "" : eni.association().publicIp(),
                        eni.groups().stream().map(GroupIdentifier::groupId).sorted().toList());
    }
}
