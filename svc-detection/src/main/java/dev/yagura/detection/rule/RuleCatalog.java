package dev.yagura.detection.rule;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.log.LogKeys;
import dev.yagura.sigma.Diagnostic;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.engine.MatcherSource;
import dev.yagura.sigma.engine.RuleSetCompiler;
import dev.yagura.sigma.pack.ContentHash;
import dev.yagura.sigma.pack.Rule;
import dev.yagura.sigma.pack.RuleLoader;
import dev.yagura.sigma.pack.RulePack;
import dev.yagura.sigma.taxonomy.Mappings;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rules in force, read and compiled once at start. */
@ApplicationScoped
public class RuleCatalog implements MatcherSource {
    private static final Logger LOG = LoggerFactory.getLogger(RuleCatalog.class);

    /** After the migrations (100), before the servers (10,000). */
    private static final int AFTER_MIGRATIONS = 1000;

    private static final int MAX_WARNINGS = 100;

    private final RuleConfig config;
    private final RuleSetStore store;
    private volatile @Nullable Loaded loaded;

    /** One rule set. */
    private record Loaded(NavigableMap<String, Rule> byName, EventMatcher matcher) {}

    @Inject
    RuleCatalog(Settings settings, RuleSetStore store) {
        this(RuleConfig.from(settings), store);
    }

    RuleCatalog(RuleConfig config, RuleSetStore store) {
        this.config = config;
        this.store = store;
    }

    void load(
            @Observes @Priority(AFTER_MIGRATIONS) @Initialized(ApplicationScoped.class)
                    Object event) {
        load();
    }

    /** Reads all packs and compiles what can fire. */
    void load() {
        NavigableMap<String, Rule> byName = new TreeMap<>();
        Mappings mappings = ConfiguredMappings.read(config);
        RuleLoader loader = new RuleLoader(mappings);
        for (RulePack pack : ConfiguredPacks.read(config)) {
            loader.load(pack).forEach(rule -> byName.put(rule.name(), rule));
        }
        long version = store.numberOf(contentHash(byName.values(), mappings));
        List<RuleSetCompiler.Input> inputs =
                byName.values().stream()
                        .filter(rule -> rule.state() == Rule.State.ACTIVE)
                        .filter(rule -> rule.sigma().isPresent())
                        .map(rule -> rule.input(version))
                        .toList();
        loaded =
                new Loaded(
                        Collections.unmodifiableNavigableMap(byName),
                        RuleSetCompiler.compile(version, inputs, mappings));
        report(byName.values(), version);
    }

    @Override
    public EventMatcher current() {
        return loaded().matcher();
    }

    /**
     * One rule.
     *
     * @param name "rules/{pack}/{rule id}"
     * @throws NotFoundException when there is none of this name
     */
    Rule get(String name) {
        @Nullable Rule rule = loaded().byName().get(name);
        if (rule == null) {
            throw new NotFoundException("rule", name);
        }
        return rule;
    }

    /**
     * Rules in order of their names.
     *
     * @param after name that the page begins after; empty for the first page
     */
    List<Rule> list(RuleFilter filter, String after, int limit) {
        return loaded().byName().tailMap(after, false).values().stream()
                .filter(filter::admits)
                .limit(limit)
                .toList();
    }

    long ruleSetVersion() {
        return loaded().matcher().ruleSetVersion();
    }

    private Loaded loaded() {
        @Nullable Loaded current = loaded;
        if (current == null) {
            throw new IllegalStateException("the rules are not loaded yet");
        }
        return current;
    }

    private static String contentHash(Iterable<Rule> rules, Mappings mappings) {
        StringBuilder content = new StringBuilder(mappings.addedText());
        for (Rule rule : rules) {
            content.append(rule.name()).append(' ').append(rule.contentHash()).append('\n');
        }
        return ContentHash.of(content.toString());
    }

    private static void report(Iterable<Rule> rules, long version) {
        int[] counts = new int[Rule.State.values().length];
        for (Rule rule : rules) {
            counts[rule.state().ordinal()]++;
            if (rule.state() == Rule.State.INVALID
                    && counts[Rule.State.INVALID.ordinal()] <= MAX_WARNINGS) {
                rule.diagnostics().forEach(diagnostic -> warn(rule, diagnostic));
            }
        }
        for (Rule.State state : Rule.State.values()) {
            LOG.atInfo()
                    .addKeyValue(LogKeys.VERSION, version)
                    .addKeyValue(LogKeys.STATE, state)
                    .addKeyValue(LogKeys.COUNT, counts[state.ordinal()])
                    .log("rules loaded");
        }
    }

    private static void warn(Rule rule, Diagnostic diagnostic) {
        LOG.atWarn()
                .addKeyValue(LogKeys.RULE, rule.name())
                .addKeyValue(
                        LogKeys.FILE,
                        rule.pack()
                                + "/"
                                + rule.sourcePath()
                                + ":"
                                + diagnostic.line()
                                + ":"
                                + diagnostic.column())
                .addKeyValue(LogKeys.REASON, diagnostic.message())
                .log("rule does not load");
    }
}
