package dev.yagura.gateway.token;

import dev.yagura.common.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Section "token" of the gateway.
 *
 * @param bootstrapFile where the first admin token is written; none is made without
 * @param bootstrapLife how long that token is valid
 * @param cacheSize tokens kept in memory
 * @param cacheTime a kept token is read again after this
 */
public record TokenConfig(
        Optional<Path> bootstrapFile, Duration bootstrapLife, int cacheSize, Duration cacheTime) {

    public static TokenConfig from(Settings settings) {
        Settings token = settings.section("token");
        return new TokenConfig(
                token.optionalText(
                                "bootstrap-file",
                                "File for the first admin token, written when no admin token is"
                                        + " valid; empty makes none.")
                        .map(Path::of),
                token.duration(
                        "bootstrap-life",
                        Duration.ofDays(365),
                        "How long the token of the bootstrap file is valid."),
                token.integer("cache-size", 10_000, 1, 1_000_000, "Tokens kept in memory at most."),
                token.duration(
                        "cache-time",
                        Duration.ofSeconds(30),
                        "A token kept in memory is read again after this; until then it is believed"
                                + " while PostgreSQL is away."));
    }
}
