package dev.yagura.sandbox.flow;

import dev.yagura.sandbox.net.IpAddresses;
import dev.yagura.sandbox.world.Instance;
import dev.yagura.sandbox.world.NetworkInterface;
import dev.yagura.sandbox.world.Vpc;
import dev.yagura.sandbox.world.World;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The Route 53 Resolver, the metadata service and the time service at their link-local addresses.
 * Neither security groups nor network ACLs see traffic to them (EC2 and VPC user guides).
 */
final class LocalServices {
    private static final Set<InetAddress> RESOLVER = addresses("169.254.169.253", "fd00:ec2::253");
    private static final Set<InetAddress> METADATA = addresses("169.254.169.254", "fd00:ec2::254");
    private static final Set<InetAddress> TIME = addresses("169.254.169.123", "fd00:ec2::123");

    private final World world;

    LocalServices(World world) {
        this.world = world;
    }

    /** The verdict if the destination is one of them. */
    Optional<Verdict> decide(NetworkInterface from, Connection connection) {
        InetAddress destination = connection.destination();
        Vpc vpc = world.vpcs().get(from.vpcId());
        if (METADATA.contains(destination)) {
            return Optional.of(metadata(from));
        }
        if (TIME.contains(destination)) {
            return Optional.of(unfiltered("the time service"));
        }
        if (RESOLVER.contains(destination) || vpc.resolver().equals(destination)) {
            return Optional.of(
                    vpc.dnsSupport()
                            ? unfiltered("the Route 53 Resolver")
                            : Verdict.blocked(
                                    Stage.LOCAL_SERVICE, "DNS support of the VPC is off"));
        }
        return Optional.empty();
    }

    private Verdict metadata(NetworkInterface from) {
        boolean enabled =
                Optional.ofNullable(from.attachment())
                        .flatMap(attachment -> world.instances().find(attachment.instanceId()))
                        .map(Instance::metadata)
                        .map(options -> options.enabled())
                        .orElse(false);
        return enabled
                ? unfiltered("the metadata service")
                : Verdict.blocked(Stage.LOCAL_SERVICE, "the metadata endpoint is disabled");
    }

    private static Verdict unfiltered(String service) {
        return Verdict.passed(
                Stage.LOCAL_SERVICE,
                service + " is not filtered by security groups or network ACLs",
                List.of());
    }

    private static Set<InetAddress> addresses(String ipv4, String ipv6) {
        return Set.of(IpAddresses.parse(ipv4), IpAddresses.parse(ipv6));
    }
}
