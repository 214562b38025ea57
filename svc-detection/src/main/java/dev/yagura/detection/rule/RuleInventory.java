package dev.yagura.detection.rule;

import dev.yagura.common.config.Settings;
import dev.yagura.sigma.LogSource;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.pack.ParsedPack;
import dev.yagura.sigma.pack.RegressionData;
import dev.yagura.sigma.pack.Rule;
import dev.yagura.sigma.taxonomy.EventKind;
import dev.yagura.sigma.taxonomy.EventSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** All rules and what came with them, for who asks what they are worth. */
@ApplicationScoped
public class RuleInventory {
    private static final int MOST_FILES = 20_000;
    private static final long MOST_BYTES = 256L << 20;

    private final RuleCatalog catalog;
    private final RuleStore store;
    private final RuleConfig config;
    private final RuleMappings mappings;

    /**
     * A rule.
     *
     * @param isAlerting whether its matches become alerts of its own
     */
    public record Listed(Rule rule, boolean isAlerting) {}

    /**
     * A pack that may have regression data.
     *
     * @param version the same object as long as the pack is the same
     * @param rules as they are linked now: filters of other packs may have changed them
     */
    public record Pack(String name, ParsedPack version, List<Rule> rules) {}

    @Inject
    RuleInventory(RuleCatalog catalog, RuleStore store, Settings settings, RuleMappings mappings) {
        this(catalog, store, RuleConfig.from(settings), mappings);
    }

    RuleInventory(RuleCatalog catalog, RuleStore store, RuleConfig config, RuleMappings mappings) {
        this.mappings = mappings;
        this.catalog = catalog;
        this.store = store;
        this.config = config;
    }

    /** All rules by name, as of all changes that were made before this call. */
    public List<Listed> rules() {
        return catalog.book().rules().values().stream()
                .map(booked ->
                        new Listed(
                                booked.rule(),
                                booked.deployment().state() == DeploymentState.ALERTING
                                        && booked.rule().raisesAlerts()))
                .toList();
    }

    public long ruleSetVersion() {
        return catalog.ruleSetVersion();
    }

    /** Packs of folders and archives. */
    public List<Pack> packs() {
        List<Pack> packs = new ArrayList<>();
        RuleBook book = catalog.book();
        book.packs()
                .values()
                .forEach(pack -> {
                    switch (pack.kind()) {
                        case FOLDER, IMPORTED ->
                                packs.add(
                                        new Pack(
                                                pack.name(),
                                                pack.documents(),
                                                book.rules(pack.name())));
                        case BUILT_IN, CUSTOM -> {
                            // The built-in pack has cases, the custom one has nothing.
                        }
                    }
                });
        return packs;
    }

    /** Regression data of a pack, by rule id; read anew by each call. */
    public Map<String, List<RegressionData.Test>> regressionTests(Pack pack) {
        for (Path folder : config.folders()) {
            Path absolute = folder.toAbsolutePath().normalize();
            if (absolute.endsWith(pack.name())) {
                return RegressionData.tests(files(absolute));
            }
        }
        return store.archive(pack.name())
                .map(archive -> RegressionData.tests(RuleArchive.regressionData(archive)))
                .orElse(Map.of());
    }

    private static Map<String, byte[]> files(Path folder) {
        Map<String, byte[]> files = new TreeMap<>();
        long left = MOST_BYTES;
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.filter(Files::isRegularFile).limit(MOST_FILES).toList()) {
                String name = folder.relativize(path).toString().replace('\\', '/');
                if (RegressionData.isRead(name) && Files.size(path) <= left) {
                    byte[] content = Files.readAllBytes(path);
                    left -= content.length;
                    files.put(name, content);
                }
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the regression data in " + folder, e);
        }
    }

    /** The rule by itself, compiled as those in force are. */
    public EventMatcher alone(Rule rule) {
        return catalog.alone(rule);
    }

    /** Which events belong to a log source. */
    public Predicate<EventKind> kindsOf(LogSource logSource) {
        List<EventSource> sources = mappings.sources(logSource);
        return kind -> sources.stream().anyMatch(source -> source.accepts(kind));
    }
}
