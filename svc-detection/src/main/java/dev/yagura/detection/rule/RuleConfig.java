package dev.yagura.detection.rule;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Section "rule": where rules come from, besides the project's own pack and the API.
 *
 * @param folders each a pack named like its last part
 * @param checkInterval how often a replica looks for what has changed
 */
public record RuleConfig(List<Path> folders, Duration checkInterval) {
    /** Full name of the key, for errors about a folder. */
    static final String FOLDERS_KEY = "yagura.detection.rule.folders";

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
        return new RuleConfig(folders, interval);
    }
}
