package dev.yagura.inventory.posture;

import dev.yagura.proto.inventory.v1.ListeningSocket;
import dev.yagura.proto.inventory.v1.SocketProtocol;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ports of a protocol, both ends included. */
record PortRange(SocketProtocol protocol, int from, int to) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?/(tcp|udp)");
    private static final int LAST = 65_535;

    /** "443/tcp" or "30000-32767/udp"; empty for anything else. */
    static Optional<PortRange> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int from = Integer.parseInt(matcher.group(1));
        int to = matcher.group(2) == null ? from : Integer.parseInt(matcher.group(2));
        return from < 1 || to > LAST || from > to
                ? Optional.empty()
                : Optional.of(
                        new PortRange(
                                matcher.group(3).equals("tcp")
                                        ? SocketProtocol.SOCKET_PROTOCOL_TCP
                                        : SocketProtocol.SOCKET_PROTOCOL_UDP,
                                from,
                                to));
    }

    boolean has(ListeningSocket socket) {
        return socket.getProtocol() == protocol
                && from <= socket.getPort()
                && socket.getPort() <= to;
    }
}
