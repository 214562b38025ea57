package dev.yagura.detection.rule;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.log.LogKeys;
import dev.yagura.detection.canary.CanaryRules;
import dev.yagura.detection.canary.CanarySource;
import dev.yagura.sigma.Diagnostic;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.pack.Rule;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules in force. The book is read whenever the store's generation has moved, also by a read
 * that comes before the follower; compiling it takes longer and happens once for all changes that
 * came meanwhile. Detection takes the snapshot that is current when a batch begins.
 */
@ApplicationScoped
public class RuleCatalog implements DetectionRules, CanarySource {
    private static final Logger LOG = LoggerFactory.getLogger(RuleCatalog.class);

    /** After the migrations (100), before the servers (10,000). */
    private static final int AFTER_MIGRATIONS = 1000;

    private static final int MAX_WARNINGS = 100;

    private final RuleConfig config;
    private final RuleSetStore numbers;
    private final RuleStore store;
    private final RuleMappings mappings;
    private final RuleCompiler compiler;
    private final Consumer<RuleSnapshot> activity;
    private final ReentrantLock reading = new ReentrantLock();
    private final ReentrantLock compiling = new ReentrantLock();
    private @Nullable RulePacks packs; // guarded by reading
    private volatile @Nullable RuleBook book;
    private volatile @Nullable InForce inForce;

    /**
     * What is compiled.
     *
     * @param book as it was read, before rules that failed were marked
     */
    private record InForce(RuleBook book, Map<String, Rule> failed, RuleSnapshot snapshot) {}

    @Inject
    RuleCatalog(
            Settings settings,
            RuleSetStore numbers,
            RuleStore store,
            RuleMappings mappings,
            RuleActivity activity) {
        this(
                RuleConfig.from(settings),
                numbers,
                store,
                mappings,
                new RuleCompiler(mappings, mappings::compile),
                activity::follow);
    }

    RuleCatalog(
            RuleConfig config,
            RuleSetStore numbers,
            RuleStore store,
            RuleMappings mappings,
            RuleCompiler compiler,
            Consumer<RuleSnapshot> activity) {
        this.config = config;
        this.numbers = numbers;
        this.store = store;
        this.mappings = mappings;
        this.compiler = compiler;
        this.activity = activity;
    }

    void load(
            @Observes @Priority(AFTER_MIGRATIONS) @Initialized(ApplicationScoped.class)
                    Object event) {
        load();
    }

    /** Reads all packs and compiles what can fire. */
    void load() {
        reading.lock();
        try {
            packs =
                    new RulePacks(
                            config,
                            mappings.loader(),
                            pack -> store.archive(pack).orElse(new byte[0]));
        } finally {
            reading.unlock();
        }
        compile(read());
    }

    /**
     * Takes what has changed in the store or a folder into force.
     *
     * @return whether anything had changed
     */
    boolean catchUp() {
        RuleBook newest = foldersHaveChanged() ? read() : newestBook();
        if (inForce().book() == newest) {
            return false;
        }
        compile(newest);
        return true;
    }

    @Override
    public RuleSnapshot current() {
        return inForce().snapshot();
    }

    @Override
    public CanaryRules canaries() {
        return current().canaries();
    }

    /** A rule by itself, compiled as those in force are. */
    EventMatcher alone(Rule rule) {
        return compiler.alone(rule);
    }

    /** The book as of all changes that were made before this call, in any replica. */
    RuleBook book() {
        return marked(newestBook());
    }

    /**
     * One rule.
     *
     * @param name "rules/{pack}/{rule id}"
     * @throws NotFoundException when there is none of this name
     */
    BookedRule get(String name) {
        return Optional.ofNullable(book().rules().get(name))
                .orElseThrow(() -> new NotFoundException("rule", name));
    }

    /**
     * Rules in order of their names.
     *
     * @param after name that the page begins after; empty for the first page
     */
    List<BookedRule> list(RuleFilter filter, String after, int limit) {
        return book().rules().tailMap(after, false).values().stream()
                .filter(filter::admits)
                .limit(limit)
                .toList();
    }

    long ruleSetVersion() {
        return current().ruleSetVersion();
    }

    private boolean foldersHaveChanged() {
        reading.lock();
        try {
            return loadedPacks().foldersHaveChanged();
        } finally {
            reading.unlock();
        }
    }

    private RuleBook newestBook() {
        long generation = store.generation();
        @Nullable RuleBook known = book;
        return known != null && known.generation() >= generation ? known : read();
    }

    private RuleBook read() {
        reading.lock();
        try {
            StoredRules stored = store.read();
            RuleBook made = RuleBook.of(stored, loadedPacks().refresh(stored), mappings);
            book = made;
            return made;
        } finally {
            reading.unlock();
        }
    }

    private RulePacks loadedPacks() {
        return Optional.ofNullable(packs)
                .orElseThrow(() -> new IllegalStateException("the rules are not loaded yet"));
    }

    private void compile(RuleBook newest) {
        compiling.lock();
        try {
            long version = numbers.numberOf(newest.contentHash(mappings));
            @Nullable InForce before = inForce;
            if (before != null && before.snapshot().ruleSetVersion() == version) {
                inForce = new InForce(newest, before.failed(), before.snapshot());
                return;
            }
            RuleCompiler.Compiled compiled = compiler.compile(newest, version);
            activity.accept(compiled.snapshot());
            inForce = new InForce(newest, compiled.failed(), compiled.snapshot());
            report(marked(newest).rules().values(), version);
        } finally {
            compiling.unlock();
        }
    }

    /** Rules that could not be compiled are invalid, as long as their texts are the same. */
    private RuleBook marked(RuleBook plain) {
        @Nullable InForce now = inForce;
        if (now == null || now.failed().isEmpty()) {
            return plain;
        }
        Map<String, Rule> same = new HashMap<>(now.failed());
        same.entrySet()
                .removeIf(failed ->
                        !Optional.ofNullable(plain.rules().get(failed.getKey()))
                                .map(rule -> rule.rule().contentHash())
                                .equals(Optional.of(failed.getValue().contentHash())));
        return same.isEmpty() ? plain : plain.with(same);
    }

    private InForce inForce() {
        return Optional.ofNullable(inForce)
                .orElseThrow(() -> new IllegalStateException("the rules are not loaded yet"));
    }

    private static void report(Collection<BookedRule> rules, long version) {
        int[] counts = new int[Rule.State.values().length];
        for (BookedRule booked : rules) {
            Rule rule = booked.rule();
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
                    .log("rules in force");
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
