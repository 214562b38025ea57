package dev.yagura.response.isolation;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.response.aws.AddressBlock;
import java.util.List;

/**
 * Section "isolation".
 *
 * @param gateways where agents reach the platform, as their hosts see it
 * @param minimumHealthy that an isolation leaves in each group
 * @param rehearsals after each start
 */
public record IsolationConfig(List<Gateway> gateways, int minimumHealthy, int rehearsals) {
    private static final String KEY = "gateway-addresses";

    /** A destination that an isolated host keeps if it had it. */
    public record Gateway(AddressBlock addresses, int port) {

        /** "10.20.1.40:8443", "10.20.1.0/24:8443" or "[2001:db8::40]:8443". */
        static Gateway parse(String text) {
            int colon = text.lastIndexOf(':');
            if (colon <= 0) {
                throw new IllegalArgumentException("no port in " + text);
            }
            String address = text.substring(0, colon);
            int port = Integer.parseInt(text.substring(colon + 1));
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("no such port: " + text);
            }
            boolean bracketed = address.startsWith("[") && address.endsWith("]");
            return new Gateway(
                    AddressBlock.parse(
                            bracketed ? address.substring(1, address.length() - 1) : address),
                    port);
        }
    }

    public IsolationConfig {
        gateways = List.copyOf(gateways);
    }

    public static IsolationConfig from(Settings settings) {
        Settings isolation = settings.section("isolation");
        int minimumHealthy =
                isolation.integer(
                        "minimum-healthy",
                        1,
                        0,
                        10_000,
                        "Healthy instances in service that an isolation, a stop or a termination must"
                                + " leave in the Auto Scaling group, healthy targets in each target"
                                + " group, and healthy tasks that the stop of one must leave in its"
                                + " service.");
        int rehearsals =
                isolation.integer(
                        "rehearsals",
                        100,
                        0,
                        10_000,
                        "Isolations of an instance that does not exist, rehearsed within the process"
                                + " after each start, so that the first real one is as fast as"
                                + " later ones; 0 rehearses none.");
        List<String> addresses =
                isolation.texts(
                        KEY,
                        List.of(),
                        "Where hosts reach the gateway, address:port or CIDR:port, IPv6 in"
                                + " brackets; an isolated host keeps what it could reach of these.");
        try {
            return new IsolationConfig(
                    addresses.stream().map(Gateway::parse).toList(), minimumHealthy, rehearsals);
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingException(
                    "yagura.response.isolation." + KEY,
                    "expected address:port such as 10.20.1.40:8443, 10.20.1.0/24:8443 or"
                            + " [2001:db8::40]:8443; "
                            + e.getMessage());
        }
    }
}
