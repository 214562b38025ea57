package dev.yagura.detection.rule;

import dev.yagura.common.config.Settings;
import java.nio.file.Path;
import java.util.List;

/**
 * Where rules come from, besides the project's own pack.
 *
 * @param folders each a read-only pack named like its last part
 */
public record RuleConfig(List<Path> folders) {
    /** Full name of the key, for errors about a folder. */
    static final String FOLDERS_KEY = "yagura.detection.rule.folders";

    public RuleConfig {
        folders = List.copyOf(folders);
    }

    /** Keys below "rule". */
    public static RuleConfig from(Settings settings) {
        return new RuleConfig(
                settings
                        .section("rule")
                        .texts(
                                "folders",
                                List.of(),
                                "Folders of Sigma rules (*.yml and *.yaml at any depth), read at"
                                        + " start; each is a pack named like the folder.")
                        .stream()
                        .map(Path::of)
                        .toList());
    }
}
