package dev.yagura.detection.rule;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.sigma.LogSource;
import dev.yagura.sigma.SigmaParser;
import dev.yagura.sigma.SigmaRule;
import dev.yagura.sigma.canary.Canaries;
import dev.yagura.sigma.canary.Canary;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.engine.RuleSetCompiler;
import dev.yagura.sigma.pack.RuleLoader;
import dev.yagura.sigma.taxonomy.EventSource;
import dev.yagura.sigma.taxonomy.MappingException;
import dev.yagura.sigma.taxonomy.Mappings;
import dev.yagura.sigma.taxonomy.Taxonomy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * The one place of the service that knows by which tables rules are read, judged and compiled, and
 * which values placeholders have: the project's own tables and those of the configuration, as they
 * were at the start.
 */
@ApplicationScoped
class RuleMappings {
    private final Mappings mappings;
    private final List<Canary> canaries;

    @Inject
    RuleMappings(Settings settings) {
        this(
                RuleConfig.from(settings)
                        .mappings()
                        .map(RuleMappings::read)
                        .orElseGet(Mappings::standard));
    }

    RuleMappings(Mappings mappings) {
        this.mappings = mappings;
        this.canaries = Canaries.of(mappings);
    }

    /**
     * Reads the tables of the configuration.
     *
     * @throws InvalidSettingException one is wrong, or there is none; says file, line and key
     */
    static Mappings read(Path fileOrFolder) {
        try {
            return Mappings.with(fileOrFolder);
        } catch (MappingException e) {
            throw new InvalidSettingException(
                    RuleConfig.MAPPINGS_KEY,
                    "in '"
                            + fileOrFolder
                            + "', "
                            + e.getMessage()
                            + "; correct the file, `yagura rules verify --mappings` checks it");
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new InvalidSettingException(
                    RuleConfig.MAPPINGS_KEY, String.valueOf(e.getMessage()));
        }
    }

    /** Tells one set of tables from another; empty when there are only the project's own. */
    String addedText() {
        return mappings.addedText();
    }

    RuleLoader loader() {
        return new RuleLoader(mappings);
    }

    /** For texts that are a part of a rule. */
    SigmaParser parser() {
        return new SigmaParser(mappings.placeholders());
    }

    Taxonomy.Coverage coverage(SigmaRule rule) {
        return Taxonomy.coverage(rule, mappings);
    }

    List<EventSource> sources(LogSource logSource) {
        return mappings.sources(logSource);
    }

    /** What can be made up for each log source and sensor. */
    List<Canary> canaries() {
        return canaries;
    }

    EventMatcher compile(long version, Collection<RuleSetCompiler.Input> inputs) {
        return RuleSetCompiler.compile(version, inputs, mappings);
    }
}
