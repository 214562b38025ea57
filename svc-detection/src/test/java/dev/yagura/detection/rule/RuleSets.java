package dev.yagura.detection.rule;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Catalogs without a database. */
final class RuleSets {
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

    /** The project's own rules and those of the folders, loaded. */
    static RuleCatalog load(Path... folders) {
        return load(new CountingStore(), folders);
    }

    static RuleCatalog load(RuleSetStore store, Path... folders) {
        return load(store, new RuleConfig(List.of(folders)));
    }

    static RuleCatalog load(RuleSetStore store, RuleConfig config) {
        RuleCatalog catalog = new RuleCatalog(config, store);
        catalog.load();
        return catalog;
    }
}
