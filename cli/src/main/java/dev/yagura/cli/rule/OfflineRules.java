package dev.yagura.cli.rule;

import dev.yagura.cli.connection.UsageException;
import dev.yagura.sigma.SigmaParser;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.engine.RuleSetCompiler;
import dev.yagura.sigma.pack.Rule;
import dev.yagura.sigma.pack.RuleLoader;
import dev.yagura.sigma.pack.RulePack;
import dev.yagura.sigma.pack.RulePackReader;
import dev.yagura.sigma.taxonomy.MappingException;
import dev.yagura.sigma.taxonomy.Mappings;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rules of folders, read here and not by a service. */
record OfflineRules(List<Rule> rules, Mappings mappings) {
    OfflineRules {
        rules = List.copyOf(rules);
    }

    /**
     * Reads folders; without any, the project's own pack.
     *
     * @param mappings a folder of mappings besides the project's own
     */
    static OfflineRules read(List<Path> folders, Optional<Path> mappings) {
        try {
            Mappings read = mappings.map(OfflineRules::mappings).orElseGet(Mappings::standard);
            return new OfflineRules(
                    new RuleLoader(new SigmaParser(), read).load(packs(folders)), read);
        } catch (IllegalArgumentException | MappingException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /** Folders of one name are told apart by number. */
    private static List<RulePack> packs(List<Path> folders) {
        if (folders.isEmpty()) {
            return List.of(RulePackReader.own());
        }
        Map<String, RulePack> packs = new LinkedHashMap<>();
        for (Path folder : folders) {
            RulePack pack = RulePackReader.folder(folder);
            if (pack.files().isEmpty()) {
                throw new UsageException(
                        "'" + folder + "' has no rule: expected *.yml or *.yaml at any depth");
            }
            String name = pack.name();
            for (int number = 2; packs.containsKey(name); number++) {
                name = pack.name() + '-' + number;
            }
            packs.put(name, new RulePack(name, pack.files()));
        }
        return List.copyOf(packs.values());
    }

    private static Mappings mappings(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new UsageException("--mappings: '" + folder + "' is no folder");
        }
        try {
            return Mappings.with(folder);
        } catch (UncheckedIOException e) {
            throw new UsageException("--mappings: " + e.getMessage());
        }
    }

    EventMatcher matcher() {
        return RuleSetCompiler.compile(
                1,
                rules.stream()
                        .filter(rule -> rule.state() == Rule.State.ACTIVE)
                        .filter(rule -> rule.sigma().isPresent())
                        .map(rule -> rule.input(1))
                        .toList(),
                mappings);
    }

    long count(Rule.State state) {
        return rules.stream().filter(rule -> rule.state() == state).count();
    }
}
