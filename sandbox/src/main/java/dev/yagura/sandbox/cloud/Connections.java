package dev.yagura.sandbox.cloud;

import dev.yagura.sandbox.flow.Connection;
import dev.yagura.sandbox.net.IpAddresses;
import dev.yagura.sandbox.net.IpProtocol;
import dev.yagura.sandbox.world.Instance;
import dev.yagura.sandbox.world.NetworkInterface;
import dev.yagura.sandbox.world.VpcEndpoint;
import dev.yagura.sandbox.world.World;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns names into connections. A place is an address, an instance (id or Name tag), an interface
 * id, or {@code endpoint:SERVICE} for the interface endpoint nearest to the other end.
 */
public final class Connections {
    private static final String ENDPOINT = "endpoint:";
    private static final int FIRST_EPHEMERAL = 32_768;
    private static final int EPHEMERAL_PORTS = 28_232;

    private final World world;
    private int opened;

    Connections(World world) {
        this.world = world;
    }

    /**
     * The instance with an id or Name tag.
     *
     * @throws UnknownNameException if there is none
     */
    public Instance instance(String nameOrId) {
        return findInstance(nameOrId)
                .orElseThrow(() -> new UnknownNameException("instance", nameOrId));
    }

    /** A connection that an instance opens, from its first interface unless one is named. */
    public Connection outbound(
            Instance instance,
            @Nullable String interfaceId,
            IpProtocol protocol,
            String remote,
            int remotePort,
            @Nullable Integer localPort) {
        NetworkInterface local = local(instance, interfaceId);
        InetAddress destination = remote(remote, local);
        InetAddress source = address(local, IpAddresses.isIpv6(destination));
        return new Connection(protocol, source, port(protocol, localPort), destination, remotePort);
    }

    /** A connection that somebody opens to an instance. */
    public Connection inbound(
            Instance instance,
            @Nullable String interfaceId,
            IpProtocol protocol,
            String remote,
            int localPort,
            @Nullable Integer remotePort) {
        NetworkInterface local = local(instance, interfaceId);
        InetAddress source = remote(remote, local);
        return new Connection(
                protocol, source, port(protocol, remotePort), reachable(local, source), localPort);
    }

    /** A connection between two places, as a probe would try it. */
    public Connection between(String from, String to, IpProtocol protocol, int port) {
        Optional<NetworkInterface> source = interfaceAt(from);
        Optional<NetworkInterface> destination = interfaceAt(to);
        if (source.isPresent()) {
            InetAddress target =
                    destination.isPresent() && !isAddress(to)
                            ? destination.get().privateAddress()
                            : remote(to, source.get());
            return new Connection(
                    protocol,
                    address(source.get(), IpAddresses.isIpv6(target)),
                    port(protocol, null),
                    target,
                    port);
        }
        InetAddress caller = IpAddresses.parse(from);
        InetAddress target =
                isAddress(to)
                        ? IpAddresses.parse(to)
                        : reachable(
                                destination.orElseThrow(
                                        () -> new UnknownNameException("place", to)),
                                caller);
        return new Connection(protocol, caller, port(protocol, null), target, port);
    }

    /** The address by which somebody reaches an interface: its public one from outside. */
    private InetAddress reachable(NetworkInterface eni, InetAddress caller) {
        boolean ipv6 = IpAddresses.isIpv6(caller);
        boolean outside = !world.vpcs().get(eni.vpcId()).contains(caller);
        InetAddress mapped = eni.publicAddress();
        return outside && !ipv6 && mapped != null ? mapped : address(eni, ipv6);
    }

    private InetAddress remote(String place, NetworkInterface local) {
        if (isAddress(place)) {
            return IpAddresses.parse(place);
        }
        if (place.startsWith(ENDPOINT)) {
            return endpoint(place.substring(ENDPOINT.length()), local).privateAddress();
        }
        return interfaceAt(place)
                .map(NetworkInterface::privateAddress)
                .orElseThrow(() -> new UnknownNameException("place", place));
    }

    private NetworkInterface endpoint(String service, NetworkInterface near) {
        return world.vpcEndpoints().all().stream()
                .filter(VpcEndpoint::isInterface)
                .filter(endpoint -> endpoint.serviceName().endsWith("." + service))
                .flatMap(endpoint -> endpoint.networkInterfaceIds().stream())
                .map(id -> world.interfaces().get(id))
                .min(Comparator.comparing(eni -> !eni.subnetId().equals(near.subnetId())))
                .orElseThrow(() -> new UnknownNameException("interface endpoint", service));
    }

    private Optional<NetworkInterface> interfaceAt(String place) {
        if (isAddress(place)) {
            InetAddress address = IpAddresses.parse(place);
            return world.interfaceWith(address);
        }
        return world.interfaces()
                .find(place)
                .or(() -> findInstance(place).map(instance -> local(instance, null)));
    }

    private Optional<Instance> findInstance(String nameOrId) {
        return world.instances()
                .find(nameOrId)
                .or(() ->
                        world.instances().all().stream()
                                .filter(i -> nameOrId.equals(nameOf(i)))
                                .findFirst());
    }

    private @Nullable String nameOf(Instance instance) {
        return world.tags().of(instance.id()).get("Name");
    }

    private NetworkInterface local(Instance instance, @Nullable String interfaceId) {
        return world.interfacesOf(instance.id()).stream()
                .filter(eni -> interfaceId == null || eni.id().equals(interfaceId))
                .findFirst()
                .orElseThrow(() ->
                        new UnknownNameException(
                                "interface of " + instance.id(),
                                interfaceId == null ? "any" : interfaceId));
    }

    private static InetAddress address(NetworkInterface eni, boolean ipv6) {
        if (!ipv6) {
            return eni.privateAddress();
        }
        return eni.ipv6Addresses().stream()
                .findFirst()
                .orElseThrow(() -> new UnknownNameException("IPv6 address of", eni.id()));
    }

    private static boolean isAddress(String place) {
        return place.indexOf(':') > 0 && !place.startsWith(ENDPOINT)
                || place.matches("[\\d.]+")
                || place.startsWith("::");
    }

    private int port(IpProtocol protocol, @Nullable Integer asked) {
        if (asked != null) {
            return asked;
        }
        return protocol.hasPorts() ? FIRST_EPHEMERAL + opened++ % EPHEMERAL_PORTS : 0;
    }
}
