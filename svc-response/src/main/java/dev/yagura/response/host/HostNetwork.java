package dev.yagura.response.host;

import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.aws.AddressBlock;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.LiveInstance;
import dev.yagura.response.aws.ManagementEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Subnet;

/**
 * What of the network a host keeps when it is cut off, as EC2 has it now.
 *
 * @param ways to Systems Manager's endpoints in the VPC, and to the gateway
 * @param hidden endpoints without private DNS: agents do not use them
 * @param resolvers Amazon's name server of the VPC: the third address of its first block
 * @param routers of the host's subnets, which answer DHCP: the second address of each
 */
record HostNetwork(
        List<Way> ways,
        List<ManagementEndpoint> hidden,
        List<AddressBlock> resolvers,
        List<AddressBlock> routers) {
    private static final int HTTPS = 443;
    private static final String GATEWAY = "gateway";
    private static final int RESOLVER = 2;
    private static final int ROUTER = 1;

    /**
     * A way that stays.
     *
     * @param service last part of the endpoint's service name, or "gateway"
     */
    record Way(String service, AddressBlock addresses, int port) {
        /** As the document takes it. */
        String word() {
            return "%s@%s@%d".formatted(service, addresses, port);
        }

        @Override
        public String toString() {
            return "%s (tcp %d %s)".formatted(service, port, addresses);
        }
    }

    HostNetwork {
        ways = List.copyOf(ways);
        hidden = List.copyOf(hidden);
        resolvers = List.copyOf(resolvers);
        routers = List.copyOf(routers);
    }

    /**
     * Reads it.
     *
     * @param gateways what is configured, and what the host's agent is connected to
     */
    static HostNetwork read(Ec2Client ec2, LiveInstance instance, Set<Way> gateways) {
        if (instance.vpcId().isEmpty() || instance.subnetIds().isEmpty()) {
            return new HostNetwork(List.of(), List.of(), List.of(), List.of());
        }
        List<Way> ways = new ArrayList<>();
        List<ManagementEndpoint> hidden = new ArrayList<>();
        for (ManagementEndpoint endpoint : ManagementEndpoint.inVpc(ec2, instance.vpcId())) {
            if (endpoint.privateDns()) {
                endpoint.addresses(ec2)
                        .forEach(address -> ways.add(new Way(endpoint.service(), address, HTTPS)));
            } else {
                hidden.add(endpoint);
            }
        }
        ways.addAll(gateways);
        return new HostNetwork(
                ways,
                hidden,
                ec2.describeVpcs(request -> request.vpcIds(instance.vpcId())).vpcs().stream()
                        .map(vpc -> AddressBlock.parse(vpc.cidrBlock()).address(RESOLVER))
                        .toList(),
                ec2
                        .describeSubnets(request -> request.subnetIds(instance.subnetIds()))
                        .subnets()
                        .stream()
                        .map(Subnet::cidrBlock)
                        .map(cidr -> AddressBlock.parse(cidr).address(ROUTER))
                        .toList());
    }

    /** Where agents reach the platform. */
    static Way gateway(AddressBlock addresses, int port) {
        return new Way(GATEWAY, addresses, port);
    }

    /**
     * For a cut that the host's agent makes: its gateway stays, with Systems Manager's endpoints
     * where the VPC has them.
     *
     * @param configured whether the operator has named the gateway, or the agent alone
     */
    PreflightCheck checkForAgent(boolean configured) {
        String label = "the gateway stays, at addresses that can be named";
        String detail = "stays reachable: " + text(ways);
        return configured
                ? Checks.passed(label, detail)
                : Checks.warning(
                        label,
                        detail + "; the gateway is what the agent says that it is connected to",
                        "set yagura.response.isolation.gateway-addresses");
    }

    private static String text(List<Way> ways) {
        return ways.stream().map(Way::toString).collect(Collectors.joining(", "));
    }

    /** Whether the report and the release can come, at addresses that can be named. */
    PreflightCheck check() {
        String label = "Systems Manager stays, at addresses that can be named";
        Set<String> missing = new TreeSet<>(ManagementEndpoint.NEEDED);
        ways.forEach(way -> missing.remove(way.service()));
        if (missing.isEmpty()) {
            return Checks.passed(label, "stays reachable: " + text(ways));
        }
        String without =
                hidden.stream()
                        .map(each ->
                                "; %s (%s) has no private DNS, so agents do not use it"
                                        .formatted(each.id(), each.service()))
                        .collect(Collectors.joining());
        return Checks.refused(
                label,
                "the VPC has no interface endpoint of "
                        + String.join(", ", missing)
                        + without
                        + ": through NAT or the Internet its addresses cannot be named, and the"
                        + " report and the release could not come back",
                "make interface endpoints of ssm and ssmmessages with private DNS in the VPC; or"
                        + " isolate the instance");
    }
}
