package dev.yagura.detection.rule;

import dev.yagura.common.config.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where rules come from, besides the project's own pack.
 *
 * @param folders each a read-only pack named like its last part
 * @param mappings folder of log sources and fields besides the project's own
 */
public record RuleConfig(List<Path> folders, Optional<Path> mappings) {
    /** Full names of the keys, for errors about a folder. */
    static final String FOLDERS_KEY = "yagura.detection.rule.folders";

    static final String MAPPINGS_KEY = "yagura.detection.rule.mappings";

    public RuleConfig {
        folders = List.copyOf(folders);
    }

    /** Without mappings of one's own. */
    public RuleConfig(List<Path> folders) {
        this(folders, Optional.empty());
    }

    /** Keys below "rule". */
    public static RuleConfig from(Settings settings) {
        Settings section = settings.section("rule");
        return new RuleConfig(
                section
                        .texts(
                                "folders",
                                List.of(),
                                "Folders of Sigma rules (*.yml and *.yaml at any depth), read at"
                                        + " start; each is a pack named like the folder.")
                        .stream()
                        .map(Path::of)
                        .toList(),
                section.optionalText(
                                "mappings",
                                "Folder of mappings (*.yml and *.yaml): log sources and fields besides the"
                                        + " project's own, see the reference of log sources.")
                        .map(Path::of));
    }
}
