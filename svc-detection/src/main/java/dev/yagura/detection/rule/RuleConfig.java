package dev.yagura.detection.rule;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Section "rule": where rules come from, besides the project's own pack and the API, and how they
 * are read.
 *
 * @param folders each a pack named like its last part
 * @param mappings a file or folder of mapping tables and values of placeholders
 * @param checkInterval how often a replica looks for what has changed
 */
public record RuleConfig(List<Path> folders, Optional<Path> mappings, Duration checkInterval) {
    /** Full names of keys, for errors about what they name. */
    static final String FOLDERS_KEY = "yagura.detection.rule.folders";

    static final String MAPPINGS_KEY = "yagura.detection.rule.mappings";

    static final Duration DEFAULT_CHECK_INTERVAL = Duration.ofSeconds(1);

    /** A change is to be in force everywhere within five seconds; reading it takes time too. */
    private static final Duration MAX_CHECK_INTERVAL = Duration.ofSeconds(2);

    public RuleConfig {
        folders = List.copyOf(folders);
    }

    /** Keys below "rule". */
    public static RuleConfig from(Settings settings) {
        Settings rule = settings.section("rule");
        List<Path> folders =
                rule
                        .texts(
                                "folders",
                                List.of(),
                                "Folders of Sigma rules (*.yml and *.yaml at any depth), read again"
                                        + " when they change; each is a pack named like the folder.")
                        .stream()
                        .map(Path::of)
                        .toList();
        Optional<Path> mappings =
                rule.optionalText(
                                "mappings",
                                "File or folder of YAML with log sources, fields and values of"
                                        + " placeholders of your own, read at the start.")
                        .map(Path::of);
        Duration interval =
                rule.duration(
                        "check-interval",
                        DEFAULT_CHECK_INTERVAL,
                        "How often a replica looks for changed rules; at most PT2S.");
        if (interval.compareTo(MAX_CHECK_INTERVAL) > 0) {
            throw new InvalidSettingException(
                    "yagura.detection.rule.check-interval",
                    "expected a duration up to PT2S, got '" + interval + "'");
        }
        return new RuleConfig(folders, mappings, interval);
    }
}
