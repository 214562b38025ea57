package dev.yagura.detection.rule;

import dev.yagura.common.log.LogKeys;
import dev.yagura.detection.canary.CanaryRules;
import dev.yagura.sigma.Diagnostic;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.engine.RuleSetCompiler;
import dev.yagura.sigma.pack.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a snapshot of a book. One rule that cannot be compiled does not stop the others. */
final class RuleCompiler {
    private static final Logger LOG = LoggerFactory.getLogger(RuleCompiler.class);

    private final RuleMappings mappings;
    private final Engine engine;

    /** Makes one matcher of many rules. */
    @FunctionalInterface
    interface Engine {
        EventMatcher compile(long version, List<RuleSetCompiler.Input> inputs);
    }

    /**
     * What came of a book.
     *
     * @param failed rules that could not be compiled, as invalid ones, by name
     */
    record Compiled(RuleSnapshot snapshot, Map<String, Rule> failed) {
        Compiled {
            failed = Map.copyOf(failed);
        }
    }

    RuleCompiler(RuleMappings mappings, Engine engine) {
        this.mappings = mappings;
        this.engine = engine;
    }

    Compiled compile(RuleBook book, long version) {
        Map<String, Rule> failed = new HashMap<>();
        List<EvaluatedRule> rules = new ArrayList<>();
        Set<String> shadow = new HashSet<>();
        Map<String, ExceptionMatcher> exceptions = new HashMap<>();
        for (BookedRule rule : book.rules().values()) {
            if (!rule.isEvaluated()) {
                continue;
            }
            rules.add(EvaluatedRule.of(rule.rule(), version));
            if (rule.deployment().state() == DeploymentState.SHADOW) {
                shadow.add(rule.name());
            }
            ExceptionMatcher.fitting(rule.exceptions(), rule.rule().sigma().orElseThrow(), mappings)
                    .ifPresent(matcher -> exceptions.put(rule.name(), matcher));
        }
        CanaryRules canaries = canaries(book);
        EventMatcher matcher = matcher(version, rules, canaries, book, failed);
        rules.removeIf(rule -> failed.containsKey(rule.name()));
        return new Compiled(
                new RuleSnapshot(
                        matcher,
                        shadow,
                        exceptions,
                        rules,
                        correlations(book, rules, version),
                        canaries),
                failed);
    }

    private CorrelationRules correlations(RuleBook book, List<EvaluatedRule> rules, long version) {
        return new CorrelationRules(
                book.rules().values(),
                rules.stream()
                        .collect(Collectors.toMap(EvaluatedRule::name, EvaluatedRule::logSource)),
                version,
                mappings);
    }

    /** A rule by itself, on the same engine. */
    EventMatcher alone(Rule rule) {
        return engine.compile(0, List.of(rule.input(0)));
    }

    /** For every rule that is not disabled, even if it cannot fire. */
    private CanaryRules canaries(RuleBook book) {
        return CanaryRules.of(
                mappings.canaries(),
                book.rules().values().stream()
                        .filter(rule -> rule.deployment().state() != DeploymentState.DISABLED)
                        .flatMap(rule -> rule.rule().sigma().stream())
                        .toList(),
                (logSource, field) ->
                        mappings.sources(logSource).stream()
                                .anyMatch(source -> source.field(field).isPresent()),
                input -> engine.compile(0, List.of(input)));
    }

    /** All at once; only when that fails one by one, to find out which it is. */
    private EventMatcher matcher(
            long version,
            List<EvaluatedRule> rules,
            CanaryRules canaries,
            RuleBook book,
            Map<String, Rule> failed) {
        List<RuleSetCompiler.Input> all =
                new ArrayList<>(rules.stream().map(EvaluatedRule::input).toList());
        all.addAll(canaries.inputs(version));
        try {
            return engine.compile(version, all);
        } catch (RuntimeException | StackOverflowError e) {
            List<RuleSetCompiler.Input> good = new ArrayList<>();
            for (EvaluatedRule rule : rules) {
                Optional<String> problem = problem(version, rule.input());
                if (problem.isEmpty()) {
                    good.add(rule.input());
                } else {
                    BookedRule booked = book.rules().get(rule.name());
                    if (booked != null) {
                        failed.put(
                                rule.name(),
                                booked.rule().invalid(Diagnostic.ofFile(problem.get())));
                    }
                }
            }
            if (failed.isEmpty()) {
                throw e;
            }
            good.addAll(canaries.inputs(version));
            return engine.compile(version, good);
        }
    }

    private Optional<String> problem(long version, RuleSetCompiler.Input input) {
        try {
            engine.compile(version, List.of(input));
            return Optional.empty();
        } catch (RuntimeException | StackOverflowError e) {
            LOG.atError()
                    .addKeyValue(LogKeys.RULE, input.reference().getName())
                    .setCause(e)
                    .log("a rule cannot be compiled; the others are");
            return Optional.of("cannot be compiled: " + e);
        }
    }
}
