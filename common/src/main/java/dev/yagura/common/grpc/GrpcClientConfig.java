package dev.yagura.common.grpc;

import dev.yagura.common.config.Settings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * How a service reaches another one; section "client.{name}".
 *
 * @param addresses one or several; calls are spread over all that answer
 * @param deadline of a unary call that sets none itself
 */
public record GrpcClientConfig(List<InetSocketAddress> addresses, Duration deadline) {

    public GrpcClientConfig {
        addresses = List.copyOf(addresses);
    }

    public static GrpcClientConfig from(Settings settings, String target) {
        return from(settings, target, Duration.ofSeconds(10));
    }

    /**
     * The same for calls that somebody waits for.
     *
     * @param deadline where the settings say none
     */
    public static GrpcClientConfig from(Settings settings, String target, Duration deadline) {
        Settings client = settings.section("client." + target);
        return new GrpcClientConfig(
                client.addresses("addresses", "Addresses of svc-" + target + "."),
                client.duration(
                        "deadline", deadline, "Deadline of a unary call to svc-" + target + "."));
    }
}
