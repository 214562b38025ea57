package dev.yagura.response.webhook;

import dev.yagura.response.aws.AddressBlock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Addresses that may be connected to. Whoever chooses a name chooses its addresses: an endpoint
 * must not lead into the platform's own network, or to where AWS gives out credentials. The client
 * connects to what is checked here, and does not look a name up again.
 */
final class Destinations implements DnsResolver {
    /** Never, whatever is configured. */
    private static final List<AddressBlock> FORBIDDEN =
            blocks(
                    "0.0.0.0/8",
                    // EC2's and ECS's metadata among them.
                    "169.254.0.0/16",
                    "192.0.0.0/24",
                    "224.0.0.0/4",
                    "240.0.0.0/4",
                    "::/96",
                    // Tunnels that may lead to any of these.
                    "64:ff9b:1::/48",
                    "2001::/32",
                    "2002::/16",
                    // EC2's metadata, time and name service.
                    "fd00:ec2::/32",
                    "fe80::/10",
                    "ff00::/8");

    private static final List<AddressBlock> PRIVATE =
            blocks(
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "172.16.0.0/12",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "fc00::/7",
                    "fec0::/10");

    /** NAT64: the last four bytes are the IPv4 address that it leads to. */
    private static final AddressBlock TRANSLATED = AddressBlock.parse("64:ff9b::/96");

    private final List<AddressBlock> allowed;
    private final Lookup lookup;

    /** Addresses by name. */
    interface Lookup {
        InetAddress[] all(String host) throws UnknownHostException;
    }

    /**
     * @param allowed private blocks that may be connected to all the same
     */
    Destinations(List<AddressBlock> allowed) {
        this(allowed, InetAddress::getAllByName);
    }

    Destinations(List<AddressBlock> allowed, Lookup lookup) {
        this.allowed = List.copyOf(allowed);
        this.lookup = lookup;
    }

    private static List<AddressBlock> blocks(String... texts) {
        return Stream.of(texts).map(AddressBlock::parse).toList();
    }

    /**
     * All addresses of a host, each of which may be connected to.
     *
     * @throws UnknownHostException there are none, or one of them may not
     */
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = lookup.all(host);
        boolean local = EndpointConfig.isLocal(host);
        for (InetAddress address : addresses) {
            if (!(local ? address.isLoopbackAddress() : isOpen(address))) {
                throw new UnknownHostException(
                        host
                                + " has the address "
                                + address.getHostAddress()
                                + ", which no webhook may be sent to; private ones can be allowed"
                                + " with yagura.response.webhook.private-networks");
            }
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    private boolean isOpen(InetAddress address) throws UnknownHostException {
        byte[] bytes = address.getAddress();
        AddressBlock single = new AddressBlock(address, bytes.length * Byte.SIZE);
        if (TRANSLATED.contains(single)) {
            return isOpen(InetAddress.getByAddress(Arrays.copyOfRange(bytes, 12, 16)));
        }
        if (address.isLoopbackAddress() || isIn(FORBIDDEN, single)) {
            return false;
        }
        return !isIn(PRIVATE, single) || isIn(allowed, single);
    }

    private static boolean isIn(List<AddressBlock> blocks, AddressBlock single) {
        return blocks.stream().anyMatch(block -> block.contains(single));
    }
}
