package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.world.Resource;
import dev.yagura.sandbox.world.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Ids of each kind of resource and the errors of wrong ones (EC2 API reference, "Error codes"). */
enum ResourceKind {
    INSTANCE("i", "InvalidInstanceID", "InvalidInstanceID", "instance ID"),
    NETWORK_INTERFACE(
            "eni", "InvalidNetworkInterfaceId", "InvalidNetworkInterfaceID", "networkInterface ID"),
    SECURITY_GROUP("sg", "InvalidGroupId", "InvalidGroup", "security group"),
    SECURITY_GROUP_RULE(
            "sgr",
            "InvalidSecurityGroupRuleId",
            "InvalidSecurityGroupRuleId",
            "security group rule ID"),
    VPC("vpc", "InvalidVpcId", "InvalidVpcID", "vpc ID"),
    SUBNET("subnet", "InvalidSubnetId", "InvalidSubnetID", "subnet ID"),
    ROUTE_TABLE("rtb", "InvalidRouteTableId", "InvalidRouteTableID", "routeTable ID"),
    NETWORK_ACL("acl", "InvalidNetworkAclId", "InvalidNetworkAclID", "networkAcl ID"),
    VPC_ENDPOINT("vpce", "InvalidVpcEndpointId", "InvalidVpcEndpointId", "Vpc Endpoint Id"),
    IAM_INSTANCE_PROFILE_ASSOCIATION(
            "iip-assoc", "InvalidAssociationID", "InvalidAssociationID", "association ID"),
    VOLUME("vol", "InvalidVolumeID", "InvalidVolume", "volume"),
    SPOT_INSTANCES_REQUEST(
            "sir",
            "InvalidSpotInstanceRequestID",
            "InvalidSpotInstanceRequestID",
            "spot instance request ID"),
    SNAPSHOT("snap", "InvalidSnapshotID", "InvalidSnapshot", "snapshot"),
    PREFIX_LIST("pl", "InvalidPrefixListId", "InvalidPrefixListID", "prefix list ID");

    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{8}|[0-9a-f]{17}");

    private final String prefix;
    private final String malformed;
    private final String notFound;
    private final String noun;

    ResourceKind(String prefix, String malformed, String notFound, String noun) {
        this.prefix = prefix;
        this.malformed = malformed;
        this.notFound = notFound;
        this.noun = noun;
    }

    /** The resource type of tags: {@code network-interface}. */
    String tagType() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean owns(String id) {
        return id.startsWith(prefix + "-");
    }

    /** Records of all the ids, in the order asked for; the first fault found is thrown. */
    <T extends Resource> List<T> findAll(Table<T> table, List<String> ids) {
        ids.forEach(this::checkForm);
        List<String> unknown = ids.stream().filter(id -> !table.contains(id)).toList();
        if (!unknown.isEmpty()) {
            throw unknown(unknown);
        }
        List<T> found = new ArrayList<>();
        ids.forEach(id -> found.add(table.get(id)));
        return found;
    }

    <T extends Resource> T find(Table<T> table, String id) {
        return findAll(table, List.of(id)).getFirst();
    }

    ApiFault unknown(List<String> ids) {
        return ids.size() == 1
                ? ApiFault.of(
                        notFound + ".NotFound", "The %s '%s' does not exist", noun, ids.getFirst())
                : ApiFault.of(
                        notFound + ".NotFound",
                        "The %ss '%s' do not exist",
                        noun,
                        String.join(", ", ids));
    }

    void checkForm(String id) {
        boolean wellFormed =
                owns(id) && DIGITS.matcher(id.substring(prefix.length() + 1)).matches();
        if (!wellFormed) {
            throw ApiFault.of(
                    malformed + ".Malformed",
                    "Invalid id: \"%s\" (expecting \"%s-...\")",
                    id,
                    prefix);
        }
    }
}
