package dev.yagura.agent.enrollment;

import dev.yagura.agent.failure.AgentFailure;
import java.net.InetSocketAddress;

/** "host:port", with an IPv6 address in brackets or not. */
public final class GatewayAddress {
    private static final int MAX_PORT = 65_535;

    private GatewayAddress() {}

    /** Reads it; the failure names the option. */
    public static InetSocketAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (colon > 0 && port > 0 && port <= MAX_PORT) {
                return InetSocketAddress.createUnresolved(
                        text.substring(0, colon).replaceAll("[\\[\\]]", ""), port);
            }
        } catch (NumberFormatException e) {
            // Said below, for every wrong form alike.
        }
        throw new AgentFailure(
                AgentFailure.Kind.USAGE, "--gateway: expected HOST:PORT, got '" + text + "'");
    }
}
