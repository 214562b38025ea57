package dev.yagura.response.host;

import dev.yagura.response.aws.AddressBlock;
import dev.yagura.response.channel.AgentChannel;
import java.net.InetAddress;
import java.util.Collection;

/** Where the connection of an agent leads, as far as a cut may rely on it. */
sealed interface GatewayWay {
    /** One address and port. */
    record Known(HostNetwork.Way way) implements GatewayWay {}

    /**
     * Not relied on.
     *
     * @param why in words
     */
    record Unknown(String why) implements GatewayWay {}

    /**
     * By the word of the agent, which must fit what the operator has said.
     *
     * @param configured ways to the gateway; empty where the operator said nothing
     */
    static GatewayWay of(AgentChannel channel, Collection<HostNetwork.Way> configured) {
        String said = channel.gatewayAddress();
        int colon = said.lastIndexOf(':');
        if (colon <= 0) {
            return new Unknown(channel.agent() + " does not say where its gateway is");
        }
        try {
            String address = said.substring(0, colon).replaceAll("^\\[(.*)]$", "$1");
            HostNetwork.Way way =
                    HostNetwork.gateway(
                            AddressBlock.parse(address),
                            Integer.parseInt(said.substring(colon + 1)));
            return judged(channel, way, configured);
        } catch (IllegalArgumentException e) {
            return new Unknown(
                    channel.agent()
                            + " says that its gateway is at '"
                            + said
                            + "', which is no address");
        }
    }

    private static GatewayWay judged(
            AgentChannel channel, HostNetwork.Way way, Collection<HostNetwork.Way> configured) {
        boolean fits =
                configured.stream()
                        .anyMatch(each ->
                                each.port() == way.port()
                                        && each.addresses().contains(way.addresses()));
        if (fits) {
            return new Known(way);
        }
        String where = channel.agent() + " is connected to " + way;
        if (!configured.isEmpty()) {
            return new Unknown(
                    where + ", which yagura.response.isolation.gateway-addresses has not");
        }
        InetAddress address = way.addresses().base();
        boolean leadsElsewhere =
                address.isLoopbackAddress()
                        || address.isLinkLocalAddress()
                        || address.isAnyLocalAddress()
                        || address.isMulticastAddress()
                        || way.port() < 1
                        || way.port() > 65_535;
        return leadsElsewhere
                ? new Unknown(where + ": where it goes on from there is not known")
                : new Known(way);
    }
}
