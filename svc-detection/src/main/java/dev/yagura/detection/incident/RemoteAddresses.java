package dev.yagura.detection.incident;

import dev.yagura.proto.telemetry.v1.Event;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The other ends of what a process does. */
final class RemoteAddresses {
    private static final Pattern IPV4 =
            Pattern.compile("(?<![0-9.])(?:[0-9]{1,3}\\.){3}[0-9]{1,3}(?![0-9.])");

    private RemoteAddresses() {}

    /** Peer of a network event. */
    static Optional<String> of(Event event) {
        boolean outgoing =
                event.hasConnection()
                        ? event.getConnection().getInitiated()
                        : event.getSrcEndpoint().getIp().isEmpty();
        String ip = outgoing ? event.getDstEndpoint().getIp() : event.getSrcEndpoint().getIp();
        return Optional.of(ip)
                .filter(text -> parse(text).filter(RemoteAddresses::isRemote).isPresent());
    }

    /** IPv4 addresses that a command line names. */
    static Set<String> named(String commandLine) {
        Set<String> found = new LinkedHashSet<>();
        Matcher matcher = IPV4.matcher(commandLine);
        while (matcher.find()) {
            parse(matcher.group())
                    .filter(RemoteAddresses::isRemote)
                    .ifPresent(address -> found.add(address.getHostAddress()));
        }
        return found;
    }

    /** False for link-local ones: every instance talks to its metadata service. */
    static boolean tells(String ip) {
        return parse(ip).filter(address -> !address.isLinkLocalAddress()).isPresent();
    }

    private static boolean isRemote(InetAddress address) {
        return !address.isLoopbackAddress()
                && !address.isAnyLocalAddress()
                && !address.isMulticastAddress();
    }

    private static Optional<InetAddress> parse(String ip) {
        try {
            return ip.isEmpty() ? Optional.empty() : Optional.of(InetAddress.ofLiteral(ip));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
