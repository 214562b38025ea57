package dev.yagura.gateway.limit;

import dev.yagura.common.config.Settings;

/**
 * Section "limit" of the gateway; each gateway counts for itself.
 *
 * @param principalCalls calls a second of one principal; twice as many at once
 * @param principalStreams open streams of one principal
 * @param addressCalls calls a second from one address, all principals together
 * @param failedAttempts calls without a valid proof a minute from one address
 */
public record LimitConfig(
        int principalCalls, int principalStreams, int addressCalls, int failedAttempts) {

    public static LimitConfig from(Settings settings) {
        Settings limit = settings.section("limit");
        return new LimitConfig(
                limit.integer(
                        "principal-calls",
                        100,
                        1,
                        1_000_000,
                        "Calls a second of one agent or token; up to twice as many at once."),
                limit.integer(
                        "principal-streams", 32, 1, 100_000, "Open streams of one agent or token."),
                limit.integer(
                        "address-calls",
                        1_000,
                        1,
                        1_000_000,
                        "Calls a second from one address (IPv6: one /64 network), whoever they are"
                                + " of; up to twice as many at once."),
                limit.integer(
                        "failed-attempts",
                        30,
                        1,
                        1_000_000,
                        "Calls a minute from one address whose certificate or token is not valid;"
                                + " beyond, tokens that are not known already are not looked at."));
    }
}
