package dev.yagura.detection.rule;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.sigma.pack.RulePack;
import dev.yagura.sigma.pack.RulePackReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The packs that the configuration names. */
final class ConfiguredPacks {
    private ConfiguredPacks() {}

    /**
     * The project's own pack, then one for each folder.
     *
     * @throws InvalidSettingException when a folder is not there, or two have the same name
     */
    static List<RulePack> read(RuleConfig config) {
        List<RulePack> packs = new ArrayList<>();
        packs.add(RulePackReader.own());
        Set<String> names = new HashSet<>(Set.of(RulePackReader.OWN_PACK));
        for (Path folder : config.folders()) {
            RulePack pack = read(folder);
            if (!names.add(pack.name())) {
                throw new InvalidSettingException(
                        RuleConfig.FOLDERS_KEY,
                        "two packs would be named '"
                                + pack.name()
                                + "'; rename one of the folders");
            }
            packs.add(pack);
        }
        return packs;
    }

    private static RulePack read(Path folder) {
        try {
            return RulePackReader.folder(folder);
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingException(
                    RuleConfig.FOLDERS_KEY, String.valueOf(e.getMessage()));
        }
    }
}
