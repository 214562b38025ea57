package dev.yagura.bench.platform;

import java.nio.file.Path;
import java.util.Map;

/**
 * How a platform is started.
 *
 * @param home its state; made when missing, kept when it stops
 * @param rules folder of Sigma rules
 * @param environment variables for the launcher and, through it, for the services
 */
public record PlatformOptions(Path home, Path rules, Map<String, String> environment) {

    public PlatformOptions {
        home = home.toAbsolutePath().normalize();
        environment = Map.copyOf(environment);
    }
}
