package dev.yagura.cli.rule;

import dev.yagura.cli.connection.UsageException;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.engine.RuleSetCompiler;
import dev.yagura.sigma.pack.Rule;
import dev.yagura.sigma.pack.RuleLoader;
import dev.yagura.sigma.pack.RulePack;
import dev.yagura.sigma.pack.RulePackReader;
import dev.yagura.sigma.taxonomy.MappingException;
import dev.yagura.sigma.taxonomy.Mappings;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rules of folders, read here and not by a service. */
record OfflineRules(List<Rule> rules, Mappings mappings) {
    OfflineRules {
        rules = List.copyOf(rules);
    }

    /**
     * Reads folders; without any, the project's own pack.
     *
     * @param mappings a file or folder of mappings besides the project's own
     */
    static OfflineRules read(List<Path> folders, Optional<Path> mappings) {
        try {
            Mappings read = mappings.map(OfflineRules::mappings).orElseGet(Mappings::standard);
            List<Rule> rules =
                    new RuleLoader(read)
                            .load(
                                    folders.isEmpty()
                                            ? List.of(RulePackReader.own())
                                            : packs(folders));
            return new OfflineRules(rules, read);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /** Of different names, so that rules of two folders that are named alike stay apart. */
    private static List<RulePack> packs(List<Path> folders) {
        List<RulePack> packs = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Path folder : folders) {
            RulePack pack = RulePackReader.folder(folder);
            if (pack.files().isEmpty()) {
                throw new UsageException(
                        "'" + folder + "' has no rule: expected *.yml or *.yaml at any depth");
            }
            String name = pack.name();
            for (int number = 2; !names.add(name); number++) {
                name = pack.name() + "-" + number;
            }
            packs.add(new RulePack(name, pack.files()));
        }
        return packs;
    }

    private static Mappings mappings(Path fileOrFolder) {
        try {
            return Mappings.with(fileOrFolder);
        } catch (IllegalArgumentException | MappingException | UncheckedIOException e) {
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
