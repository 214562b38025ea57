package dev.yagura.gateway.rest;

import dev.yagura.common.config.Settings;

/**
 * Section "rest" of the gateway.
 *
 * @param host address to listen on
 * @param port 0 takes a free one
 * @param maxBodyBytes largest body taken
 * @param maxConnections open at the same time; more wait to be accepted
 */
public record RestConfig(String host, int port, int maxBodyBytes, int maxConnections) {

    public static RestConfig from(Settings settings) {
        Settings rest = settings.section("rest");
        return new RestConfig(
                rest.text(
                        "host",
                        "127.0.0.1",
                        "Address that the HTTPS server of the JSON API listens on."),
                rest.integer(
                        "port",
                        0,
                        0,
                        65_535,
                        "Port of the HTTPS server of the JSON API; 0 takes a free one."),
                rest.integer(
                        "max-body-bytes",
                        512 * 1024,
                        1024,
                        16 * 1024 * 1024,
                        "Largest JSON body that is taken."),
                rest.integer(
                        "max-connections",
                        1_000,
                        1,
                        100_000,
                        "Connections of the JSON API open at the same time; more wait."));
    }
}
