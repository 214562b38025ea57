package dev.yagura.detection.rule;

import dev.yagura.common.ids.Ids;
import dev.yagura.detection.alert.AlertConfig;
import dev.yagura.detection.alert.Sightings;
import dev.yagura.detection.asset.AssetReadModel;
import dev.yagura.sigma.engine.RuleSetCompiler;
import dev.yagura.sigma.taxonomy.Mappings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Catalogs without a database. */
final class RuleSets {
    static final RuleMappings STANDARD = new RuleMappings(Mappings.standard());

    private RuleSets() {}

    /** Numbers rule sets as the table does, in memory. */
    static final class CountingStore implements RuleSetStore {
        private final Map<String, Long> versions = new HashMap<>();

        @Override
        public long numberOf(String contentHash) {
            long next = versions.size() + 1L;
            return versions.computeIfAbsent(contentHash, key -> next);
        }
    }

    /** What is given, for reading only. */
    static final class GivenRules implements RuleStore {
        private StoredRules rules = new StoredRules(1, List.of(), List.of(), Map.of(), List.of());

        void set(StoredRules given) {
            rules = given;
        }

        @Override
        public long generation() {
            return rules.generation();
        }

        @Override
        public StoredRules read() {
            return rules;
        }

        @Override
        public Optional<byte[]> archive(String pack) {
            return Optional.empty();
        }

        @Override
        public List<StoredException> exceptions(String ruleName) {
            return List.of();
        }

        @Override
        public Map<String, RuleTotals> statistics(List<String> ruleNames, Instant now) {
            return Map.of();
        }

        @Override
        public String change(Request request, Function<RuleEdits, String> change) {
            throw new UnsupportedOperationException("rules are given");
        }
    }

    /** The project's own rules and those of the folders, loaded. */
    static RuleCatalog load(Path... folders) {
        return load(new CountingStore(), folders);
    }

    static RuleCatalog load(RuleSetStore numbers, Path... folders) {
        return load(numbers, new GivenRules(), RuleSetCompiler::compile, folders);
    }

    static RuleCatalog load(
            RuleSetStore numbers, RuleStore store, RuleCompiler.Engine engine, Path... folders) {
        return load(numbers, store, STANDARD, engine, folders);
    }

    static RuleCatalog load(
            RuleSetStore numbers,
            RuleStore store,
            RuleMappings mappings,
            RuleCompiler.Engine engine,
            Path... folders) {
        RuleCatalog catalog =
                new RuleCatalog(
                        new RuleConfig(
                                List.of(folders),
                                Optional.empty(),
                                RuleConfig.DEFAULT_CHECK_INTERVAL),
                        numbers,
                        store,
                        mappings,
                        new RuleCompiler(mappings, engine),
                        snapshot -> {});
        catalog.load();
        return catalog;
    }

    static RuleEndpoint endpoint(
            RuleCatalog catalog,
            RuleMappings mappings,
            RuleStore store,
            KeptEvents keptEvents,
            Clock clock) {
        RuleTexts texts = new RuleTexts(catalog, mappings);
        RuleEditor editor = new RuleEditor(store, catalog, texts, clock);
        Sightings sightings =
                new Sightings(new AlertConfig(Duration.ofHours(1)), new AssetReadModel(), clock);
        return new RuleEndpoint(
                catalog,
                store,
                new RuleEndpoint.Decisions(
                        editor,
                        new RuleExceptions(store, catalog, mappings, editor, new Ids(clock)),
                        new RulePackEditor(store, catalog, mappings, editor),
                        new RuleVerifier(catalog, texts, mappings, keptEvents, sightings, clock)));
    }
}
