package dev.yagura.response.aws;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.VpcEndpoint;

/**
 * An interface endpoint of a VPC, by which its instances reach Systems Manager at addresses that
 * can be named.
 *
 * @param service last part of its service name
 */
public record ManagementEndpoint(
        String id,
        String service,
        boolean privateDns,
        List<String> groupIds,
        List<String> interfaceIds) {

    /** Without these no command comes. */
    public static final Set<String> NEEDED = Set.of("ssm", "ssmmessages");

    /** ec2messages is the older channel: used if it is there, not missed if it is not. */
    private static final Set<String> SERVICES = Set.of("ssm", "ssmmessages", "ec2messages");

    public ManagementEndpoint {
        groupIds = List.copyOf(groupIds);
        interfaceIds = List.copyOf(interfaceIds);
    }

    /** Those that are available. */
    public static List<ManagementEndpoint> inVpc(Ec2Client ec2, String vpcId) {
        return ec2
                .describeVpcEndpointsPaginator(
                        request -> request.filters(filter("vpc-id", List.of(vpcId))))
                .vpcEndpoints()
                .stream()
                .filter(endpoint -> "Interface".equals(endpoint.vpcEndpointTypeAsString()))
                .filter(endpoint -> "available".equalsIgnoreCase(endpoint.stateAsString()))
                .map(ManagementEndpoint::of)
                .filter(endpoint -> SERVICES.contains(endpoint.service()))
                .toList();
    }

    /** Where it takes connections, in every Availability Zone that it is in. */
    public List<AddressBlock> addresses(Ec2Client ec2) {
        if (interfaceIds.isEmpty()) {
            return List.of();
        }
        return ec2
                .describeNetworkInterfacesPaginator(
                        request -> request.filters(filter("network-interface-id", interfaceIds)))
                .networkInterfaces()
                .stream()
                .flatMap(eni ->
                        Stream.concat(
                                eni.privateIpAddresses().stream()
                                        .map(each -> each.privateIpAddress()),
                                eni.ipv6Addresses().stream().map(each -> each.ipv6Address())))
                .map(AddressBlock::parse)
                .toList();
    }

    private static ManagementEndpoint of(VpcEndpoint endpoint) {
        return new ManagementEndpoint(
                endpoint.vpcEndpointId(),
                endpoint.serviceName().substring(endpoint.serviceName().lastIndexOf('.') + 1),
                Boolean.TRUE.equals(endpoint.privateDnsEnabled()),
                endpoint.groups().stream().map(each -> each.groupId()).toList(),
                endpoint.networkInterfaceIds());
    }

    private static Filter filter(String name, List<String> values) {
        return Filter.builder().name(name).values(values).build();
    }
}
