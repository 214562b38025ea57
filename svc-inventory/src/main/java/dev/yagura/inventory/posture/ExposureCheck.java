package dev.yagura.inventory.posture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.yagura.inventory.asset.RecordedAsset;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.NetworkInterface;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * There is no path from the internet: an address of it, a security group that lets everybody in, a
 * route to an internet gateway and a network ACL that admits it, all on one network interface.
 */
final class ExposureCheck implements HostCheck {
    private static final List<String> TYPES =
            List.of(Types.SECURITY_GROUP, Types.ROUTE_TABLE, Types.NETWORK_ACL);

    @Override
    public String id() {
        return "not-exposed-to-internet";
    }

    @Override
    public boolean concerns(HostFacts facts) {
        return facts.isInstance();
    }

    @Override
    public CheckResult of(HostFacts facts) {
        Instant host = facts.host().observedTime();
        if (facts.readings().isStale(host)) {
            return CheckResult.unknown(
                    "EC2 was last read at " + host, "./yagura logs inventory", host);
        }
        List<NetworkInterface> addressed =
                facts.description().getNetworkInterfacesList().stream()
                        .filter(ExposureCheck::isAddressed)
                        .toList();
        if (addressed.isEmpty()) {
            return CheckResult.pass("it has no public IPv4 and no IPv6 address", host);
        }
        @Nullable Instant read = facts.readings().read(facts.host().scope(), TYPES);
        List<String> paths = new ArrayList<>();
        List<String> unseen = new ArrayList<>();
        for (NetworkInterface eni : addressed) {
            border(facts, eni)
                    .ifPresentOrElse(
                            border -> paths.addAll(paths(facts, eni, border)),
                            () -> unseen.add(eni.getNetworkInterfaceId()));
        }
        if (!paths.isEmpty()) {
            return CheckResult.fail(
                    String.join("; ", paths),
                    "narrow the security group, or take the address away; what the public must"
                            + " reach belongs behind a load balancer",
                    read);
        }
        Optional<String> gap =
                facts.readings()
                        .gap(facts.host().scope(), TYPES)
                        .or(() -> ManagementPortCheck.unseen(facts));
        if (gap.isPresent() || !unseen.isEmpty()) {
            return CheckResult.unknown(
                    gap.orElseGet(() ->
                            "routes or network ACL not known of " + String.join(", ", unseen)),
                    "let AWS Config record " + String.join(", ", TYPES),
                    read);
        }
        return CheckResult.pass("no path from the internet to its addresses", read);
    }

    /** Whether somebody on the internet could name it. */
    static boolean isAddressed(NetworkInterface eni) {
        return !eni.getPublicIpAddress().isEmpty() || eni.getIpv6AddressesCount() > 0;
    }

    private static Optional<SubnetBorder> border(HostFacts facts, NetworkInterface eni) {
        return SubnetBorder.of(
                vpc(facts.description(), eni, facts.interfaces()),
                place(facts.interfaces(), eni, "subnetId", facts.description().getSubnetId()),
                facts.routeTables(),
                facts.acls());
    }

    /**
     * The VPC that an interface is in, which need not be the instance's.
     *
     * @param known interfaces that AWS Config has, by id
     */
    static String vpc(Asset host, NetworkInterface eni, Map<String, RecordedAsset> known) {
        return place(known, eni, "vpcId", host.getVpcId());
    }

    /** EC2 says only of the instance where it is: the interfaces are AWS Config's word. */
    private static String place(
            Map<String, RecordedAsset> interfaces,
            NetworkInterface eni,
            String field,
            String instances) {
        @Nullable RecordedAsset known = interfaces.get(eni.getNetworkInterfaceId());
        String told = known == null ? "" : Configurations.of(known).path(field).asText("");
        return told.isEmpty() ? instances : told;
    }

    /** "tcp 443 at 198.51.100.20 by sg-…" */
    private static List<String> paths(HostFacts facts, NetworkInterface eni, SubnetBorder border) {
        List<String> paths = new ArrayList<>();
        for (String id : eni.getSecurityGroupIdsList()) {
            @Nullable RecordedAsset group = facts.groups().get(id);
            if (group != null) {
                JsonNode rules = Configurations.of(group);
                OpenRule.in(rules).stream()
                        .filter(rule -> hasAddress(eni, rule))
                        .filter(border::admits)
                        .map(rule -> rule.ports() + " at " + address(eni, rule) + " by " + id)
                        .forEach(paths::add);
            }
        }
        return paths;
    }

    private static boolean hasAddress(NetworkInterface eni, OpenRule rule) {
        return rule.ipv6() ? eni.getIpv6AddressesCount() > 0 : !eni.getPublicIpAddress().isEmpty();
    }

    private static String address(NetworkInterface eni, OpenRule rule) {
        return rule.ipv6() ? eni.getIpv6Addresses(0) : eni.getPublicIpAddress();
    }
}
