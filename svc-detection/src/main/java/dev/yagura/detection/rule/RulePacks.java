package dev.yagura.detection.rule;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.log.LogKeys;
import dev.yagura.sigma.pack.ContentHash;
import dev.yagura.sigma.pack.RuleLoader;
import dev.yagura.sigma.pack.RulePack;
import dev.yagura.sigma.pack.RulePackReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All packs, each parsed again only when its content is another one. For one thread at a time. */
final class RulePacks {
    private static final Logger LOG = LoggerFactory.getLogger(RulePacks.class);

    private final RuleLoader loader;
    private final Function<String, byte[]> archives;
    private final PackContent builtIn;
    private final List<RuleFolder> folders = new ArrayList<>();
    private final Map<String, Parsed> parsed = new HashMap<>();

    private record Parsed(String hash, PackContent content) {}

    /**
     * Reads what does not come from the store.
     *
     * @param archives the archive of an imported pack
     * @throws InvalidSettingException when a folder is not there, or two packs have the same name
     */
    RulePacks(RuleConfig config, RuleLoader loader, Function<String, byte[]> archives) {
        this.loader = loader;
        this.archives = archives;
        this.builtIn =
                new PackContent(
                        PackContent.Kind.BUILT_IN,
                        DeploymentState.ALERTING,
                        loader.parse(RulePackReader.own()),
                        "");
        Set<String> names = new HashSet<>(reserved());
        config.folders()
                .forEach(path -> {
                    RuleFolder folder = folder(() -> new RuleFolder(path, loader));
                    String name = folder.content().name();
                    if (!names.add(name)) {
                        throw new InvalidSettingException(
                                RuleConfig.FOLDERS_KEY,
                                "two packs would be named '"
                                        + name
                                        + "'; rename one of the folders");
                    }
                    folders.add(folder);
                });
    }

    private static Set<String> reserved() {
        return Set.of(RulePackReader.OWN_PACK, CustomPack.NAME);
    }

    private static RuleFolder folder(Supplier<RuleFolder> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingException(
                    RuleConfig.FOLDERS_KEY, String.valueOf(e.getMessage()));
        }
    }

    boolean foldersHaveChanged() {
        return folders.stream().anyMatch(RuleFolder::hasChanged);
    }

    /** Names that no imported pack may have. */
    Set<String> taken() {
        Set<String> names = new HashSet<>(reserved());
        folders.forEach(folder -> names.add(folder.content().name()));
        return names;
    }

    /** Every pack as it is now, in no order. */
    List<PackContent> refresh(StoredRules stored) {
        List<PackContent> all = new ArrayList<>();
        all.add(builtIn);
        folders.forEach(folder -> all.add(folder.refresh()));
        all.add(custom(stored.customRules()));
        Set<String> taken = taken();
        Set<String> kept = new HashSet<>(Set.of(CustomPack.NAME));
        for (ImportedPack pack : stored.packs()) {
            if (taken.contains(pack.name())) {
                // A folder that was added to the configuration after the import.
                LOG.atError()
                        .addKeyValue(LogKeys.RULE, "rules/" + pack.name())
                        .log("an imported pack has the name of a folder; the folder counts");
                continue;
            }
            kept.add(pack.name());
            all.add(imported(pack).withDefault(pack.defaultState()));
        }
        parsed.keySet().retainAll(kept);
        return all;
    }

    private PackContent custom(List<CustomRule> rules) {
        StringBuilder content = new StringBuilder();
        rules.forEach(rule -> content.append(rule.id()).append('\n').append(rule.text()));
        return parse(
                CustomPack.NAME,
                ContentHash.of(content.toString()),
                () ->
                        new PackContent(
                                PackContent.Kind.CUSTOM,
                                DeploymentState.SHADOW,
                                CustomPack.parse(rules, loader),
                                ""));
    }

    private PackContent imported(ImportedPack pack) {
        return parse(pack.name(), pack.archiveHash(), () -> unpacked(pack));
    }

    /** An archive that was taken once and cannot be read any more does not stop the others. */
    private PackContent unpacked(ImportedPack pack) {
        RulePack files = new RulePack(pack.name(), List.of());
        String problem = "";
        try {
            files = RuleArchive.read(pack.name(), archives.apply(pack.name())).pack();
        } catch (RuleArchive.UnusableArchiveException e) {
            problem = "the archive " + e.getMessage();
            LOG.atError()
                    .addKeyValue(LogKeys.RULE, "rules/" + pack.name())
                    .addKeyValue(LogKeys.REASON, problem)
                    .log("an imported pack cannot be read; its rules are not in force");
        }
        return new PackContent(
                PackContent.Kind.IMPORTED, pack.defaultState(), loader.parse(files), problem);
    }

    private PackContent parse(String name, String hash, Supplier<PackContent> parsing) {
        Parsed before = parsed.get(name);
        if (before != null && before.hash().equals(hash)) {
            return before.content();
        }
        PackContent content = parsing.get();
        parsed.put(name, new Parsed(hash, content));
        return content;
    }
}
