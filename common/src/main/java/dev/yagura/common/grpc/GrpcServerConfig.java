package dev.yagura.common.grpc;

import dev.yagura.common.config.Settings;
import java.time.Duration;

/**
 * Section "grpc" of a service.
 *
 * @param host address to listen on
 * @param port 0 takes a free one
 * @param maxMessageBytes largest message taken
 * @param drain how long open calls may take to end at a stop
 * @param maxConnectionAge connections are asked to reconnect after this (with jitter), so that load
 *     spreads over new servers
 */
public record GrpcServerConfig(
        String host, int port, int maxMessageBytes, Duration drain, Duration maxConnectionAge) {

    public static GrpcServerConfig from(Settings settings) {
        Settings grpc = settings.section("grpc");
        return new GrpcServerConfig(
                grpc.text("host", "127.0.0.1", "Address that the gRPC server listens on."),
                grpc.integer("port", 0, 0, 65_535, "Port of the gRPC server; 0 takes a free one."),
                grpc.integer(
                        "max-message-bytes",
                        512 * 1024,
                        1024,
                        16 * 1024 * 1024,
                        "Largest message that is taken."),
                grpc.duration(
                        "drain", Duration.ofSeconds(10), "How long open calls may take at a stop."),
                grpc.duration(
                        "max-connection-age",
                        Duration.ofHours(1),
                        "Age at which a connection is asked to reconnect, with jitter."));
    }
}
