package dev.yagura.sandbox.flow;

import dev.yagura.sandbox.net.Cidr;
import dev.yagura.sandbox.net.IpAddresses;
import dev.yagura.sandbox.world.NetworkInterface;
import dev.yagura.sandbox.world.Route;
import dev.yagura.sandbox.world.Subnet;
import dev.yagura.sandbox.world.World;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.Optional;

/** Whether a subnet's route table takes packets of an interface to an address. */
final class Routing {
    private final World world;

    Routing(World world) {
        this.world = world;
    }

    /** Why packets cannot go there, or empty if they can. */
    Optional<String> obstacle(NetworkInterface from, InetAddress to) {
        Subnet subnet = world.subnets().get(from.subnetId());
        String table = world.routeTableOf(subnet).id();
        Optional<Route> route =
                world.routeTableOf(subnet).routes().stream()
                        .filter(candidate -> prefixMatching(candidate, to) >= 0)
                        .max(Comparator.comparingInt(candidate -> prefixMatching(candidate, to)));
        if (route.isEmpty()) {
            return Optional.of("%s has no route to %s".formatted(table, IpAddresses.format(to)));
        }
        String target = route.get().target();
        boolean needsPublicAddress = target.startsWith("igw-") && !IpAddresses.isIpv6(to);
        if (needsPublicAddress && from.publicAddress() == null) {
            return Optional.of(
                    "%s has no public address for %s of %s".formatted(from.id(), target, table));
        }
        return Optional.empty();
    }

    /** Length of the longest matching prefix of the route, -1 if it does not match. */
    private int prefixMatching(Route route, InetAddress to) {
        Cidr destination = route.destination();
        if (destination != null) {
            return destination.contains(to) ? destination.prefix() : -1;
        }
        return Optional.ofNullable(route.prefixListId()).stream()
                .flatMap(id -> world.prefixLists().get(id).entries().stream())
                .filter(entry -> entry.contains(to))
                .mapToInt(Cidr::prefix)
                .max()
                .orElse(-1);
    }
}
