package dev.yagura.detection.rule;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.sigma.taxonomy.MappingException;
import dev.yagura.sigma.taxonomy.Mappings;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Log sources and fields as the configuration wants them. */
final class ConfiguredMappings {
    private ConfiguredMappings() {}

    /**
     * The project's own, and those of the folder.
     *
     * @throws InvalidSettingException when the folder cannot be read, or a file in it is wrong
     */
    static Mappings read(RuleConfig config) {
        return config.mappings().map(ConfiguredMappings::read).orElseGet(Mappings::standard);
    }

    private static Mappings read(Path folder) {
        try {
            return Mappings.with(folder);
        } catch (MappingException | UncheckedIOException e) {
            throw new InvalidSettingException(
                    RuleConfig.MAPPINGS_KEY, String.valueOf(e.getMessage()));
        }
    }
}
