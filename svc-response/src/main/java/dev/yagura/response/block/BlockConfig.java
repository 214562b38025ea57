package dev.yagura.response.block;

import dev.yagura.common.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Section "block".
 *
 * @param protectedDomains that hosts need to reach the platform
 * @param poll pause between two looks at what Route 53 Resolver is changing
 */
public record BlockConfig(List<String> protectedDomains, Duration poll) {

    public BlockConfig {
        protectedDomains =
                protectedDomains.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    public static BlockConfig from(Settings settings) {
        Settings block = settings.section("block");
        return new BlockConfig(
                block.texts(
                        "protected-domains",
                        List.of(),
                        "Domains that no action blocks, with all names beneath them: the one of the"
                                + " gateway, for example. AWS's own are never blocked."),
                block.duration(
                        "poll",
                        Duration.ofSeconds(3),
                        "Pause between two looks at a change that Route 53 Resolver makes."));
    }
}
